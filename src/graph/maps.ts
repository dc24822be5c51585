// Composites over feature maps that both layers and gradient rules need: patches and nearest-neighbour enlargement.
import { concat, expand, pad, reshape, sliceMany, unsqueeze } from './builder.ts';
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

/** Repeats every pixel kh x kw times: [B, C, H, W] -> [B, C, H*kh, W*kw]. */
export function upsampleNearest(x: Tensor, kh: number, kw = kh): Tensor {
  const [B, C, H, W] = x.shape;
  return reshape(expand(reshape(x, [B, C, H, 1, W, 1]), [B, C, H, kh, W, kw]), [B, C, H * kh, W * kw]);
}
