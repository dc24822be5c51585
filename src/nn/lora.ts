// Low-rank adaptation of a layer that stays as it is.
import { add, mul } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { fanIn, zeros } from './initialisers.ts';
import { linear } from './layers.ts';
import type { Weights } from './weights.ts';

export interface LoraOptions {
  rank: number;
  /** Scale times rank; equal to the rank unless given. */
  alpha?: number;
}

/**
 * y + (alpha / r) x A B, A drawn and B zero at first, so that training starts at the adapted layer (Hu et al. 2022, section 4.1, eq. 3).
 * Only A and B are parameters of `p`; where the layer's own weights come from, and that they do not train, is the caller's business.
 * @param x the layer's input [.., in] (stacked [S, .., in])
 * @param y the layer's output [.., out]
 * @returns [.., out]
 */
export function lora(p: Weights, name: string, x: Tensor, y: Tensor, { rank, alpha = rank }: LoraOptions): Tensor {
  const inputs = x.shape[x.shape.length - 1];
  const down = linear(p, `${name}.a`, x, rank, { bias: false, init: fanIn(inputs, 1) });
  const up = linear(p, `${name}.b`, down, y.shape[y.shape.length - 1], { bias: false, init: zeros });
  return add(y, mul(up, alpha / rank));
}
