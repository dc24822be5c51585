// The estimators, from the few statistics of the data that they need: theta(rho) = [ (1 - rho) S_b + rho S ]^-1 b.
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Data of n = m k individuals in m bags; the bags are runs of k neighbours. Features lie one after another (column-major), which dot products like. */
export interface Bags {
  d: number;
  m: number;
  k: number;
  /** [d, n] */ x: Float64Array;
  /** Mean response of each bag, as released. */ means: Float64Array;
}

/** S_b = X_b'X_b / m of the bag means, S = X'X / n of the individuals, b = X_b' ybar / m. */
export interface Statistics {
  d: number;
  m: number;
  Sb: Float64Array;
  S: Float64Array;
  b: Float64Array;
}

/** Mean of each feature in each bag: [d, n] -> [d, m]. */
export function bagMeans(x: Float64Array, k: number): Float64Array {
  const out = new Float64Array(x.length / k);
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let end = at + k; at < end; at++) sum += x[at];
    out[i] = sum / k;
  }
  return out;
}
function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let r = 0;
  for (; r + 3 < n; r += 4) {
    s0 += a[i + r] * b[j + r];
    s1 += a[i + r + 1] * b[j + r + 1];
    s2 += a[i + r + 2] * b[j + r + 2];
    s3 += a[i + r + 3] * b[j + r + 3];
  }
  for (; r < n; r++) s0 += a[i + r] * b[j + r];
  return s0 + s1 + s2 + s3;
}
/** X'X / rows of [d, rows], both triangles. */
export function gram(x: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  const rows = x.length / d;
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) out[i * d + j] = out[j * d + i] = dot(x, i * rows, x, j * rows, rows) / rows;
  return out;
}
/** X'y / rows. */
export const project = (x: Float64Array, y: Float64Array, d: number): Float64Array =>
  Float64Array.from({ length: d }, (_, j) => dot(x, j * y.length, y, 0, y.length) / y.length);

/** `S` may be given where only the bags changed. */
export function statistics({ d, m, k, x, means }: Bags, S: Float64Array = gram(x, d)): Statistics {
  const mean = bagMeans(x, k);
  return { d, m, S, Sb: gram(mean, d), b: project(mean, means, d) };
}

/** theta(rho), rho > 0 or m >= d; at rho = 0 with fewer bags than dimensions the solution of least norm. */
export function interpolate({ d, m, Sb, S, b }: Statistics, rho: number): Float64Array {
  if (rho === 0 && m < d) return leastNorm(Sb, b, d, m);
  return solve(
    Sb.map((v, i) => (1 - rho) * v + rho * S[i]),
    b,
    d,
  );
}
/** Ridge on bag means: [ S_b + (lambda / k) I ]^-1 b, lambda in units of a bag mean's variance. */
export function ridge({ d, Sb, b }: Statistics, k: number, lambda: number): Float64Array {
  const A = Sb.slice();
  for (let i = 0; i < d; i++) A[i * d + i] += lambda / k;
  return solve(A, b, d);
}

/** Solves A x = b for symmetric A > 0 [d, d]; falls back on the pseudo-inverse where rounding has spoiled that. */
export function solve(A: Float64Array, b: Float64Array, d: number): Float64Array {
  const cholesky = new CholeskyDecomposition(matrix(A, d));
  return cholesky.isPositiveDefinite()
    ? Float64Array.from(cholesky.solve(Matrix.columnVector(b)).to1DArray())
    : leastNorm(A, b, d, d);
}
/** Pseudo-inverse of a symmetric A of rank at most `rank`, times b. */
export function leastNorm(A: Float64Array, b: Float64Array, d: number, rank: number): Float64Array {
  const { realEigenvalues: values, eigenvectorMatrix: V } = new EigenvalueDecomposition(matrix(A, d), {
    assumeSymmetric: true,
  });
  const out = new Float64Array(d);
  const order = values.map((_, i) => i).sort((i, j) => values[j] - values[i]);
  const floor = values[order[0]] * 1e-10;
  for (const e of order.slice(0, rank)) {
    if (values[e] <= floor) continue;
    let weight = 0;
    for (let i = 0; i < d; i++) weight += V.get(i, e) * b[i];
    for (let i = 0; i < d; i++) out[i] += (weight / values[e]) * V.get(i, e);
  }
  return out;
}
function matrix(A: Float64Array, d: number): Matrix {
  return Matrix.from1DArray(d, d, A as unknown as number[]);
}
