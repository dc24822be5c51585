// Scenes with a question for the picture: drawn from a seed, the same on every machine.
import { drawAsked } from '../../data/scenes/pack.ts';
import type { Question } from '../../data/scenes/questions.ts';
import { renderScene } from '../../data/scenes/render.ts';
import type { Sprites } from '../../data/scenes/sprites.ts';
import type { Scene } from '../../data/scenes/scene.ts';
import { prng } from '../../util/prng.ts';
import { MINI } from './model.ts';

export const SIDE = MINI.grid.size;
export const PATCH = MINI.grid.patch;
/** Five or six objects, so that there is something to choose from. */
export function exampleOf(seed: number): { scene: Scene; question: Question } {
  const { scene, questions } = drawAsked(prng(seed, 'pyramid-drop', 'example'), 1, ['count', 'extreme'], {
    min: 5,
    max: 6,
  });
  return { scene, question: questions[0] };
}
export const exampleRgb = (scene: Scene, sprites?: Sprites): Uint8Array<ArrayBuffer> =>
  renderScene(scene, SIDE, sprites).rgb;
