// The convolutional trunk that teacher and students share, in different widths: convolution, batch norm, ReLU, stride 2 each.
import { relu } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { batchNorm, conv2d, globalAveragePool } from '../../nn/layers.ts';
import type { Params } from '../../nn/params.ts';

export const SIDE = 28;
export const CLASSES = 10;
/** Dimension of the space in which teacher and students are compared. */
export const FEATURE = 64;

/**
 * @param x [B, 1, 28, 28], shared by all stacked models
 * @param frozen use the running statistics of batch norm (evaluation)
 * @returns pooled features [.., B, C], C the last of `channels`
 */
export function trunk(p: Params, x: Tensor, channels: readonly number[], frozen: boolean): Tensor {
  const map = channels.reduce(
    (t, width, i) =>
      relu(
        batchNorm(p, `norm${i}`, conv2d(p, `conv${i}`, t, width, { stride: 2, shared: i === 0, bias: false }), {
          frozen,
        }),
      ),
    x,
  );
  return globalAveragePool(p, map);
}
