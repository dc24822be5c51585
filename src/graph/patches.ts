// Patches of a feature map as slices: what turns a convolution's weight gradient into one matrix product.
import { concat, pad, reshape, sliceMany, unsqueeze } from './builder.ts';
import type { Tensor } from './graph.ts';
import type { ConvAttrs } from './ops/linear.ts';

/**
 * The inputs that each kernel position sees.
 * @param x [B, C, H, W]
 * @returns [kh*kw, B, C, oh, ow]
 */
export function patches(x: Tensor, { strides: [sh, sw], pads, dilations: [dh, dw], kernel_shape: [kh, kw] }: ConvAttrs, [oh, ow]: readonly number[]): Tensor {
  const padded = pad(x, [0, 0, pads[0], pads[1]], [0, 0, pads[2], pads[3]]);
  const taps: Tensor[] = [];
  for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) {
    const top = i * dh, left = j * dw;
    taps.push(unsqueeze(sliceMany(padded, [2, 3], [top, left], [top + (oh - 1) * sh + 1, left + (ow - 1) * sw + 1], [sh, sw]), 0));
  }
  return reshape(concat(taps, 0), [kh * kw, ...x.shape.slice(0, 2), oh, ow]);
}
