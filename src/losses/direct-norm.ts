// The direct-norm loss (ND) and its two halves: features that point to their class mean, and features as long as the teacher's.
import { add, div, max, mul, reduceMean, reduceSum, relu, sqrt, square, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** |s| over the last axis, with an epsilon under the root: zero features give no NaN. s: [.., B, D] -> [.., B] */
export const rowNorm = (s: Tensor, epsilon = 1e-8): Tensor => sqrt(add(reduceSum(square(s), -1), epsilon));

/**
 * ND = mean_i [ 1 - <s_i, e_i> / max(|s_i|, |t_i|) ] (Wang et al. 2023, section 3.3).
 * Shorter than the teacher's, a feature is turned and lengthened; longer, it is only turned.
 * @param s student features [.., B, D]
 * @param direction e: unit vector of each sample's class [B, D]
 * @param teacherNorm |t| of each sample [B], positive
 * @returns scalar, or [S] for stacked features
 */
export function directNorm(s: Tensor, direction: Tensor, teacherNorm: Tensor): Tensor {
  return reduceMean(sub(1, div(reduceSum(mul(s, direction), -1), max(rowNorm(s), teacherNorm))), -1);
}

/** Direction only: mean_i [ 1 - cos(s_i, e_i) ]. Arguments as in `directNorm`. */
export function directionLoss(s: Tensor, direction: Tensor): Tensor {
  return reduceMean(sub(1, div(reduceSum(mul(s, direction), -1), rowNorm(s))), -1);
}

/** Norm only: mean_i [ 1 - min(1, |s_i| / |t_i|) ]. Arguments as in `directNorm`. */
export function normLoss(s: Tensor, teacherNorm: Tensor): Tensor {
  return reduceMean(relu(sub(1, div(rowNorm(s), teacherNorm))), -1);
}
