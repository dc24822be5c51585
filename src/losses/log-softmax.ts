// Log-softmax and log-sum-exp whose digits do not suffer from a large common offset.
import { detach, bareLogSumExp, reduceMax, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** z less its largest value along `axis`, a constant to gradients: for functions that a common offset of z leaves alone. */
export const offLargest = (z: Tensor, axis = -1): Tensor => sub(z, detach(reduceMax(z, axis, true)));

/** log softmax(z) along `axis`: z [..] -> [..] */
export function logSoftmax(z: Tensor, axis = -1): Tensor {
  const shifted = offLargest(z, axis);
  return sub(shifted, bareLogSumExp(shifted, axis, true));
}
