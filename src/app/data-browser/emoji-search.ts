// Finds concepts by words in any language, best matches first.
import type { EmojiConcept } from '../../data/emoji.ts';

/** A concept's names and keywords in several languages, in lower case. */
export interface SearchEntry {
  index: number;
  names: string[];
  words: string[];
}

/** One entry per concept from its tables in several languages, which share their order. */
export function searchEntries(tables: EmojiConcept[][]): SearchEntry[] {
  return tables[0].map((concept, i) => ({
    index: concept.index,
    names: [concept.emoji, ...tables.map((table) => table[i].name.toLowerCase())],
    words: tables.flatMap((table) => table[i].keywords.map((word) => word.toLowerCase())),
  }));
}

/** How well one word of a query fits: 0 not at all, up to 4 for a whole name. */
function rank({ names, words }: SearchEntry, word: string): number {
  if (names.includes(word)) return 4;
  if (words.includes(word) || names.some((name) => name.split(' ').includes(word))) return 3;
  if (names.some((name) => name.includes(word))) return 2;
  return words.some((each) => each.includes(word)) ? 1 : 0;
}

/** Indices of the concepts that every word of `query` fits; all of them, in table order, for an empty query. */
export function searchConcepts(entries: SearchEntry[], query: string): number[] {
  const whole = query.trim().toLowerCase();
  const words = whole.split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries.map((entry) => entry.index);
  return entries
    .map((entry) => ({
      index: entry.index,
      ranks: words.map((word) => rank(entry, word)),
      isName: entry.names.includes(whole),
    }))
    .filter(({ ranks }) => Math.min(...ranks) > 0)
    .map(({ index, ranks, isName }) => ({ index, score: Math.min(...ranks) + (isName ? 10 : 0) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);
}
