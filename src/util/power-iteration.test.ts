import { expect, test } from 'vitest';
import { symmetricEigen } from './linear-algebra.ts';
import { powerIteration } from './power-iteration.ts';
import { prng } from './prng.ts';

const n = 12;
const g = prng(3, 'power').normals(n * n);
const symmetric = Float64Array.from({ length: n * n }, (_, k) => g[k] + g[(k % n) * n + Math.floor(k / n)]);
const times = (v: Float64Array) =>
  Float64Array.from({ length: n }, (_, i) => v.reduce((s, x, j) => s + symmetric[i * n + j] * x, 0));

test('agrees with all eigenvalues of a matrix, whichever sign is larger', async () => {
  const { values } = symmetricEigen(symmetric, n);
  const largest = Math.abs(values[0]) > Math.abs(values[n - 1]) ? values[0] : values[n - 1];
  for (const sign of [1, -1]) {
    const found = await powerIteration(prng(1), n, (v) => times(v).map((x) => sign * x), {
      tolerance: 1e-8,
      iterations: 5000,
    });
    expect(found.value).toBeCloseTo(sign * largest, 8);
    expect(found.residual).toBeLessThan(1e-6);
  }
});

test('says how far it is when it may not go on; a zero matrix ends at once; NaN is refused', async () => {
  const short = await powerIteration(prng(1), n, times, { tolerance: 0, iterations: 3 });
  expect(short.iterations).toBe(3);
  expect(short.residual).toBeGreaterThan(0.01);
  expect((await powerIteration(prng(1), n, () => new Float64Array(n))).value).toBe(0);
  await expect(powerIteration(prng(1), 2, () => [NaN, 1])).rejects.toThrow('finite products');
});
