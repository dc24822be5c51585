// Softmax cross-entropy with hard or soft targets.
import { mul, bareLogSumExp, reduceMean, reduceSum, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { offLargest } from './log-softmax.ts';

/**
 * Per-sample cross-entropy: logsumexp(z) - <y, z>, for targets that sum to 1.
 * @param logits z [.., B, C]
 * @param targets y [.., B, C], one-hot or soft
 * @returns [.., B]
 */
export function crossEntropyPerSample(logits: Tensor, targets: Tensor): Tensor {
  const z = offLargest(logits);
  return sub(bareLogSumExp(z, -1), reduceSum(mul(z, targets), -1));
}

/** Mean over the samples. @returns scalar, or [S] for stacked logits [S, B, C] */
export const crossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  reduceMean(crossEntropyPerSample(logits, targets), -1);
