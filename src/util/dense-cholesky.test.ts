import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { factorInPlace, lowerTimes, solveFactored } from './dense-cholesky.ts';
import { prng } from './prng.ts';

const n = 23;
/** X X^T + 0.1 I, positive definite. */
function gram(): Float64Array {
  const x = prng(4, 'gram').normals(n * n);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 0.1 : 0;
    for (let k = 0; k < n; k++) sum += x[i * n + k] * x[j * n + k];
    return sum;
  });
}
const block = (a: Float64Array, size: number) =>
  new Matrix(size, size).fill(0).apply(function (this: Matrix, i, j) {
    this.set(i, j, a[i * n + j]);
  });

describe('dense Cholesky', () => {
  it.each([n, 10])('solves as ml-matrix does, leading block of %i', (size) => {
    const b = Float64Array.from(prng(5, 'b').normals(n));
    const ours = solveFactored(factorInPlace(gram(), n), n, b, size);
    const theirs = new CholeskyDecomposition(block(gram(), size))
      .solve(Matrix.columnVector(Array.from(b.subarray(0, size))))
      .to1DArray();
    theirs.forEach((v, i) => expect(Math.abs(ours[i] - v)).toBeLessThan(1e-8 * Math.max(1, Math.abs(v))));
  });
  it('multiplies by the factor: its columns give the matrix back', () => {
    const a = gram();
    const factor = factorInPlace(gram(), n);
    for (const j of [0, 7, n - 1]) {
      // L (L^T e_j) is column j
      const row = Float64Array.from({ length: n }, (_, k) => (k <= j ? factor[j * n + k] : 0));
      lowerTimes(factor, n, row).forEach((v, i) => expect(v).toBeCloseTo(a[i * n + j], 10));
    }
  });
  it('refuses what is not positive definite', () => {
    expect(() => factorInPlace(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/positive definite.*row 2/);
    expect(() => factorInPlace(new Float64Array(3), 2)).toThrow(/2 by 2/);
  });
});
