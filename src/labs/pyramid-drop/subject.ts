// What is asked about in the picture: a drawn scene (editable, its answers known) or a visitor's own picture.
import { QuestionBook, solve, QUESTION_TYPES, type Solution } from '../../data/scenes/questions.ts';
import type { Scene, SceneObject } from '../../data/scenes/scene.ts';
import { decode } from '../../data/scenes/vocabulary.ts';
import { parseQuestion } from '../../data/scenes/parse.ts';
import { prng } from '../../util/prng.ts';
import { exampleRgb, SIDE } from './example.ts';

export interface Subject {
  /** Changes whenever the picture does. */
  id: string;
  /** [48, 48, 3], 0..255. */
  rgb: Uint8Array<ArrayBuffer>;
  scene: Scene | null;
  name: string;
}
let edits = 0;
export const sceneSubject = (scene: Scene, name: string, id = `${name} ${++edits}`): Subject => ({
  id,
  rgb: exampleRgb(scene),
  scene,
  name,
});
export const photoSubject = (rgb: Uint8Array<ArrayBuffer>, name: string): Subject => ({
  id: `${name} ${++edits}`,
  rgb,
  scene: null,
  name,
});

/** The true answer, or null for a picture of the visitor's own and for questions without a clear answer. */
export const truthOf = ({ scene }: Subject, words: readonly number[]): Solution | null => scene && solve(scene, words);

const ANYWHERE = ['colour of circle', 'count red', 'exist blue square', 'shape of leftmost', 'more red than blue'];
/** A question of each type that this picture can answer. */
export function suggestions({ scene, id }: Subject): { text: string; words: readonly number[] }[] {
  const book = scene && new QuestionBook(scene);
  const rng = prng(id, 'suggest');
  const own = book
    ? QUESTION_TYPES.flatMap((type) => {
        const q = book.draw(rng, [type]);
        return q ? [q.words] : [];
      })
    : [];
  const asked = own.length
    ? own
    : ANYWHERE.map((text) => {
        const parsed = parseQuestion(text);
        return parsed.ok ? parsed.words : [];
      });
  return asked.map((words) => ({ words, text: decode(words) }));
}

const RADIUS = 4.6;
const NEAR = 4.5;
const MOST = 12;
/** Takes away the object at a place (scene units), or puts one there. */
export function touched(scene: Scene, x: number, y: number, colour: number, shape: number): Scene {
  const hit = scene.objects.findIndex((o) => Math.hypot(o.x - x, o.y - y) < NEAR);
  if (hit >= 0) return { ...scene, objects: scene.objects.filter((_, i) => i !== hit) };
  if (scene.objects.length >= MOST) return scene;
  const inside = (v: number) => Math.min(SIDE - RADIUS, Math.max(RADIUS, v));
  const object: SceneObject = { colour, shape, x: inside(x), y: inside(y), radius: RADIUS, tint: [0, 0, 0] };
  return { ...scene, objects: [...scene.objects, object] };
}
/** Puts an object where there is most room. */
export function added(scene: Scene, colour: number, shape: number): Scene {
  const room = (x: number, y: number) => Math.min(99, ...scene.objects.map((o) => Math.hypot(o.x - x, o.y - y)));
  const places = Array.from({ length: 16 }, (_, i) => [6 + 12 * (i % 4), 6 + 12 * Math.floor(i / 4)] as const);
  const [x, y] = places.reduce((best, p) => (room(...p) > room(...best) ? p : best));
  return room(x, y) < NEAR ? scene : touched(scene, x, y, colour, shape);
}
export const emptied = (scene: Scene): Scene => ({ ...scene, objects: [] });
