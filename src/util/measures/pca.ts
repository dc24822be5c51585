// Principal components and the best rotation between two sets of rows.
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { invariant } from '../invariant.ts';
import { symmetricEigen } from '../linear-algebra.ts';
import { meanRow, rowsOf } from './rows.ts';

export interface Pca {
  /** [D] */
  mean: Float64Array;
  /** [k, D], orthonormal; in each the entry of largest size is positive, so that signs are defined. */
  components: Float64Array;
  /** [k], variance along each component (n - 1), descending. */
  variances: Float64Array;
  /** Sum of the variances of all D directions. */
  total: number;
}

/**
 * The k directions of largest variance, by the eigenvectors of the covariance.
 * @param values [rows, D], finite
 * @throws Error for fewer than two rows, k outside 1..D, or a value that is not finite
 */
export function pca(values: ArrayLike<number>, D: number, k: number): Pca {
  const rows = rowsOf('pca', values, D);
  invariant(rows >= 2, () => `pca: expected at least two rows; got ${rows}`);
  invariant(k >= 1 && k <= D, () => `pca: expected 1 to ${D} components; got ${k}`);
  const mean = meanRow(values, D);
  invariant(mean.every(Number.isFinite), 'pca: expected finite values; got NaN or infinity');
  const { values: variances, vectors } = symmetricEigen(covariance(values, mean, rows), D);
  const components = new Float64Array(k * D);
  for (let c = 0; c < k; c++) components.set(signed(vectors.subarray(c * D, (c + 1) * D)), c * D);
  return {
    mean,
    components,
    variances: variances.slice(0, k).map((v) => Math.max(0, v)),
    total: variances.reduce((a, b) => a + b, 0),
  };
}

/** Coordinates of rows along the components. @param values [rows, D] @returns [rows, k] */
export function principalCoordinates({ mean, components }: Pca, values: ArrayLike<number>): Float64Array {
  const D = mean.length;
  const rows = rowsOf('principalCoordinates', values, D);
  const k = components.length / D;
  const out = new Float64Array(rows * k);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < k; c++) {
      for (let d = 0; d < D; d++) out[r * k + c] += (values[r * D + d] - mean[d]) * components[c * D + d];
    }
  }
  return out;
}

/** @returns [D, D] */
function covariance(values: ArrayLike<number>, mean: Float64Array, rows: number): Float64Array {
  const D = mean.length;
  const out = new Float64Array(D * D);
  const row = new Float64Array(D);
  for (let r = 0; r < rows; r++) {
    for (let d = 0; d < D; d++) row[d] = values[r * D + d] - mean[d];
    for (let i = 0; i < D; i++) {
      for (let j = 0; j < D; j++) out[i * D + j] += row[i] * row[j];
    }
  }
  return out.map((v) => v / (rows - 1));
}

/** The vector or its negative: that in which the entry of largest size is positive. */
function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, v) => (Math.abs(v) > Math.abs(best) + 1e-12 ? v : best), 0);
  return largest < 0 ? vector.map((v) => -v) : vector;
}

/**
 * The orthogonal Q [D, D], row-major, for which |a Q - b| is smallest (Schönemann 1966): U V^T of a^T b = U S V^T.
 * Rows are taken as they are; subtract means first where position is no matter.
 * @param a [rows, D]
 * @param b [rows, D]
 */
export function procrustes(a: ArrayLike<number>, b: ArrayLike<number>, D: number): Float64Array {
  invariant(a.length === b.length, () => `procrustes: expected as many rows; got ${a.length / D} and ${b.length / D}`);
  const rows = rowsOf('procrustes', a, D);
  const product = new Matrix(D, D);
  for (let i = 0; i < D; i++) {
    for (let j = 0; j < D; j++) {
      let total = 0;
      for (let r = 0; r < rows; r++) total += a[r * D + i] * b[r * D + j];
      product.set(i, j, total);
    }
  }
  const svd = new SingularValueDecomposition(product, { autoTranspose: true });
  const Q = svd.leftSingularVectors.mmul(svd.rightSingularVectors.transpose());
  return Float64Array.from(Q.to1DArray());
}

/** Rows times a matrix. @param values [rows, D] @param matrix [D, K], row-major @returns [rows, K] */
export function timesMatrix(values: ArrayLike<number>, matrix: ArrayLike<number>, D: number): Float64Array {
  const rows = rowsOf('timesMatrix', values, D);
  const K = matrix.length / D;
  const out = new Float64Array(rows * K);
  for (let r = 0; r < rows; r++) {
    for (let d = 0; d < D; d++) {
      for (let k = 0; k < K; k++) out[r * K + k] += values[r * D + d] * matrix[d * K + k];
    }
  }
  return out;
}
