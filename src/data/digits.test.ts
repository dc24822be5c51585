// Properties of the packaged digits that the labs rely on.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { nearestNeighbours } from '../util/measures/knn.ts';
import { agreement } from '../util/measures/classification.ts';
import { fetchFromDisk } from './fetch-disk.ts';
import { openDataStore } from './store.ts';
import { loadDigitsTask } from './tasks/load-labelled.ts';
import { SPLITS } from './tasks/task.ts';

const store = openDataStore(fetchFromDisk('public'));
const task = await loadDigitsTask(store);

test('all 1,797 images, none twice, in exact sixteenths', () => {
  const seen = new Set<string>();
  for (const name of SPLITS) {
    const { values, rows } = task[name];
    expect(values.every((v) => v >= 0 && v <= 1 && Number.isInteger(16 * v))).toBe(true);
    for (let row = 0; row < rows; row++) seen.add(values.subarray(row * 64, (row + 1) * 64).join());
  }
  expect(seen.size).toBe(1797);
});

test("the sums of the originals are kept: 561,718 of all levels, and each class's count", () => {
  let levels = 0;
  const counts = new Array<number>(10).fill(0);
  for (const name of SPLITS) {
    task[name].values.forEach((v) => (levels += 16 * v));
    task[name].labels.forEach((label) => counts[label]++);
  }
  expect(levels).toBe(561718);
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
});

test('labels belong to their images: the nearest training image has the same one 98 times in a hundred', () => {
  const found = nearestNeighbours(task.train, task.test.values, 64, { k: 1, classes: 10, metric: 'euclidean' });
  expect(agreement(found, task.test.labels)).toBeGreaterThan(0.97);
});

test('any first tens of training rows are balanced, and NOTICE gives credit', async () => {
  const { train } = await loadDigitsTask(store, { rows: { train: 100 } });
  for (let block = 0; block < 100; block += 10) expect(new Set(train.labels.slice(block, block + 10)).size).toBe(10);
  const notice = await readFile('NOTICE', 'utf8');
  expect(notice).toContain('Alpaydin');
  expect(notice).toContain('public/data/digits/LICENCE.txt');
});
