// NT-Xent, the InfoNCE loss of SimCLR: each view against its partner among all other views of the batch.
import { add, mul, bareLogSumExp, reduceMean, reduceSum, sub, type Operand } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { offLargest } from './log-softmax.ts';
import { blockDiagonal, cosines, partners } from './similarity.ts';

/**
 * mean_i [ logsumexp_{k != i}(s_ik / tau) - s_ip / tau ], s = z z^T, p the partner of i (Chen et al. 2020, eq. 1).
 * @param z [.., 2B, D] unit rows; rows i and i + B are two views of one image
 * @param inverseTemperature 1/tau; a number or a tensor that broadcasts to [.., 2B, 2B]
 * @returns scalar, or [S] for stacked z
 * @throws Error for an odd number of rows
 */
export function ntXent(z: Tensor, inverseTemperature: Operand): Tensor {
  const n = z.shape[z.shape.length - 2];
  const s = offLargest(add(mul(cosines(z), inverseTemperature), blockDiagonal(z.graph, n)));
  const positive = reduceSum(mul(s, partners(z.graph, n)), -1);
  return reduceMean(sub(bareLogSumExp(s, -1), positive), -1);
}
