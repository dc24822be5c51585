// Area under the ROC curve: how often a positive scores above a negative, with its uncertainty over examples.
import { invariant } from '../invariant.ts';
import { mean, ranks } from '../stats.ts';

/** Parts of an area: one value per example, whose means over positives and over negatives are both the area (Sun & Xu 2014). */
interface Components {
  area: number;
  /** Share of negatives below each positive, in their order; ties count a half. */
  positives: Float64Array;
  /** Share of positives above each negative, in their order. */
  negatives: Float64Array;
}

function components(scores: ArrayLike<number>, isPositive: ArrayLike<number | boolean>): Components {
  invariant(
    scores.length === isPositive.length,
    () => `auroc: expected as many labels as scores; got ${isPositive.length} and ${scores.length}`,
  );
  const above: number[] = [];
  const below: number[] = [];
  for (let i = 0; i < scores.length; i++) (isPositive[i] ? above : below).push(scores[i]);
  const all = ranks([...above, ...below]);
  const inPositives = ranks(above);
  const inNegatives = ranks(below);
  const m = above.length;
  const n = below.length;
  const isDefined = m > 0 && n > 0 && !all.some(Number.isNaN);
  const positives = Float64Array.from(inPositives, (rank, i) => (isDefined ? (all[i] - rank) / n : NaN));
  const negatives = Float64Array.from(inNegatives, (rank, j) => (isDefined ? 1 - (all[m + j] - rank) / m : NaN));
  return { area: isDefined ? mean(positives) : NaN, positives, negatives };
}

/**
 * Probability that a positive scores above a negative, ties counting a half (Mann & Whitney).
 * NaN when either kind is missing or a score is NaN.
 */
export const auroc = (scores: ArrayLike<number>, isPositive: ArrayLike<number | boolean>): number =>
  components(scores, isPositive).area;

/**
 * Areas of several scores of the same examples and the covariance of their estimates (DeLong, DeLong & Clarke-Pearson 1988).
 * The variance of a difference is c[a][a] + c[b][b] - 2 c[a][b]. NaN with fewer than two of either kind.
 */
export function delong(
  scores: readonly ArrayLike<number>[],
  isPositive: ArrayLike<number | boolean>,
): { areas: number[]; covariance: number[][] } {
  const parts = scores.map((s) => components(s, isPositive));
  const covariance = parts.map((a) =>
    parts.map(
      (b) =>
        covarianceOf(a.positives, b.positives) / a.positives.length +
        covarianceOf(a.negatives, b.negatives) / a.negatives.length,
    ),
  );
  return { areas: parts.map((p) => p.area), covariance };
}

/**
 * Jackknife pseudo-values of the area, one per example in its order: N A - (N - 1) A without it. Their mean is near A, and
 * var / N is its variance; as values per example they serve paired comparisons.
 */
export function aurocPseudoValues(scores: ArrayLike<number>, isPositive: ArrayLike<number | boolean>): Float64Array {
  const { area, positives, negatives } = components(scores, isPositive);
  const N = scores.length;
  let p = 0;
  let q = 0;
  return Float64Array.from({ length: N }, (_, i) => {
    const own = isPositive[i] ? positives[p++] : negatives[q++];
    const kind = isPositive[i] ? positives.length : negatives.length;
    const without = (kind * area - own) / (kind - 1);
    return N * area - (N - 1) * without;
  });
}

/** Of samples (n - 1); NaN for fewer than two. */
function covarianceOf(a: Float64Array, b: Float64Array): number {
  const ma = mean(a);
  const mb = mean(b);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] - ma) * (b[i] - mb);
  return a.length < 2 ? NaN : total / (a.length - 1);
}
