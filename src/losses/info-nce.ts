// InfoNCE between two sets of views: row i of one against all rows of the other.
import {
  detach,
  reduceMax,
  reshape,
  matMul,
  mul,
  bareLogSumExp,
  reduceMean,
  reduceSum,
  sub,
  swap,
  type Operand,
} from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/**
 * mean_i [ logsumexp_k(s_ik / tau) - s_ii / tau ], s = a b^T (van den Oord et al. 2018, eq. 4).
 * @param a [.., B, D] unit rows (anchors)
 * @param b [.., B, D] unit rows (candidates; b_i is the positive of a_i)
 * @returns scalar, or [S] for stacked inputs
 */
export function infoNce(a: Tensor, b: Tensor, inverseTemperature: Operand): Tensor {
  const s = mul(matMul(a, swap(b)), inverseTemperature);
  const positive = mul(reduceSum(mul(a, b), -1), lastAxis(inverseTemperature));
  const largest = detach(reduceMax(s, -1, true));
  const others = bareLogSumExp(sub(s, largest), -1);
  return reduceMean(sub(others, sub(positive, reshape(largest, positive.shape))), -1);
}
/** [S, 1, 1] weights of a matrix become [S, 1] weights of its rows' sums. */
const lastAxis = (x: Operand): Operand => (typeof x === 'number' || x.shape.length < 2 ? x : reduceSum(x, -1));
