// Inputs: rows of patches, each on the unit sphere; kernels between them; targets drawn as random fields.
import { factorInPlace, lowerTimes, solveFactored } from '../../util/dense-cholesky.ts';
import type { Prng } from '../../util/prng.ts';
import { kernelOf, type Architecture } from './kernel.ts';

/** Against rounding, as a share of the kernel's diagonal, which is 1. */
export const JITTER = 1e-10;

export interface Inputs {
  n: number;
  patches: number;
  /** Coordinates of a patch, s_1. */
  s1: number;
  /** [n, patches, s1] */
  values: Float64Array;
}

/** Patches uniform on the sphere S^(s1 - 1). */
export function drawInputs(random: Prng, n: number, patches: number, s1: number): Inputs {
  const values = new Float64Array(n * patches * s1);
  for (let at = 0; at < values.length; at += s1) {
    for (let k = 0; k < s1; k++) values[at + k] = random.normal();
    const length = Math.hypot(...values.subarray(at, at + s1));
    for (let k = 0; k < s1; k++) values[at + k] /= length;
  }
  return { n, patches, s1, values };
}

/** Kernel of every row with every row; the diagonal is exactly 1. @returns [a.n, b.n] */
export function kernelMatrix(architecture: Architecture, a: Inputs, b: Inputs): Float64Array {
  const { patches, s1 } = a;
  const kernel = kernelOf(architecture, patches);
  const cosines = new Float64Array(patches);
  const isSame = a === b;
  const out = new Float64Array(a.n * b.n);
  for (let i = 0; i < a.n; i++)
    for (let j = 0; j < (isSame ? i : b.n); j++) {
      for (let p = 0; p < patches; p++) {
        let t = 0;
        for (let k = 0; k < s1; k++) t += a.values[(i * patches + p) * s1 + k] * b.values[(j * patches + p) * s1 + k];
        cosines[p] = t;
      }
      out[i * b.n + j] = kernel(cosines);
      if (isSame) out[j * b.n + i] = out[i * b.n + j];
    }
  if (isSame) for (let i = 0; i < a.n; i++) out[i * a.n + i] = 1;
  return out;
}

/** Independent draws of the Gaussian field with covariance `gram`, each [n]. */
export function drawFields(random: Prng, gram: Float64Array, n: number, draws: number): Float64Array[] {
  const factor = factorInPlace(withRidge(gram, n, n, JITTER), n);
  return Array.from({ length: draws }, () =>
    lowerTimes(
      factor,
      n,
      Float64Array.from({ length: n }, () => random.normal()),
    ),
  );
}

/** The leading block of a matrix [n, n] with something added to its diagonal: a copy. */
export function withRidge(gram: Float64Array, n: number, size: number, ridge: number): Float64Array {
  const block = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    block.set(gram.subarray(i * n, i * n + size), i * size);
    block[i * size + i] += ridge;
  }
  return block;
}

/** Weights of kernel regression on all of `gram`. */
export const fit = (gram: Float64Array, n: number, y: ArrayLike<number>, ridge: number): Float64Array =>
  solveFactored(factorInPlace(withRidge(gram, n, n, ridge + JITTER), n), n, y);
