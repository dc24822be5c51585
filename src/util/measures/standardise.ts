// Features with mean 0 and deviation 1 on the training rows.
import { invariant } from '../invariant.ts';
import { meanRow, rowsOf } from './rows.ts';

export interface Standardiser {
  /** [D] */
  centre: Float64Array;
  /** [D], one over the deviation (n); 0 for a feature that is constant. */
  scale: Float64Array;
}

/** @param values [rows, D] @throws Error when there are no rows or a value is not finite */
export function standardiser(where: string, values: ArrayLike<number>, D: number): Standardiser {
  const n = rowsOf(where, values, D);
  invariant(n >= 1, `${where}: expected at least one training row; got none`);
  const centre = meanRow(values, D);
  const squares = new Float64Array(D);
  for (let i = 0; i < values.length; i++) squares[i % D] += (values[i] - centre[i % D]) ** 2 / n;
  invariant(squares.every(Number.isFinite), `${where}: expected finite features; got NaN or infinity`);
  // a dead feature stays zero
  return { centre, scale: squares.map((v) => (v > 1e-12 ? 1 / Math.sqrt(v) : 0)) };
}

/** @param values [rows, D] @returns [rows, D] */
export function standardise({ centre, scale }: Standardiser, values: ArrayLike<number>): Float64Array {
  const D = centre.length;
  return Float64Array.from(values, (v, i) => (v - centre[i % D]) * scale[i % D]);
}
