// The closed language of the scenes: every word that a question or an answer can hold, and its token number.
import { unknownName } from '../../util/invariant.ts';

export const COLOURS = ['red', 'green', 'blue', 'yellow', 'purple', 'cyan', 'orange', 'white'] as const;
export const SHAPES = ['circle', 'square', 'triangle', 'cross', 'diamond', 'ring'] as const;
/** Relations between two objects; the order is that of EXTREMES. */
export const DIRECTIONS = ['left', 'right', 'above', 'below'] as const;
export const EXTREMES = ['leftmost', 'rightmost', 'topmost', 'bottommost'] as const;
const FRAME = ['colour', 'shape', 'of', 'count', 'exist', 'more', 'than'] as const;
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Token number -> word. Numbers are part of the shipped models: append, never reorder. */
export const WORDS = [
  '_',
  '?',
  ...FRAME,
  ...DIRECTIONS,
  ...EXTREMES,
  'yes',
  'no',
  ...DIGITS,
  ...COLOURS,
  ...SHAPES,
] as const;
export type Word = (typeof WORDS)[number];
export const PAD = 0;
export const QUESTION_MARK = 1;
/** Tokens of one question: at most five words, padded on the left, and the question mark last. */
export const QUESTION_LENGTH = 6;

const numbers = new Map<string, number>(WORDS.map((w, i) => [w, i]));

/** Token number of a word. @throws Error listing the words when it is not one of them. */
export const token = (word: string): number => numbers.get(word) ?? unknownName('word', word, WORDS.slice(2));
export const isWord = (word: string): word is Word => numbers.has(word);

const first = (words: readonly string[]) => token(words[0]);
/** First token of each word class: colour `c` is token `BASE.colour + c`. */
export const BASE = {
  colour: first(COLOURS),
  shape: first(SHAPES),
  digit: first(DIGITS),
  direction: first(DIRECTIONS),
  extreme: first(EXTREMES),
};
/** Index of the token within a class of `count` words, or -1. */
const within = (id: number, base: number, count: number) => (id >= base && id < base + count ? id - base : -1);
export const colourOf = (id: number): number => within(id, BASE.colour, COLOURS.length);
export const shapeOf = (id: number): number => within(id, BASE.shape, SHAPES.length);
export const directionOf = (id: number): number => within(id, BASE.direction, DIRECTIONS.length);
export const extremeOf = (id: number): number => within(id, BASE.extreme, EXTREMES.length);

/** The tokens of a question's words: `[pad..., words, ?]`, `QUESTION_LENGTH` in all. */
export function encodeQuestion(words: readonly number[]): Int32Array {
  const out = new Int32Array(QUESTION_LENGTH);
  out.set(words, QUESTION_LENGTH - 1 - words.length);
  out[QUESTION_LENGTH - 1] = QUESTION_MARK;
  return out;
}

/** Words of token numbers, padding left out: "count red ?". */
export const decode = (ids: ArrayLike<number>): string =>
  Array.from(ids)
    .filter((i) => i !== PAD)
    .map((i) => WORDS[i])
    .join(' ');
