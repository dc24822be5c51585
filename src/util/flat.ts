// Arithmetic on weights as flat vectors: interpolation, planes through three models, projections. Sums are float64, results float32 as weights are.
import { invariant } from './invariant.ts';

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  invariant(a.length === b.length, () => `dot: expected vectors of one length; got ${a.length} and ${b.length}`);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

/** Euclidean length. */
export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** Euclidean distance. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => norm(combine([1, -1], [a, b]));

/** Cosine of the angle between two vectors; NaN when one is zero. */
export const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / (norm(a) * norm(b));

/** Sum of `factors[k] vectors[k]`. @returns [n] */
export function combine(factors: ArrayLike<number>, vectors: readonly ArrayLike<number>[]): Float32Array {
  const out = new Float64Array(vectors[0].length);
  vectors.forEach((v, k) => {
    invariant(v.length === out.length, () => `combine: expected vectors of length ${out.length}; got ${v.length}`);
    for (let i = 0; i < out.length; i++) out[i] += factors[k] * v[i];
  });
  return Float32Array.from(out);
}

/** (1 - t) a + t b; a at t = 0 and b at t = 1 exactly. */
export const lerp = (a: ArrayLike<number>, b: ArrayLike<number>, t: number): Float32Array =>
  combine([1 - t, t], [a, b]);

/** Mean of vectors. */
export const average = (vectors: readonly ArrayLike<number>[]): Float32Array =>
  combine(
    vectors.map(() => 1 / vectors.length),
    vectors,
  );

/** The part of `a` along `direction`, which need not have length 1; zero for a zero direction. */
export function project(a: ArrayLike<number>, direction: ArrayLike<number>): Float32Array {
  const squared = dot(direction, direction);
  return combine([squared > 0 ? dot(a, direction) / squared : 0], [direction]);
}

/** The part of `a` at right angles to `direction`. */
export const reject = (a: ArrayLike<number>, direction: ArrayLike<number>): Float32Array =>
  combine([1, -1], [a, project(a, direction)]);

/** A plane in weight space with orthonormal axes; coordinates are distances. */
export interface Plane {
  origin: Float32Array;
  /** Unit vector from the first point to the second. */
  u: Float32Array;
  /** Unit vector at right angles to u, on the third point's side. */
  v: Float32Array;
  /** Coordinates of the three points. */
  points: [[number, number], [number, number], [number, number]];
}

/**
 * The plane through three vectors (Garipov et al. 2018, appendix), origin at the first.
 * @throws Error when they lie on a line
 */
export function planeThrough(a: ArrayLike<number>, b: ArrayLike<number>, c: ArrayLike<number>): Plane {
  const side = combine([1, -1], [b, a]);
  const length = norm(side);
  const u = combine([1 / length], [side]);
  const other = combine([1, -1], [c, a]);
  const along = dot(other, u);
  const up = reject(other, u);
  const height = norm(up);
  invariant(
    length > 0 && height > 1e-6 * norm(other),
    'planeThrough: expected three vectors that are not on a line; got such',
  );
  return {
    origin: Float32Array.from(a),
    u,
    v: combine([1 / height], [up]),
    points: [
      [0, 0],
      [length, 0],
      [along, height],
    ],
  };
}

/** The vector at coordinates (x, y) of a plane. */
export const pointOn = ({ origin, u, v }: Plane, x: number, y: number): Float32Array =>
  combine([1, x, y], [origin, u, v]);

/** Coordinates of the foot of `w` on a plane. */
export function coordinatesOn({ origin, u, v }: Plane, w: ArrayLike<number>): [number, number] {
  const from = combine([1, -1], [w, origin]);
  return [dot(from, u), dot(from, v)];
}
