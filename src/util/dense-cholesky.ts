// Cholesky factor of a large symmetric matrix in one flat array, for kernel solves with hundreds to thousands of rows.
// The leading block of the factor is the factor of the leading block, so one factor serves nested sets of points.
import { invariant } from './invariant.ts';

/**
 * The lower triangular L with L L^T = a, written over the lower half of `a`; the upper half is left as it was.
 * @param a [n, n], row-major, symmetric (the lower half is read)
 * @throws Error when a is not positive definite
 */
export function factorInPlace(a: Float64Array, n: number): Float64Array {
  invariant(a.length === n * n, () => `factorInPlace: expected ${n} by ${n} entries; got ${a.length}`);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) a[i * n + j] = (a[i * n + j] - rowDot(a, i * n, j * n, j)) / a[j * n + j];
    const pivot = a[i * n + i] - rowDot(a, i * n, i * n, i);
    invariant(
      pivot > 0,
      () => `factorInPlace: expected a positive definite matrix; got pivot ${pivot} in row ${i + 1}`,
    );
    a[i * n + i] = Math.sqrt(pivot);
  }
  return a;
}

/**
 * x of (L L^T) x = b for the leading `size` rows.
 * @param factor [n, n] of `factorInPlace` @param b at least `size` values @returns [size]
 */
export function solveFactored(factor: Float64Array, n: number, b: ArrayLike<number>, size = n): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    x[i] /= factor[i * n + i];
    for (let k = 0; k < i; k++) x[k] -= factor[i * n + k] * x[i];
  }
  return x;
}

/** L z: correlated normals from independent ones. @param z [n] @returns [n] */
export function lowerTimes(factor: Float64Array, n: number, z: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += factor[i * n + k] * z[k];
    return sum;
  });
}

/** Sum of the products of the first `count` entries of two rows; four sums at once, so that none waits for another. */
function rowDot(a: Float64Array, p: number, q: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += a[p + k] * a[q + k];
    s1 += a[p + k + 1] * a[q + k + 1];
    s2 += a[p + k + 2] * a[q + k + 2];
    s3 += a[p + k + 3] * a[q + k + 3];
  }
  for (; k < count; k++) s0 += a[p + k] * a[q + k];
  return s0 + s1 + (s2 + s3);
}
