// Draws a scene into RGB bytes. Only +, -, *, / and square roots are used, so that the bytes agree on every machine.
import { prng } from '../../util/prng.ts';
import { SCENE_UNITS, type Scene, type SceneObject } from './scene.ts';
import type { Sprite, Sprites } from './sprites.ts';
import type { COLOURS, SHAPES } from './vocabulary.ts';

/** Red, green, blue in 0..1, in the order of COLOURS. */
export const COLOUR_RGB: Record<(typeof COLOURS)[number], readonly [number, number, number]> = {
  red: [0.9, 0.1, 0.1],
  green: [0.1, 0.7, 0.2],
  blue: [0.15, 0.3, 0.95],
  yellow: [0.95, 0.85, 0.1],
  purple: [0.8, 0.2, 0.8],
  cyan: [0.1, 0.8, 0.8],
  orange: [1, 0.55, 0.1],
  white: [0.95, 0.95, 0.95],
};
const PALETTE = Object.values(COLOUR_RGB);
const NOISE = 0.08;

type Distance = (dx: number, dy: number, r: number) => number;
const length = (x: number, y: number) => Math.sqrt(x * x + y * y);
/** Signed distance from the outline (negative inside), in units; near the outline exact enough for smooth edges. */
const DISTANCE: Record<(typeof SHAPES)[number], Distance> = {
  circle: (dx, dy, r) => length(dx, dy) - 0.95 * r,
  square: (dx, dy, r) => Math.max(Math.abs(dx), Math.abs(dy)) - 0.82 * r,
  triangle: (dx, dy, r) => Math.max(dy - 0.8 * r, (Math.abs(dx) - 0.6 * (dy + r)) / 1.166),
  cross: (dx, dy, r) =>
    Math.max(Math.min(Math.abs(dx), Math.abs(dy)) - 0.32 * r, Math.max(Math.abs(dx), Math.abs(dy)) - r),
  diamond: (dx, dy, r) => (Math.abs(dx) + Math.abs(dy) - 1.15 * r) / 1.4142,
  ring: (dx, dy, r) => Math.abs(length(dx, dy) - 0.7 * r) - 0.26 * r,
};
const OUTLINES = Object.values(DISTANCE);

export interface RenderedScene {
  /** Pixels per side. */
  size: number;
  /** [size, size, 3], 0..255. */
  rgb: Uint8Array<ArrayBuffer>;
  /** [size, size]: index of the object that covers at least half of the pixel, or -1. */
  owner: Int8Array;
}

/** Linear colour of the background, before noise: [size, size, 3]. */
function paintBackground({ background, light }: Scene, size: number): Float64Array {
  const out = new Float64Array(size * size * 3);
  for (let y = 0, at = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const shade = light[0] * ((x + 0.5) / size - 0.5) + light[1] * ((y + 0.5) / size - 0.5);
      for (let c = 0; c < 3; c++) out[at++] = background[c] + shade;
    }
  return out;
}

function paintObject(object: SceneObject, index: number, size: number, canvas: Float64Array, owner: Int8Array): void {
  const scale = size / SCENE_UNITS;
  const reach = object.radius * 1.2;
  const outline = OUTLINES[object.shape];
  const colour = PALETTE[object.colour];
  const low = (v: number) => Math.max(0, Math.floor((v - reach) * scale));
  const high = (v: number) => Math.min(size - 1, Math.ceil((v + reach) * scale));
  for (let y = low(object.y); y <= high(object.y); y++)
    for (let x = low(object.x); x <= high(object.x); x++) {
      const d = outline((x + 0.5) / scale - object.x, (y + 0.5) / scale - object.y, object.radius) * scale;
      const cover = Math.min(Math.max(0.5 - d, 0), 1);
      const at = y * size + x;
      if (cover === 0) continue;
      if (cover >= 0.5) owner[at] = index;
      for (let c = 0; c < 3; c++) canvas[at * 3 + c] += cover * (colour[c] + object.tint[c] - canvas[at * 3 + c]);
    }
}

/** Rays per pixel and side, and half the side of an emoji in radii of its object. */
const RAYS = 4;
const HALF = 1.02;
/** The object as an emoji: every pixel is the mean of `RAYS` x `RAYS` points of the sprite. */
function paintSprite(
  { x: cx, y: cy, radius }: SceneObject,
  { side, planes }: Sprite,
  index: number,
  size: number,
  canvas: Float64Array,
  owner: Int8Array,
): void {
  const scale = size / SCENE_UNITS;
  const reach = radius * HALF;
  const area = side * side;
  const mean = new Float64Array(4);
  const low = (v: number) => Math.max(0, Math.floor((v - reach) * scale));
  const high = (v: number) => Math.min(size - 1, Math.ceil((v + reach) * scale));
  const texel = (unit: number, centre: number) => Math.floor(((unit - centre) / reach + 1) * 0.5 * side);
  for (let y = low(cy); y <= high(cy); y++)
    for (let x = low(cx); x <= high(cx); x++) {
      mean.fill(0);
      for (let i = 0; i < RAYS * RAYS; i++) {
        const u = texel((x + ((i % RAYS) + 0.5) / RAYS) / scale, cx);
        const v = texel((y + (Math.floor(i / RAYS) + 0.5) / RAYS) / scale, cy);
        if (u < 0 || v < 0 || u >= side || v >= side) continue;
        const texelAt = v * side + u;
        const alpha = planes[3 * area + texelAt] / 255;
        mean[3] += alpha;
        for (let c = 0; c < 3; c++) mean[c] += (alpha * planes[c * area + texelAt]) / 255;
      }
      const cover = mean[3] / (RAYS * RAYS);
      const at = y * size + x;
      if (cover >= 0.5) owner[at] = index;
      for (let c = 0; c < 3; c++) canvas[at * 3 + c] = canvas[at * 3 + c] * (1 - cover) + mean[c] / (RAYS * RAYS);
    }
}

/** Adds noise and rounds to bytes: one draw per pixel gives ten bits for each channel. */
function develop(canvas: Float64Array, noise: number): Uint8Array<ArrayBuffer> {
  const rng = prng(noise, 'pixels');
  const out = new Uint8Array(canvas.length);
  for (let at = 0; at < canvas.length;) {
    let u = rng.next();
    for (let c = 0; c < 3; c++, at++) {
      u *= 1024;
      const grain = Math.floor(u);
      u -= grain;
      const v = canvas[at] + (grain / 512 - 1) * NOISE;
      out[at] = Math.floor(Math.min(Math.max(v, 0), 1) * 255 + 0.5);
    }
  }
  return out;
}

/** The picture of a scene, `size` pixels per side (48, 96 or 192 in the labs); objects that `sprites` knows are drawn as emoji. */
export function renderScene(scene: Scene, size: number, sprites?: Sprites): RenderedScene {
  const canvas = paintBackground(scene, size);
  const owner = new Int8Array(size * size).fill(-1);
  scene.objects.forEach((object, i) => {
    const sprite = sprites?.(object.colour, object.shape);
    if (sprite) paintSprite(object, sprite, i, size, canvas, owner);
    else paintObject(object, i, size, canvas, owner);
  });
  return { size, rgb: develop(canvas, scene.noise), owner };
}
