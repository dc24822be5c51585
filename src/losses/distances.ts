// Distances between all pairs of rows, and the triplet loss.
import { add, reduceL2, reduceMean, reduceSumSquare, relu, sub, unsqueeze } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** a_i - b_j for all pairs. It takes N * M * D numbers, and keeps the digits of near pairs that |a|^2 + |b|^2 - 2 a b loses. */
const differences = (a: Tensor, b: Tensor): Tensor => sub(unsqueeze(a, -2), unsqueeze(b, -3)); // [.., N, M, D]

/** |a_i - b_j|^2. a: [.., N, D], b: [.., M, D] -> [.., N, M] */
export const squaredDistances = (a: Tensor, b: Tensor): Tensor => reduceSumSquare(differences(a, b), -1);
/** |a_i - b_j|, with gradient 0 at distance 0. a: [.., N, D], b: [.., M, D] -> [.., N, M] */
export const euclideanDistances = (a: Tensor, b: Tensor): Tensor => reduceL2(differences(a, b), -1);

export interface TripletOptions {
  margin?: number;
  /** Squared distances, as in the paper, instead of plain ones. */
  isSquared?: boolean;
}
/**
 * mean_i max(0, d(anchor_i, positive_i) - d(anchor_i, negative_i) + margin) (Schroff et al. 2015, section 3.1).
 * @param anchor [.., B, D], as are `positive` and `negative`
 * @returns scalar, or [S] for stacked rows
 */
export function tripletLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { margin = 0.2, isSquared = false }: TripletOptions = {},
): Tensor {
  const norm = isSquared ? reduceSumSquare : reduceL2;
  const gap = sub(norm(sub(anchor, positive), -1), norm(sub(anchor, negative), -1));
  return reduceMean(relu(add(gap, margin)), -1);
}
