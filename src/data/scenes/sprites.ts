// Emoji in place of drawn shapes: pictures that a model trained on shapes has never seen, with the same true answers.
import { loadEmojiBytes, loadEmojiConcepts } from '../emoji.ts';
import type { DataStore } from '../types.ts';
import { COLOURS, SHAPES } from './vocabulary.ts';

type Thing = `${(typeof COLOURS)[number]} ${(typeof SHAPES)[number]}`;
/** The things that exist as emoji, by code point. What is missing here stays a drawn shape. */
export const EMOJI_THINGS: Partial<Record<Thing, string>> = {
  'red circle': '1f534',
  'orange circle': '1f7e0',
  'yellow circle': '1f7e1',
  'green circle': '1f7e2',
  'blue circle': '1f535',
  'purple circle': '1f7e3',
  'white circle': '26aa',
  'red square': '1f7e5',
  'orange square': '1f7e7',
  'yellow square': '1f7e8',
  'green square': '1f7e9',
  'blue square': '1f7e6',
  'purple square': '1f7ea',
  'white square': '2b1c',
  'red triangle': '1f53a',
  'red cross': '274c',
  'red ring': '2b55',
  'orange diamond': '1f536',
  'blue diamond': '1f537',
};

/** One picture: [4, side, side] bytes, red, green, blue, alpha. */
export interface Sprite {
  side: number;
  planes: Uint8Array;
}
export type Sprites = (colour: number, shape: number) => Sprite | undefined;

const SIDE = 32;
/** The sprites of one style of the emoji set. @throws DataError for a style that is not packaged */
export async function loadSprites(store: DataStore, style: string): Promise<Sprites> {
  const [{ concepts }, drawn] = await Promise.all([
    loadEmojiConcepts(store),
    loadEmojiBytes(store, { style, size: SIDE }),
  ]);
  const size = 4 * SIDE * SIDE;
  const rowOf = new Map(Array.from(drawn.concepts, (concept, row) => [concepts[concept].code, row]));
  const sprites = new Map<number, Sprite>();
  COLOURS.forEach((colour, c) =>
    SHAPES.forEach((shape, s) => {
      const row = rowOf.get(EMOJI_THINGS[`${colour} ${shape}`] ?? '');
      if (row !== undefined)
        sprites.set(c * SHAPES.length + s, { side: SIDE, planes: drawn.planes.slice(row * size, (row + 1) * size) });
    }),
  );
  return (colour, shape) => sprites.get(colour * SHAPES.length + shape);
}
