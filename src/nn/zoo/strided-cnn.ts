// The small convolutional encoder of most labs: convolution of stride 2, batch normalisation, ReLU, as often as there are widths.
import { relu } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { batchNorm, conv2d, globalAveragePool } from '../layers.ts';
import type { Weights } from '../weights.ts';

export interface StridedCnnOptions {
  /** Width of each convolution; each halves the map. */
  channels: readonly number[];
  /** Normalise by the running statistics of training and leave them alone. */
  frozen: boolean;
  /** Stacked models only: all read the same images [B, C, H, W]; otherwise [B, S*C, H, W]. */
  shared?: boolean;
}

/** @param x [B, C, H, W] @returns the last map [B, C', H', W'] (stacked [B, S*C', H', W']) */
export function stridedCnnMap(p: Weights, x: Tensor, { channels, frozen, shared = true }: StridedCnnOptions): Tensor {
  return channels.reduce((map, width, i) => {
    const next = conv2d(p, `conv${i}`, map, width, { stride: 2, shared: shared && i === 0, bias: false });
    return relu(batchNorm(p, `norm${i}`, next, { frozen }));
  }, x);
}

/** The mean of the last map. @param x [B, C, H, W] @returns [B, C'] (stacked [S, B, C']), C' the last of `channels` */
export const stridedCnn = (p: Weights, x: Tensor, options: StridedCnnOptions): Tensor =>
  globalAveragePool(p, stridedCnnMap(p, x, options));
