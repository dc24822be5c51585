// Mean squared error and cosine distance.
import { mul, reduceMean, reduceSum, square, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { normalise } from '../nn/layers.ts';

/** Mean over samples and features. a, b: [.., B, D] -> scalar or [S] */
export const meanSquaredError = (a: Tensor, b: Tensor): Tensor => reduceMean(square(sub(a, b)), [-2, -1]);
/** mean_i (1 - cos(a_i, b_i)). a, b: [.., B, D] -> scalar or [S] */
export const cosineDistance = (a: Tensor, b: Tensor): Tensor =>
  reduceMean(sub(1, reduceSum(mul(normalise(a), normalise(b)), -1)), -1);
