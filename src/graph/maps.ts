// Composites over feature maps that both layers and gradient rules need: enlargement, transposed convolution.
import { invariant } from '../util/invariant.ts';
import { conv, convTranspose, expand, gather, pad, reshape, transpose, type ConvOptions } from './builder.ts';
import type { Tensor } from './graph.ts';

/** Repeats every pixel kh x kw times: [B, C, H, W] -> [B, C, H*kh, W*kw]. */
export function upsampleNearest(x: Tensor, kh: number, kw = kh): Tensor {
  const [B, C, H, W] = x.shape;
  return reshape(expand(reshape(x, [B, C, H, 1, W, 1]), [B, C, H, kh, W, kw]), [B, C, H * kh, W * kw]);
}

/** Puts `stride - 1` zeros after every row and column, then pads: [B, C, h, w] -> [B, C, before + h*stride + after, ...]. */
function insertZeros(y: Tensor, stride: number, before: readonly number[], after: readonly number[]): Tensor {
  const [B, C, h, w] = y.shape;
  const apart =
    stride === 1
      ? y
      : reshape(pad(reshape(y, [B, C, h, 1, w, 1]), [0, 0, 0, 0, 0, 0], [0, 0, 0, stride - 1, 0, stride - 1]), [
          B,
          C,
          h * stride,
          w * stride,
        ]);
  return pad(apart, [0, 0, ...before], [0, 0, ...after]);
}

/**
 * Transposed convolution, the adjoint of `conv` in its input.
 * With groups it is a grouped convolution of the spread-out map with turned filters: the WebGPU kernel of a grouped ConvTranspose gives wrong numbers.
 * @param y [B, O, oh, ow]
 * @param w [O, C/group, kh, kw]
 * @returns [B, C, H, W]
 */
export function transposedConv(
  y: Tensor,
  w: Tensor,
  options: ConvOptions & { outputPadding?: readonly number[] },
): Tensor {
  const { stride = 1, pad: p = 0, dilation = 1, group: G = 1, outputPadding = [0, 0] } = options;
  const [O, Cg, kh, kw] = w.shape;
  if (G === 1) return convTranspose(y, w, options);
  const before = [kh, kw].map((k) => dilation * (k - 1) - p);
  const after = before.map((b, i) => b + outputPadding[i] - (stride - 1));
  invariant(
    [...before, ...after].every((n) => n >= 0),
    'transposedConv: expected padding below the kernel size with groups; use one group or less padding',
  );
  const turned = y.graph.constant(Int32Array.from({ length: kh * kw }, (_, i) => kh * kw - 1 - i));
  const filters = gather(
    reshape(transpose(reshape(w, [G, O / G, Cg, kh * kw]), [0, 2, 1, 3]), [G * Cg, O / G, kh * kw]),
    turned,
    2,
  );
  return conv(insertZeros(y, stride, before, after), reshape(filters, [G * Cg, O / G, kh, kw]), { dilation, group: G });
}
