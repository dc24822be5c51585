// Measures against values known in closed form and against plain loops.
import { describe, expect, test } from 'vitest';
import { prng } from '../../util/prng.ts';
import { entropyShare, histogram, meanCosine, relativePenalties, tolerance, uniformity } from './measures.ts';

/** n unit rows of d numbers. */
function sphere(n: number, d: number, seed: number): Float64Array {
  const z = Float64Array.from(prng(seed, 'sphere').normals(n * d));
  for (let i = 0; i < n; i++) {
    const row = z.subarray(i * d, (i + 1) * d);
    const length = Math.hypot(...row);
    row.forEach((v, k) => {
      row[k] = v / length;
    });
  }
  return z;
}
const row = (z: Float64Array, i: number, d: number) => Array.from(z.subarray(i * d, (i + 1) * d));
const cosine = (a: number[], b: number[]) => a.reduce((s, v, k) => s + v * b[k], 0);
/** Every ordered pair of different rows. */
function pairs(z: Float64Array, n: number, d: number): { i: number; j: number; a: number[]; b: number[] }[] {
  const out = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (i !== j) out.push({ i, j, a: row(z, i, d), b: row(z, j, d) });
  return out;
}
const average = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;

describe('uniformity', () => {
  test('one point for all: 0; two opposite points: -t * 4; an orthonormal set: -t * 2', () => {
    expect(uniformity([1, 0, 1, 0, 1, 0], 3, 2)).toBeCloseTo(0, 12);
    expect(uniformity([1, 0, -1, 0], 2, 2)).toBeCloseTo(-8, 12);
    expect(uniformity([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3)).toBeCloseTo(-4, 12);
    expect(uniformity([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 0.5)).toBeCloseTo(-1, 12);
  });
  test('even points on a sphere in three dimensions: log((1 - exp(-8)) / 8), since the cosine is even on [-1, 1]', () => {
    expect(uniformity(sphere(1500, 3, 4), 1500, 3)).toBeCloseTo(Math.log((1 - Math.exp(-8)) / 8), 1);
  });
  test('equals the plain loop over squared distances, without i = j', () => {
    const n = 17;
    const d = 5;
    const z = sphere(n, d, 1);
    const direct = Math.log(
      average(pairs(z, n, d).map(({ a, b }) => Math.exp(-2 * a.reduce((s, v, k) => s + (v - b[k]) ** 2, 0)))),
    );
    expect(uniformity(z, n, d)).toBeCloseTo(direct, 12);
  });
});

describe('tolerance and mean cosine', () => {
  test('classes at single points: tolerance 1, whatever lies between them', () => {
    expect(tolerance([1, 0, 1, 0, -1, 0, -1, 0], [0, 0, 1, 1], 4, 2)).toBeCloseTo(1, 12);
    expect(tolerance([1, 0, -1, 0, 1, 0, -1, 0], [0, 0, 1, 1], 4, 2)).toBeCloseTo(-1, 12);
  });
  test('equal the plain loops', () => {
    const n = 20;
    const d = 4;
    const z = sphere(n, d, 2);
    const labels = Array.from({ length: n }, (_, i) => i % 3);
    const all = pairs(z, n, d);
    expect(tolerance(z, labels, n, d)).toBeCloseTo(
      average(all.filter(({ i, j }) => labels[i] === labels[j]).map(({ a, b }) => cosine(a, b))),
      12,
    );
    expect(meanCosine(z, n, d)).toBeCloseTo(average(all.map(({ a, b }) => cosine(a, b))), 12);
  });
  test('mean cosine follows from the length of the sum of all points', () => {
    const n = 30;
    const d = 3;
    const z = sphere(n, d, 3);
    const sum = [0, 1, 2].map((k) => Array.from({ length: n }, (_, i) => z[i * d + k]).reduce((a, b) => a + b, 0));
    expect(meanCosine(z, n, d)).toBeCloseTo((cosine(sum, sum) - n) / (n * (n - 1)), 12);
  });
});

describe('relative penalties', () => {
  const n = 12;
  const d = 3;
  const z = sphere(n, d, 5);
  const i = 4;
  const s = Array.from({ length: n }, (_, j) => cosine(row(z, i, d), row(z, j, d)));
  const hardest = s.reduce((best, v, j) => (j !== i && (best < 0 || v > s[best]) ? j : best), -1);

  test('are the softmax of cosines over tau, without the picture itself', () => {
    const tau = 0.3;
    const total = s.reduce((sum, v, j) => sum + (j === i ? 0 : Math.exp(v / tau)), 0);
    const r = relativePenalties(z, i, n, d, tau);
    s.forEach((v, j) => {
      expect(r[j]).toBeCloseTo(j === i ? 0 : Math.exp(v / tau) / total, 12);
    });
    expect(r.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });
  test('tau to 0: all on the hardest, entropy 0, and nothing overflows', () => {
    const r = relativePenalties(z, i, n, d, 1e-4);
    expect(r[hardest]).toBeCloseTo(1, 9);
    expect(entropyShare(r)).toBeCloseTo(0, 6);
  });
  test('tau to infinity: all alike, entropy 1', () => {
    const r = relativePenalties(z, i, n, d, 1e6);
    r.forEach((v, j) => {
      expect(v).toBeCloseTo(j === i ? 0 : 1 / (n - 1), 6);
    });
    expect(entropyShare(r)).toBeCloseTo(1, 9);
  });
  test('entropy rises with tau', () => {
    const entropies = [0.02, 0.05, 0.1, 0.3, 0.7, 2, 5].map((tau) => entropyShare(relativePenalties(z, i, n, d, tau)));
    entropies.slice(1).forEach((h, k) => {
      expect(h).toBeGreaterThan(entropies[k]);
    });
  });
  test('entropy of two equal shares among four negatives is a half', () => {
    expect(entropyShare(Float64Array.from([0, 0.5, 0.5, 0, 0]))).toBeCloseTo(0.5, 12);
  });
});

test('histogram: equal bins, the upper end in the last, what lies outside in the end bins', () => {
  expect(histogram([-5, 0, 0.24, 0.25, 0.5, 0.99, 1, 7], 4, 0, 1)).toEqual([3, 1, 1, 3]);
});
