// Generalised-mean pooling: between the mean (p = 1) and the maximum (p to infinity) of a map, with p learned.
import { div, max, pow, reduceMean, reshape, transpose } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { constant } from './initialisers.ts';
import type { Weights } from './weights.ts';

export interface GemOptions {
  /** First value of the exponent, one per model. */
  exponent?: number;
  /** Least value of a map entry: the power of a negative one has no meaning. */
  epsilon?: number;
}

/**
 * (mean over the map of max(x, epsilon)^p)^(1/p) (Radenovic et al. 2019, eq. 3).
 * @param x [B, C, H, W], stacked [B, S*C, H, W]
 * @returns [B, C], stacked [S, B, C]
 */
export function gemPool(
  p: Weights,
  name: string,
  x: Tensor,
  { exponent = 3, epsilon = 1e-6 }: GemOptions = {},
): Tensor {
  const [B, SC, H, W] = x.shape;
  const S = p.stack ?? 1;
  const power = reshape(p.get(`${name}.p`, [1], constant(exponent)), [1, S, 1, 1]);
  const mean = reduceMean(pow(max(reshape(x, [B, S, SC / S, H * W]), epsilon), power), -1, true);
  const pooled = reshape(pow(mean, div(1, power)), [B, S, SC / S]);
  return p.stack === null ? reshape(pooled, [B, SC]) : transpose(pooled, [1, 0, 2]);
}
