// k-means, assignment and agreement of partitions, against scikit-learn, SciPy, brute force and hand counts.
import { describe, expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { assign } from './assignment.ts';
import { adjustedRandIndex, clusteringAccuracy, normalisedMutualInformation, silhouettes } from './clustering.ts';
import { kMeans } from './k-means.ts';
import { clusters, cost, labels, ROWS, WIDTH, x } from './testing/reference-data.ts';
import reference from './testing/reference.json' with { type: 'json' };

describe('k-means', () => {
  test("from given centres it ends where scikit-learn's ends", () => {
    const centres = [0, 20, 40].flatMap((r) => [...x.subarray(r * WIDTH, (r + 1) * WIDTH)]);
    const found = kMeans(prng(0), x, WIDTH, { k: 3, centres });
    expect([...found.labels]).toEqual(reference.kMeansLabels);
    expect(found.inertia).toBeCloseTo(reference.kMeansInertia, 10);
  });
  test('finds blobs that are well apart, and the same on every call', () => {
    const random = prng(2, 'blobs');
    const rows = Array.from({ length: 300 }, (_, i) => [20 * (i % 6) + random.normal(), random.normal()]).flat();
    const found = kMeans(prng(1), rows, 2, { k: 6, starts: 5 });
    expect(
      clusteringAccuracy(
        found.labels,
        Array.from({ length: 300 }, (_, i) => i % 6),
      ),
    ).toBe(1);
    expect(kMeans(prng(1), rows, 2, { k: 6, starts: 5 })).toEqual(found);
  });
  test('equal rows and as many clusters as rows: no cluster is empty when rows differ', () => {
    const same = kMeans(prng(1), [5, 5, 5, 5], 1, { k: 2 });
    expect([same.inertia, same.iterations, ...same.centres]).toEqual([0, 1, 5, 5]);
    expect(() => kMeans(prng(1), [1, 2, 4], 1, { k: 2, centres: [1] })).toThrow('2 centres of 1 values; got 1');
    expect(new Set(kMeans(prng(1), [1, 2, 4, 8], 1, { k: 4 }).labels).size).toBe(4);
    expect(() => kMeans(prng(1), [1, 2], 1, { k: 3 })).toThrow('1 to 2 clusters; got 3');
  });
  test('a cluster without rows takes the farthest row', () => {
    const found = kMeans(prng(1), [0, 1, 2, 30], 1, { k: 2, centres: [1, 500] });
    expect([...found.labels]).toEqual([0, 0, 0, 1]);
    expect(found.inertia).toBe(2);
  });
});

describe('assignment', () => {
  const costOf = (chosen: Int32Array, values: ArrayLike<number>, columns: number) =>
    chosen.reduce((s, c, r) => s + (c < 0 ? 0 : values[r * columns + c]), 0);
  test("costs what SciPy's costs, wide and tall", () => {
    expect(costOf(assign(cost, 5, 6), cost, 6)).toBeCloseTo(reference.assignmentCost, 12);
    const tall = Float64Array.from({ length: 30 }, (_, k) => cost[(k % 5) * 6 + Math.floor(k / 5)]);
    const chosen = assign(tall, 6, 5);
    expect(costOf(chosen, tall, 5)).toBeCloseTo(reference.assignmentCost, 12);
    expect([...chosen].filter((c) => c < 0)).toHaveLength(1);
  });
  test('is the best of all permutations, with ties and negative costs too', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = prng(seed, 'assign');
      const n = 2 + (seed % 4);
      const values = Array.from({ length: n * n }, () => random.int(7) - 3);
      const best = Math.min(...permutations(n).map((p) => p.reduce((s, c, r) => s + values[r * n + c], 0)));
      const chosen = assign(values, n, n);
      expect(new Set(chosen).size).toBe(n);
      expect(costOf(chosen, values, n)).toBe(best);
    }
  });
});

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((p) => Array.from({ length: n }, (_, at) => p.toSpliced(at, 0, n - 1)));
}

describe('agreement of partitions', () => {
  test("NMI, ARI and silhouette equal scikit-learn's", () => {
    expect(normalisedMutualInformation(labels, clusters)).toBeCloseTo(reference.nmi, 12);
    expect(adjustedRandIndex(labels, clusters)).toBeCloseTo(reference.ari, 12);
    expect(silhouettes(x, labels, WIDTH).reduce((a, b) => a + b, 0) / ROWS).toBeCloseTo(reference.silhouette, 12);
  });
  test('names of labels do not matter; equal partitions score 1, one cluster tells nothing', () => {
    const renamed = labels.map((c) => 7 - 3 * c);
    for (const measure of [normalisedMutualInformation, adjustedRandIndex, clusteringAccuracy])
      expect(measure(renamed, labels)).toBeCloseTo(1, 14);
    const one = labels.map(() => 0);
    expect(normalisedMutualInformation(one, labels)).toBe(0);
    expect(adjustedRandIndex(one, labels)).toBe(0);
    expect(clusteringAccuracy(one, labels)).toBeCloseTo(1 / 3, 14);
    expect([normalisedMutualInformation(one, one), adjustedRandIndex(one, one)]).toEqual([1, 1]);
  });
  test('more clusters than classes: clusters left over count as wrong', () => {
    expect(clusteringAccuracy([0, 0, 1, 2], [0, 0, 0, 1])).toBe(0.75);
  });
  test('silhouette by hand, of a row alone, and with one cluster', () => {
    expect([...silhouettes([0, 1, 10], [0, 0, 1], 1)]).toEqual([0.9, 8 / 9, 0]);
    expect(silhouettes([0, 1], [0, 0], 1)[0]).toBeNaN();
  });
});
