// Share of samples whose true logit is the largest. A metric, not a loss: no gradient flows.
import {
  div,
  equal,
  greater,
  indicator,
  lessOrEqual,
  max,
  reduceMean,
  reduceMin,
  reduceSum,
  where,
} from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/**
 * Expected accuracy when ties are broken at random: a true logit that is one of k largest counts 1/k, so that constant logits
 * over C classes score 1/C. A sample with a NaN logit counts 0.
 * @param logits [.., B, C]
 * @param targets one-hot [.., B, C]
 * @returns scalar or [S]
 */
export function accuracy(logits: Tensor, targets: Tensor): Tensor {
  const own = reduceSum(where(greater(targets, 0), logits, 0), -1, true); // [.., B, 1]
  const isLargest = reduceMin(indicator(lessOrEqual(logits, own)), -1);
  const ties = reduceSum(indicator(equal(logits, own)), -1);
  return reduceMean(div(isLargest, max(ties, 1)), -1);
}
