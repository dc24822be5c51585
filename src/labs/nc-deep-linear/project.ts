// Means and samples in as many coordinates as there are classes. The means are the square root of their Gram matrix, so every angle and length
// is kept and nothing turns from frame to frame.
import { symmetricEigen } from '../../util/linear-algebra.ts';
import { inner } from './collapse.ts';

export interface Projection {
  /** [K, K]: coordinates of each mean. */
  means: Float64Array;
  /** [n, K]: coordinates of the rows, as far as they lie in the span of the means. */
  rows: Float64Array;
}

/** @param means [K, d] @param rows [n, d] */
export function project(means: Float64Array, rows: Float64Array, K: number): Projection {
  const d = means.length / K;
  const { values, vectors } = symmetricEigen(inner(means, means, K, d), K);
  const n = rows.length / d;
  const out = { means: new Float64Array(K * K), rows: new Float64Array(n * K) };
  for (let v = 0; v < K; v++) {
    if (!(values[v] > 1e-9 * values[0])) continue;
    const root = Math.sqrt(values[v]);
    const u = vectors.subarray(v * K, (v + 1) * K);
    for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) out.means[k * K + l] += root * u[k] * u[l];
    const axis = new Float64Array(d);
    for (let k = 0; k < K; k++) for (let j = 0; j < d; j++) axis[j] += (u[k] * means[k * d + j]) / root;
    for (let i = 0; i < n; i++) {
      let along = 0;
      for (let j = 0; j < d; j++) along += axis[j] * rows[i * d + j];
      for (let l = 0; l < K; l++) out.rows[i * K + l] += along * u[l];
    }
  }
  return out;
}

export interface Camera {
  /** Radians about the upright axis, and above the floor. */
  turn: number;
  tilt: number;
}

/** Across and up, seen from afar. */
export function seen([x, y, z]: ArrayLike<number> & Iterable<number>, { turn, tilt }: Camera): [number, number] {
  const across = Math.cos(turn) * x - Math.sin(turn) * y;
  const away = Math.sin(turn) * x + Math.cos(turn) * y;
  return [across, Math.cos(tilt) * z - Math.sin(tilt) * away];
}
