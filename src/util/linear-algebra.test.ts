import { expect, test } from 'vitest';
import { prng } from './prng.ts';
import { cholesky, solve, solvePositive, symmetricEigen } from './linear-algebra.ts';

const n = 5;
const times = (a: ArrayLike<number>, b: ArrayLike<number>, k = n) =>
  Array.from({ length: n * k }, (_, at) => {
    const [i, j] = [Math.floor(at / k), at % k];
    return Array.from({ length: n }, (__, m) => a[i * n + m] * b[m * k + j]).reduce((s, v) => s + v, 0);
  });
const transposed = (a: ArrayLike<number>) =>
  Array.from({ length: n * n }, (_, k) => a[(k % n) * n + Math.floor(k / n)]);
const near = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], 10);
};
const g = Float64Array.from(prng(1, 'matrix').normals(n * n));
const positive = times(g, transposed(g));

test('eigenvalues in closed form: of the second-difference matrix, descending', () => {
  const second = Array.from({ length: n * n }, (_, k) => {
    const apart = Math.abs(Math.floor(k / n) - (k % n));
    return apart === 0 ? 2 : apart === 1 ? -1 : 0;
  });
  const { values, vectors } = symmetricEigen(second, n);
  near(
    values,
    Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1))),
  );
  near(
    times(second, transposed(vectors)),
    transposed(vectors).map((v, k) => v * values[k % n]),
  );
});

test('a Cholesky factor gives the matrix back, solutions give the right side back', () => {
  const L = cholesky(positive, n);
  near(times(L, transposed(L)), positive);
  expect(L[1]).toBe(0);
  const right = prng(2, 'right').normals(n * 2);
  near(times(positive, solvePositive(positive, right, n), 2), right);
  near(times(g, solve(g, right, n), 2), right);
});

test('says what is wrong with a matrix', () => {
  expect(() => cholesky([1, 2, 2, 1], 2)).toThrow('cholesky: expected a positive definite matrix');
  expect(() => solve([1, 2, 2, 4], [1, 1], 2)).toThrow('solve: expected a matrix that can be inverted');
  expect(() => symmetricEigen([1, NaN, NaN, 1], 2)).toThrow('finite entries');
  expect(() => symmetricEigen([1, 2, 3], 2)).toThrow('2 by 2 entries; got 3');
});
