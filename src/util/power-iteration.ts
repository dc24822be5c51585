// The eigenvalue of largest size of a symmetric matrix that is known only by its products with vectors.
import { dot, norm } from './flat.ts';
import { invariant } from './invariant.ts';
import type { Prng } from './prng.ts';

export interface PowerOptions {
  /** Stop when |A v - value v| is at most this times |value|. */
  tolerance?: number;
  iterations?: number;
}
export interface Dominant {
  /** Rayleigh quotient v A v. */
  value: number;
  /** [n], length 1. */
  vector: Float64Array;
  iterations: number;
  /** |A v - value v|; there is an eigenvalue within this distance of `value`. */
  residual: number;
}

/**
 * Power iteration from a random start; signs of the eigenvalue are found too. Slow where two eigenvalues are nearly of one size:
 * `residual` tells. The product may be asynchronous, as a Hessian's on a device is.
 * @param n size of the matrix
 * @param product A times a vector of length 1
 * @throws Error when a product is not finite
 */
export async function powerIteration(
  random: Prng,
  n: number,
  product: (v: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>,
  { tolerance = 1e-3, iterations = 100 }: PowerOptions = {},
): Promise<Dominant> {
  let vector = unit(Float64Array.from({ length: n }, () => random.normal()));
  for (let t = 1; ; t++) {
    const next = Float64Array.from(await product(vector));
    invariant(next.every(Number.isFinite), 'powerIteration: expected finite products; got NaN or infinity');
    const value = dot(next, vector);
    const residual = norm(next.map((v, i) => v - value * vector[i]));
    if (residual <= tolerance * Math.abs(value) || t >= iterations) return { value, vector, iterations: t, residual };
    vector = unit(next);
  }
}

/** A zero vector stays zero. */
function unit(v: Float64Array): Float64Array {
  const length = norm(v) || 1;
  return v.map((x) => x / length);
}
