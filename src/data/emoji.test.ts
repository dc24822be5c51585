// The emoji loader, and properties of the packaged set that the labs rely on.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { DataError } from './data-error.ts';
import { loadEmoji, loadEmojiBytes, loadEmojiConcepts } from './emoji.ts';
import { fetchFromDisk } from './fetch-disk.ts';
import { openDataStore } from './store.ts';
import type { EmojiDataset } from './types.ts';

const disk = fetchFromDisk('public');
const store = openDataStore(disk);
const set = (await store.manifest()).datasets.find((d) => d.kind === 'emoji') as EmojiDataset;
const english = await loadEmojiConcepts(store);
const chinese = await loadEmojiConcepts(store, 'zh');
const small = new Map(
  await Promise.all(
    set.styles.map(async ({ id }) => [id, await loadEmojiBytes(store, { style: id, size: 32 })] as const),
  ),
);

describe('concepts', () => {
  test('about 1,400, each drawn in three to six styles, with unique code, names and keywords in both languages', () => {
    expect(english.concepts.length).toBeGreaterThan(1400);
    expect(chinese.concepts).toHaveLength(english.concepts.length);
    for (const concepts of [english.concepts, chinese.concepts]) {
      expect(new Set(concepts.map((c) => c.name)).size).toBe(concepts.length);
      expect(concepts.filter((c) => c.keywords.length === 0).length).toBeLessThan(15);
    }
    expect(new Set(english.concepts.map((c) => c.code)).size).toBe(english.concepts.length);
    for (const { styles } of english.concepts) expect(styles.length).toBeGreaterThanOrEqual(3);
    expect(english.concepts.filter((c) => c.styles.length === 6).length).toBeGreaterThan(800);
  });

  test('a well-known one', () => {
    const at = english.concepts.findIndex((c) => c.emoji === '🐙');
    expect(english.concepts[at]).toMatchObject({ code: '1f419', name: 'octopus' });
    expect(chinese.concepts[at].name).toBe('章鱼');
    expect(english.groups[english.concepts[at].group].key).toBe('animals-nature');
    expect(english.subgroups[english.concepts[at].subgroup].title).toEqual({ en: 'marine life', zh: '海洋动物' });
  });

  test('splits are 70 / 10 / 20 per cent of the concepts and nearly so in every subgroup', () => {
    const total = english.concepts.length;
    expect(set.splits.train + set.splits.validation + set.splits.test).toBe(total);
    expect(set.splits.train / total).toBeCloseTo(0.7, 2);
    expect(set.splits.test / total).toBeCloseTo(0.2, 2);
    english.subgroups.forEach((_, s) => {
      const members = english.concepts.filter((c) => c.subgroup === s);
      const share = members.filter((c) => c.split === 'test').length;
      expect(Math.abs(share - 0.2 * members.length)).toBeLessThanOrEqual(1.5);
    });
  });
});

describe('pictures', () => {
  test('rows are the concepts that the table says, in its order', async () => {
    for (const { id, concepts } of set.styles) {
      const all = small.get(id)!;
      const expected = english.concepts.filter((c) => c.styles.includes(id)).map((c) => c.index);
      expect([...all.concepts]).toEqual(expected);
      expect(all.rows).toBe(concepts);
      const part = await loadEmojiBytes(store, { style: id, size: 32, split: 'validation' });
      expect([...part.concepts]).toEqual(expected.filter((i) => english.concepts[i].split === 'validation'));
      const at = all.concepts.indexOf(part.concepts[5]);
      expect(part.planes.subarray(5 * 4096, 6 * 4096)).toEqual(all.planes.subarray(at * 4096, (at + 1) * 4096));
    }
  });

  test('only the shards asked for are fetched', async () => {
    const fetched: string[] = [];
    const counting = openDataStore((path) => {
      fetched.push(path);
      return disk(path);
    });
    await loadEmoji(counting, { style: 'noto', size: 32, split: 'test' });
    expect(fetched.filter((path) => path.endsWith('.bin'))).toEqual(['data/emoji/noto-32-test.bin']);
  });

  test('over a background: transparent is the background, opaque the colour, in between the mean weighted by alpha', async () => {
    const options = { style: 'twemoji', size: 32, split: 'validation' } as const;
    const rgba = await loadEmoji(store, options);
    const rgb = await loadEmoji(store, { ...options, background: [0.25, 0.5, 1] });
    expect(rgba.shape).toEqual([4, 32, 32]);
    expect(rgb.shape).toEqual([3, 32, 32]);
    const kinds = { clear: 0, between: 0, full: 0 };
    for (let row = 0; row < rgba.rows; row++) {
      for (let k = 0; k < 1024; k += 7) {
        const alpha = rgba.values[row * 4096 + 3072 + k];
        const blue = rgba.values[row * 4096 + 2048 + k];
        const got = rgb.values[row * 3072 + 2048 + k];
        kinds[alpha === 0 ? 'clear' : alpha === 1 ? 'full' : 'between']++;
        expect(Math.abs(got - (blue * alpha + (1 - alpha)))).toBeLessThan(1e-6);
      }
    }
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(200);
  });

  test('within a style no two concepts are alike, so no picture is in two splits', () => {
    for (const { planes, rows } of small.values()) {
      const seen = new Set(
        Array.from({ length: rows }, (_, row) =>
          createHash('sha256')
            .update(planes.subarray(row * 4096, (row + 1) * 4096))
            .digest('base64'),
        ),
      );
      expect(seen.size).toBe(rows);
    }
  });

  test('the two sizes show the same thing', async () => {
    const options = { style: 'fluent', split: 'validation', background: [1, 1, 1] } as const;
    const half = await loadEmoji(store, { ...options, size: 32 });
    const large = await loadEmoji(store, { ...options, size: 64 });
    let worst = 0;
    for (let row = 0; row < half.rows; row++) {
      let difference = 0;
      for (let k = 0; k < 1024; k++) {
        const at = row * 3 * 4096 + Math.floor(k / 32) * 128 + (k % 32) * 2;
        difference += Math.abs(
          half.values[row * 3072 + k] -
            (large.values[at] + large.values[at + 1] + large.values[at + 64] + large.values[at + 65]) / 4,
        );
      }
      worst = Math.max(worst, difference / 1024);
    }
    expect(worst).toBeLessThan(0.01);
  });
});

test('NOTICE and the manifest credit every style', async () => {
  const notice = await readFile('NOTICE', 'utf8');
  for (const { title, homepage, credit, licence } of set.styles) {
    expect(notice).toContain(title);
    expect(notice).toContain(homepage);
    expect(credit.length && licence.holder.length).toBeGreaterThan(0);
  }
});

describe('errors', () => {
  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).message;
  };
  test('unknown style, size, language', async () => {
    expect(await failure(loadEmoji(store, { style: 'apple', size: 32 }))).toMatch(
      /no style "apple".*twemoji, noto, fluent-flat, fluent, emojione, fxemoji/,
    );
    expect(await failure(loadEmoji(store, { style: 'noto', size: 48 }))).toMatch(/48 pixels.*32, 64/);
    expect(await failure(loadEmojiConcepts(store, 'xx'))).toMatch(/names in "xx".*en, zh/);
  });
  test('asked for as labelled rows', async () => {
    expect(await failure(store.split('emoji', 'train'))).toMatch(/loadEmoji/);
  });
  test('a missing shard', async () => {
    const broken = openDataStore(async (path) => {
      if (path.endsWith('noto-32-test.bin')) throw new Error('HTTP 404');
      return disk(path);
    });
    expect(await failure(loadEmoji(broken, { style: 'noto', size: 32, split: 'test' }))).toMatch(
      /noto-32-test\.bin could not be read/,
    );
  });
});
