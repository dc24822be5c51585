// Supervised contrastive loss: all samples of the anchor's class are positives.
import { add, div, max, mul, reduceMean, reduceSum, type Operand } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { logSoftmax } from './log-softmax.ts';
import { blockDiagonal, cosines } from './similarity.ts';

/**
 * mean_i of -1/|P(i)| sum_{p in P(i)} log( exp(s_ip/tau) / sum_{k != i} exp(s_ik/tau) ) (Khosla et al. 2020, eq. 2, "out").
 * @param z [.., N, D] unit rows
 * @param positives [.., N, N] with 1 where the column is a positive of the row, 0 on the diagonal; rows without positives count 0
 * @returns scalar, or [S] for stacked z
 */
export function supervisedContrastive(z: Tensor, positives: Tensor, inverseTemperature: Operand): Tensor {
  const n = z.shape[z.shape.length - 2];
  const s = mul(cosines(z), inverseTemperature);
  const logProb = logSoftmax(add(s, blockDiagonal(z.graph, n)));
  const perRow = div(reduceSum(mul(logProb, positives), -1), max(reduceSum(positives, -1), 1));
  return mul(reduceMean(perRow, -1), -1);
}
