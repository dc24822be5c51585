// A scene as data: three to six coloured shapes on a 4 x 4 grid with shifts, drawn from a seeded generator.
// Lengths are in scene units (the scene is 48 x 48, y downwards), so one scene can be rendered at any size.
import type { Prng } from '../../util/prng.ts';
import { COLOURS, SHAPES } from './vocabulary.ts';

export const SCENE_UNITS = 48;
const GRID = 4;
const CELL = 11;
const SLACK = SCENE_UNITS - GRID * CELL;
const RADIUS = { min: 3.8, max: 5.2 };

export interface SceneObject {
  colour: number;
  shape: number;
  /** Centre. */
  x: number;
  y: number;
  radius: number;
  /** Added to the colour's red, green and blue. */
  tint: [number, number, number];
}

export interface Scene {
  objects: SceneObject[];
  background: [number, number, number];
  /** Change of brightness across the whole width and height. */
  light: [number, number];
  /** Names the stream of the pixel noise. */
  noise: number;
}

export interface SceneOptions {
  min?: number;
  max?: number;
}

const around = (rng: Prng, spread: number) => (rng.next() * 2 - 1) * spread;

/**
 * One kind out of `kinds` per object. Often two to four objects share one kind that no other has:
 * independent draws alone would make large counts too rare to be asked for as often as 0.
 */
function drawKinds(rng: Prng, objects: number, kinds: number): Int32Array {
  const out = Int32Array.from({ length: objects }, () => rng.int(kinds));
  const u = rng.next();
  const group = u < 0.34 ? 4 : u < 0.5 ? 3 : u < 0.7 ? 2 : 0;
  const shared = rng.int(kinds);
  if (!group) return out;
  for (let i = 0; i < objects; i++) if (out[i] === shared) out[i] = (shared + 1 + rng.int(kinds - 1)) % kinds;
  for (const i of rng.sample(objects, Math.min(group, objects))) out[i] = shared;
  return out;
}

function drawObject(
  rng: Prng,
  cell: number,
  shift: readonly [number, number],
  colour: number,
  shape: number,
): SceneObject {
  const radius = RADIUS.min + rng.next() * (RADIUS.max - RADIUS.min);
  const room = CELL / 2 - radius;
  return {
    colour,
    shape,
    x: shift[0] + ((cell % GRID) + 0.5) * CELL + around(rng, room),
    y: shift[1] + (Math.floor(cell / GRID) + 0.5) * CELL + around(rng, room),
    radius,
    tint: [around(rng, 0.06), around(rng, 0.06), around(rng, 0.06)],
  };
}

/** A random scene of `min` to `max` objects (3 to 6 unless told, at most 16). Objects never overlap. */
export function drawScene(rng: Prng, { min = 3, max = 6 }: SceneOptions = {}): Scene {
  const count = min + rng.int(max - min + 1);
  const colours = drawKinds(rng, count, COLOURS.length);
  const shapes = drawKinds(rng, count, SHAPES.length);
  const shift = [rng.next() * SLACK, rng.next() * SLACK] as const;
  const base = () => 0.12 + 0.25 * rng.next();
  return {
    objects: Array.from(rng.sample(GRID * GRID, count), (cell, i) =>
      drawObject(rng, cell, shift, colours[i], shapes[i]),
    ),
    background: [base(), base(), base()],
    light: [around(rng, 0.12), around(rng, 0.12)],
    noise: rng.int(2 ** 31),
  };
}
