import { expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { nearestNeighbours, neighbourTable } from './knn.ts';
import { squaredDistances } from './rows.ts';

test('agrees with sorting all distances', () => {
  const random = prng(3, 'knn');
  const values = random.normals(80 * 4);
  const labels = Int32Array.from({ length: 80 }, () => random.int(3));
  const queries = random.normals(20 * 4);
  const found = nearestNeighbours({ values, labels }, queries, 4, { k: 1, classes: 3, metric: 'euclidean' });
  const distances = squaredDistances(queries, values, 4);
  found.forEach((label, q) => {
    const own = [...distances.subarray(q * 80, (q + 1) * 80)];
    expect(label).toBe(labels[own.indexOf(Math.min(...own))]);
  });
});

test('equal votes go to the nearest row; a temperature lets near rows outvote many', () => {
  const train = { values: [1, 2, 3, 4], labels: [0, 1, 1, 0] };
  const options = { classes: 2, metric: 'euclidean' } as const;
  expect([...nearestNeighbours(train, [0], 1, { ...options, k: 2 })]).toEqual([0]);
  expect([...nearestNeighbours(train, [0], 1, { ...options, k: 3 })]).toEqual([1]);
  const angles = { values: [0.1, 1, 1.1].flatMap((a) => [Math.cos(a), Math.sin(a)]), labels: [0, 1, 1] };
  expect([...nearestNeighbours(angles, [5, 0], 2, { k: 3, classes: 2 })]).toEqual([1]);
  expect([...nearestNeighbours(angles, [5, 0], 2, { k: 3, classes: 2, temperature: 0.1 })]).toEqual([0]);
});

test('the table of neighbours by hand, without the row itself', () => {
  expect([...neighbourTable([0, 1, 3, 7], 1, 2)]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
  expect(() => neighbourTable([0, 1], 1, 2)).toThrow('1 to 1 neighbours; got 2');
});
