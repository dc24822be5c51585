import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { assignSplits, type Concept } from './concepts.ts';
import { emojiShard, planEmoji } from './emoji.ts';

const installed = existsSync(new URL('../node_modules/@resvg/resvg-js', import.meta.url));

test.skipIf(!installed)('a rebuilt shard holds what the committed file holds', async () => {
  const plan = planEmoji();
  const committed = gunzipSync(await readFile('public/data/emoji/fxemoji-32-validation.bin'));
  expect(Buffer.compare(emojiShard(plan, 'fxemoji', 32, 'validation').content, committed)).toBe(0);
});

test('splits have their shares, and small subgroups take turns', () => {
  const concepts = Array.from({ length: 300 }, (_, i): Concept => ({
    code: String(i),
    emoji: '',
    name: '',
    group: '',
    subgroup: `s${Math.floor(i / 3)}`,
  }));
  const splits = assignSplits(concepts);
  expect(['train', 'validation', 'test'].map((name) => splits.filter((s) => s === name).length)).toEqual([210, 30, 60]);
  expect(assignSplits(concepts)).toEqual(splits);
});
