import { expect, test } from 'vitest';
import { loadEmojiConcepts } from '../../data/emoji.ts';
import { fetchFromDisk } from '../../data/fetch-disk.ts';
import { openDataStore } from '../../data/store.ts';
import { searchConcepts, searchEntries } from './emoji-search.ts';

const store = openDataStore(fetchFromDisk('public'));
const english = (await loadEmojiConcepts(store, 'en')).concepts;
const chinese = (await loadEmojiConcepts(store, 'zh')).concepts;
const entries = searchEntries([english, chinese]);
const found = (query: string) => searchConcepts(entries, query).map((i) => english[i].emoji);

test('a whole name comes first, in either language, and the emoji itself finds itself', () => {
  expect(found('octopus')[0]).toBe('🐙');
  expect(found('章鱼')[0]).toBe('🐙');
  expect(found('🐙')).toEqual(['🐙']);
  expect(found('Dog')[0]).toBe('🐕️');
});

test('all words must fit', () => {
  const cats = found('cat');
  const crying = found('cat crying');
  expect(crying).toContain('😿');
  expect(crying.length).toBeLessThan(cats.length);
  expect(crying.every((emoji) => cats.includes(emoji))).toBe(true);
});

test('nothing fits nonsense; everything fits an empty query', () => {
  expect(found('qzxv')).toEqual([]);
  expect(found('   ')).toHaveLength(english.length);
});
