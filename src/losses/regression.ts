// Mean squared error, smooth L1, and cosine distance.
import { clip, mul, reduceMean, reduceSum, square, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { normalise } from '../nn/layers.ts';
import { invariant } from '../util/invariant.ts';

/** Mean over samples and features. a, b: [.., B, D] -> scalar or [S] */
export const meanSquaredError = (a: Tensor, b: Tensor): Tensor => reduceMean(square(sub(a, b)), [-2, -1]);
/**
 * Mean over samples and features of d^2 / (2 beta) where |d| <= beta, else |d| - beta / 2, d = a - b (Girshick 2015, eq. 3).
 * Written c (d - c / 2) / beta with c = d clipped to [-beta, beta]. Huber's loss is beta times it.
 * @param a [.., B, D], as is b
 * @returns scalar or [S]
 */
export function smoothL1(a: Tensor, b: Tensor, beta = 1): Tensor {
  invariant(beta > 0, () => `smoothL1: expected beta > 0 (beta = 0 is the mean of |a - b|); got ${beta}`);
  const d = sub(a, b);
  const c = clip(d, -beta, beta);
  return mul(reduceMean(mul(c, sub(d, mul(c, 0.5))), [-2, -1]), 1 / beta);
}
/** mean_i (1 - cos(a_i, b_i)). a, b: [.., B, D] -> scalar or [S] */
export const cosineDistance = (a: Tensor, b: Tensor): Tensor =>
  reduceMean(sub(1, reduceSum(mul(normalise(a), normalise(b)), -1)), -1);
