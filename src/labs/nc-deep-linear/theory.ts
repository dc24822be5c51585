// The global minimum in closed form: squared error without bias on free features and M linear layers, all with weight decay.
// With W = W_M···W_1 classes decouple. A class with strength σ (the square of its singular value of W) costs
//   n λ_H / 2(σ + N λ_H) + (M λ_W / 2) σ^(1/M),
// and with σ = N λ_H x^M this is [ n / (x^M + 1) + b x ] / 2N.
import { bisect } from '../../util/bisect.ts';

export interface Design {
  /** Samples per class. */
  sizes: readonly number[];
  /** Linear layers M, from 1. */
  depth: number;
  /** Weight decay of every layer and of the features. */
  lambda: number;
}

export interface ClassPrediction {
  /** Root of M x^(M-1) / (x^M + 1)² = b / n; 0 where the class vanishes. */
  x: number;
  /** σ = N λ x^M: squared length of the class's row of W. */
  strength: number;
  /** Length of the class mean, √σ / (σ + N λ). */
  mean: number;
  /** Length of the row of W, √σ. */
  row: number;
  /** Output for the class's own mean, σ / (σ + N λ). */
  output: number;
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

/** b = M N (N λ^M λ)^(1/M), to which class sizes compare. */
export function scaleOf({ sizes, depth, lambda }: Design): number {
  const N = total(sizes);
  return depth * N * lambda * (N * lambda) ** (1 / depth);
}

/** Largest b/n with which a class lives: (M-1)^((M-1)/M) / M, and 1 for a single layer. */
export const largestShare = (depth: number): number => (depth === 1 ? 1 : (depth - 1) ** ((depth - 1) / depth) / depth);

/** Class size below which the mean is zero at the minimum, the number of samples in all unchanged. */
export const thresholdSize = (design: Design): number => scaleOf(design) / largestShare(design.depth);

/** One class of n samples among N. */
export function predictClass(design: Design, n: number): ClassPrediction {
  const { sizes, depth, lambda } = design;
  const noise = total(sizes) * lambda;
  const x = rootOf(depth, scaleOf(design) / n);
  const strength = noise * x ** depth;
  const row = Math.sqrt(strength);
  return { x, strength, mean: row / (strength + noise), row, output: strength / (strength + noise) };
}

export const predict = (design: Design): ClassPrediction[] => design.sizes.map((n) => predictClass(design, n));

/** The largest root where the class lives, else 0. The left side rises to its peak at x^M = (M-1)/(M+1) and falls beyond. */
function rootOf(depth: number, share: number): number {
  if (!(share <= largestShare(depth))) return 0;
  const left = (x: number) => (depth * x ** (depth - 1)) / (x ** depth + 1) ** 2;
  const peak = ((depth - 1) / (depth + 1)) ** (1 / depth);
  let far = 2;
  while (left(far) > share) far *= 2;
  return bisect((x) => left(x) - share, peak, far);
}

/** Loss at the minimum; no training can fall below it. Holds from as many feature dimensions on as there are classes. */
export function leastLoss(design: Design): number {
  const b = scaleOf(design);
  const parts = predict(design).map(({ x }, k) => design.sizes[k] / (x ** design.depth + 1) + b * x);
  return total(parts) / (2 * total(design.sizes));
}

/** The same with a free bias and equal classes: of the K directions of the target one, the mean, is the bias's work. */
export const leastLossWithBias = (design: Design): number =>
  (leastLoss(design) * (design.sizes.length - 1)) / design.sizes.length;

/**
 * A size at which the last class should vanish while it has samples still: six tenths of the largest such size, at least 1.
 * Removing samples of the last class changes N too, which is counted.
 */
export function rareSize({ sizes, depth, lambda }: Design): number {
  const others = sizes.slice(0, -1);
  const dies = (n: number) => predictClass({ sizes: [...others, n], depth, lambda }, n).x === 0;
  let most = 0;
  while (most < sizes[sizes.length - 1] && dies(most + 1)) most++;
  return Math.max(1, Math.round(0.6 * most));
}
