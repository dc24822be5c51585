// Symmetric matrices as flat rows: eigenvalues, Cholesky factor, linear systems. ml-matrix does the work.
import { CholeskyDecomposition, EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';
import { invariant } from './invariant.ts';

export interface Eigen {
  /** [n], descending. */
  values: Float64Array;
  /** [n, n]: row i is the unit eigenvector of value i. */
  vectors: Float64Array;
}

/** @param a [n, n], row-major, symmetric (the lower half is read) @throws Error when an entry is not finite */
export function symmetricEigen(a: ArrayLike<number>, n: number): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(square('symmetricEigen', a, n), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(eigenvectorMatrix.getColumn(from), to * n));
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}

/**
 * The lower triangular L with L L^T = a, row-major.
 * @param a [n, n], symmetric
 * @throws Error when a is not positive definite
 */
export function cholesky(a: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from(factor('cholesky', a, n).lowerTriangularMatrix.to1DArray());
}

/**
 * x of a x = b for symmetric positive definite a.
 * @param a [n, n] @param b [n, k], k columns of right sides @returns [n, k]
 * @throws Error when a is not positive definite
 */
export function solvePositive(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from(
    factor('solvePositive', a, n)
      .solve(columns('solvePositive', b, n))
      .to1DArray(),
  );
}

/**
 * x of a x = b for any square a, by LU with row exchanges.
 * @param a [n, n] @param b [n, k], k columns of right sides @returns [n, k]
 * @throws Error when a is singular
 */
export function solve(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  const lu = new LuDecomposition(square('solve', a, n));
  invariant(!lu.isSingular(), 'solve: expected a matrix that can be inverted; got a singular one');
  return Float64Array.from(lu.solve(columns('solve', b, n)).to1DArray());
}

function factor(where: string, a: ArrayLike<number>, n: number): CholeskyDecomposition {
  const found = new CholeskyDecomposition(square(where, a, n));
  invariant(found.isPositiveDefinite(), `${where}: expected a positive definite matrix; got one that is not`);
  return found;
}

function square(where: string, a: ArrayLike<number>, n: number): Matrix {
  invariant(a.length === n * n, () => `${where}: expected ${n} by ${n} entries; got ${a.length}`);
  const matrix = Matrix.from1DArray(n, n, Array.from(a));
  invariant(Array.from(a).every(Number.isFinite), `${where}: expected finite entries; got NaN or infinity`);
  return matrix;
}

function columns(where: string, b: ArrayLike<number>, n: number): Matrix {
  invariant(b.length % n === 0, () => `${where}: expected right sides of ${n} rows; got ${b.length} values`);
  return Matrix.from1DArray(n, b.length / n, Array.from(b));
}
