// The toy of the paper: Gaussian inputs, a target that is a square (or a mixture with a line), and neurons at their start.
import type { Prng } from '../../util/prng.ts';

/** Sizes and strengths of one network and its task. */
export interface Setting {
  /** Input dimensions. */
  D: number;
  /** Training samples. */
  P: number;
  /** Neurons. */
  N: number;
  /** Output scale: large is lazy. */
  alpha: number;
  /** Curvature of the neurons, φ(h) = h + (ε/2) h². */
  epsilon: number;
  /** Share of the linear target, 0..1. */
  mix: number;
  /** Learning rate η over N/α². */
  rate: number;
}

export interface Problem {
  setting: Setting;
  /** [P, D], x ~ N(0, I/D). */
  x: Float64Array;
  /** [P] */
  y: Float64Array;
  /** Variance of the target over all inputs. */
  variance: number;
  /** [P, D + D(D+1)/2]: x, and its products x_i x_j with i <= j. */
  features: Float64Array;
  /** [N, D], w ~ N(0, I). */
  start: Float64Array;
  /** [D], mean of the neurons at the start. */
  startMean: Float64Array;
  /** [D, D], their mean outer product at the start. */
  startMoment: Float64Array;
}

/** So that the linear target has the variance of the quadratic one. */
export const LINEAR_SCALE = Math.SQRT1_2;

/**
 * Draws data and neurons. The target's direction β is √D along the first axis, which loses nothing: x and w have no preferred direction.
 * y = (1 - mix) (β·x)²/2 + mix (β·x)/√2
 */
export function drawProblem(random: Prng, setting: Setting): Problem {
  const { D, P, N, mix } = setting;
  const x = Float64Array.from(random.fork('x').normals(P * D, 1 / Math.sqrt(D)));
  const start = Float64Array.from(random.fork('w').normals(N * D));
  return {
    setting,
    x,
    y: Float64Array.from({ length: P }, (_, p) => targetOf(Math.sqrt(D) * x[p * D], mix)),
    variance: ((1 - mix) ** 2 + mix ** 2) / 2,
    features: featuresOf(x, D),
    start,
    startMean: meanOf(start, D),
    startMoment: momentOf(start, D),
  };
}

/** The target at β·x = z. */
export const targetOf = (z: number, mix: number): number => ((1 - mix) * z * z) / 2 + mix * LINEAR_SCALE * z;

/** @param x [rows, D] @returns [rows, D + D(D+1)/2] */
export function featuresOf(x: Float64Array, D: number): Float64Array {
  const rows = x.length / D;
  const out = new Float64Array((rows * D * (D + 3)) / 2);
  let at = 0;
  for (let p = 0; p < rows; p++) {
    const row = x.subarray(p * D, (p + 1) * D);
    out.set(row, at);
    at += D;
    for (let i = 0; i < D; i++) for (let j = i; j < D; j++) out[at++] = row[i] * row[j];
  }
  return out;
}

function meanOf(w: Float64Array, D: number): Float64Array {
  const out = new Float64Array(D);
  for (let k = 0; k < w.length; k++) out[k % D] += (w[k] * D) / w.length;
  return out;
}

function momentOf(w: Float64Array, D: number): Float64Array {
  const N = w.length / D;
  const out = new Float64Array(D * D);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < D; i++) for (let j = 0; j < D; j++) out[i * D + j] += (w[n * D + i] * w[n * D + j]) / N;
  return out;
}

/**
 * The largest stable rate, estimated: twice the inverse of the kernel's largest eigenvalue, which for wide D and P lies at (1 + √(D/P))² P/D
 * and grows with the features by about 1 + 3ε² + 3ε/α when the target is learnt.
 */
export function largestRate({ D, P, alpha, epsilon }: Pick<Setting, 'D' | 'P' | 'alpha' | 'epsilon'>): number {
  const edge = (1 + Math.sqrt(D / P)) ** 2 / D;
  return 1 / (edge * (1 + 3 * epsilon ** 2 + (3 * epsilon) / alpha));
}
