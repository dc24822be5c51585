// Properties of the packaged Fashion-MNIST that the labs rely on.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fetchFromDisk } from './fetch-disk.ts';
import { openDataStore } from './store.ts';
import type { SplitName } from './types.ts';

const store = openDataStore(fetchFromDisk('public'));
const SPLITS: [SplitName, number][] = [
  ['train', 18000],
  ['validation', 2000],
  ['test', 5000],
];

test.each(SPLITS)('%s: every ten rows in a row hold each class once', async (name, rows) => {
  const { labels } = await store.split('fashion', name);
  expect(labels).toHaveLength(rows);
  for (let block = 0; block < rows; block += 10) {
    expect([...labels.slice(block, block + 10)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

test('no image occurs twice, within a split or across splits', async () => {
  const seen = new Set<string>();
  for (const [name] of SPLITS) {
    const { values, rows } = await store.split('fashion', name);
    for (let row = 0; row < rows; row++)
      seen.add(
        createHash('sha256')
          .update(values.subarray(row * 784, (row + 1) * 784))
          .digest('base64'),
      );
  }
  expect(seen.size).toBe(25000);
});

test('labels belong to their images: mean pixels of trousers, bags and boots are where such things are', async () => {
  const { values, labels, rows } = await store.split('fashion', 'test', { rows: 1000 });
  const meanAt = (label: number, y: number, x: number) => {
    const picked = Array.from({ length: rows }, (_, r) => r).filter((r) => labels[r] === label);
    return picked.reduce((sum, r) => sum + values[r * 784 + y * 28 + x], 0) / picked.length;
  };
  const trouser = 1;
  const bag = 8;
  const boot = 9;
  expect(meanAt(trouser, 20, 3)).toBeLessThan(0.1); // beside the legs
  expect(meanAt(bag, 20, 3)).toBeGreaterThan(0.3); // bags are wide
  expect(meanAt(boot, 2, 5)).toBeLessThan(meanAt(boot, 20, 14)); // the shaft is on the right, the foot is full
});
