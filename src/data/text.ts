// Text as numbers without a vocabulary: hashed n-grams of words or characters, and collections for retrieval.
import { invariant } from '../util/invariant.ts';

/**
 * Lower case, compatibility forms (Unicode NFKC), accents of Latin, Greek and Cyrillic folded, runs of anything but letters, marks
 * and digits as one space. Vowel signs and voicing marks of other scripts stay, since there they make the word.
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** The words of a text after `normaliseText`. */
export const wordsOf = (text: string): string[] => normaliseText(text).split(' ').filter(Boolean);

export interface NgramOptions {
  /** Words in a word n-gram, characters in a character n-gram; several sizes together. */
  n: number | readonly number[];
  /** Characters of words with < and > at their ends (Bojanowski et al. 2017, section 3.2), or whole words; words unless told. */
  of?: 'words' | 'characters';
  /** Ids are 1..buckets; 0 pads. */
  buckets: number;
  /** Ids kept, the first ones; shorter texts are padded. */
  length: number;
}

/**
 * Ids of the n-grams of a text, in order of place, by a stable 32-bit hash.
 * @returns [length]
 */
export function hashedNgrams(text: string, { n, of = 'words', buckets, length }: NgramOptions): Int32Array {
  invariant(
    buckets >= 1 && length >= 1,
    () => `hashedNgrams: expected buckets and a length; got ${buckets} and ${length}`,
  );
  const sizes = typeof n === 'number' ? [n] : n;
  const words = wordsOf(text);
  const grams = of === 'words' ? wordGrams(words, sizes) : words.flatMap((word) => characterGrams(word, sizes));
  const out = new Int32Array(length);
  grams.slice(0, length).forEach((gram, i) => (out[i] = 1 + (hash32(gram) % buckets)));
  return out;
}

const wordGrams = (words: string[], sizes: readonly number[]): string[] =>
  words.flatMap((_, at) =>
    sizes.filter((size) => at + size <= words.length).map((size) => words.slice(at, at + size).join(' ')),
  );

/** By code points, so that no character is cut. */
function characterGrams(word: string, sizes: readonly number[]): string[] {
  const characters = [...`<${word}>`];
  return characters.flatMap((_, at) =>
    sizes.filter((size) => at + size <= characters.length).map((size) => characters.slice(at, at + size).join('')),
  );
}

/** FNV-1a over UTF-8, then MurmurHash3's finaliser, which spreads low bits. Stable for all time: saved weights depend on it. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Bags of ids as rows of counts, for a product with an embedding table; padding counts nowhere.
 * @param ids [rows, length], 0 pads
 * @param size buckets + 1, the rows of the table
 * @param isMean each row sums to 1 instead of to its number of ids; an empty row stays zero
 * @returns [rows, size]
 */
export function multiHot(ids: ArrayLike<number>, length: number, size: number, isMean = false): Float32Array {
  const rows = ids.length / length;
  const out = new Float32Array(rows * size);
  for (let r = 0; r < rows; r++) {
    let count = 0;
    for (let i = r * length; i < (r + 1) * length; i++) count += Number(ids[i] > 0);
    for (let i = r * length; i < (r + 1) * length; i++) {
      if (ids[i] > 0) out[r * size + ids[i]] += isMean ? 1 / count : 1;
    }
  }
  return out;
}

/** Texts to search with, texts to find, and which answer which. */
export interface Retrieval {
  queries: string[];
  documents: string[];
  /** [queries] numbers of the documents that answer each. */
  relevant: number[][];
}
