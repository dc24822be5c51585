// The loss without hardness-awareness: every negative pushes with the same weight.
import { mul, reduceMean, reduceSum, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { cosines } from './similarity.ts';

/**
 * mean_i [ -s_ip + lambda sum_k w_ik s_ik ] (Wang & Liu 2021, the limit tau -> infinity; with a mask, "hard simple").
 * @param z [.., N, D] unit rows
 * @param positives [N, N] one-hot partners
 * @param negatives w [.., N, N], rows that already hold lambda (1 / number of negatives)
 * @returns scalar, or [S] for stacked z
 */
export function simpleContrastive(z: Tensor, positives: Tensor, negatives: Tensor): Tensor {
  const s = cosines(z);
  return reduceMean(reduceSum(mul(s, sub(negatives, positives)), -1), -1);
}
