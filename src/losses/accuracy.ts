// Share of samples whose true logit is the largest. A metric, not a loss: no gradient flows.
import { greaterOrEqual, indicator, mul, reduceMax, reduceMean, reduceSum } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** logits, targets (one-hot): [.., B, C] -> scalar or [S]. Ties count as right. */
export const accuracy = (logits: Tensor, targets: Tensor): Tensor =>
  reduceMean(indicator(greaterOrEqual(reduceSum(mul(logits, targets), -1), reduceMax(logits, -1))), -1);
