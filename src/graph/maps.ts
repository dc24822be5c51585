// Composites over feature maps that both layers and gradient rules need: resizing, transposed convolution.
import { invariant } from '../util/invariant.ts';
import {
  conv,
  convTranspose,
  edgesOf,
  expand,
  gather,
  matMul,
  pad,
  pairOf,
  reshape,
  transpose,
  type ConvOptions,
} from './builder.ts';
import type { Tensor } from './graph.ts';

/** Repeats every pixel kh x kw times: [B, C, H, W] -> [B, C, H*kh, W*kw]. */
export function upsampleNearest(x: Tensor, kh: number, kw = kh): Tensor {
  const [B, C, H, W] = x.shape;
  return reshape(expand(reshape(x, [B, C, H, 1, W, 1]), [B, C, H, kh, W, kw]), [B, C, H * kh, W * kw]);
}

/**
 * Bilinear resizing, corners not aligned (as PyTorch and ONNX do by default): output i reads the place (i + 1/2) in / out - 1/2,
 * no lower than 0; beyond the last pixel the last pixel counts. Shrinking reads two neighbours only, without a low-pass filter.
 * A product with one constant matrix per axis.
 * @param x [B, C, H, W]
 * @returns [B, C, height, width]
 */
export function resizeBilinear(x: Tensor, height: number, width = height): Tensor {
  const [, , H, W] = x.shape;
  const rows = height === H ? x : matMul(x.graph.constant(bilinear(H, height), [height, H]), x);
  if (width === W) return rows;
  const columns = transpose(x.graph.constant(bilinear(W, width), [width, W]), [1, 0]);
  return matMul(rows, columns);
}
/** [to, from]: the weights of the pixels that each output pixel reads. */
function bilinear(from: number, to: number): Float32Array {
  const out = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.floor(place);
    out[i * from + low] += 1 - (place - low);
    out[i * from + Math.min(low + 1, from - 1)] += place - low;
  }
  return out;
}

/** Puts `stride - 1` zeros after every row and column, then pads: [B, C, h, w] -> [B, C, before + h*stride + after, ...]. */
function insertZeros(
  y: Tensor,
  [down, across]: readonly [number, number],
  before: readonly number[],
  after: readonly number[],
): Tensor {
  const [B, C, h, w] = y.shape;
  const apart = reshape(pad(reshape(y, [B, C, h, 1, w, 1]), [0, 0, 0, 0, 0, 0], [0, 0, 0, down - 1, 0, across - 1]), [
    B,
    C,
    h * down,
    w * across,
  ]);
  return pad(down === 1 && across === 1 ? y : apart, [0, 0, ...before], [0, 0, ...after]);
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
  const { group: G = 1, outputPadding = [0, 0] } = options;
  const [O, Cg, kh, kw] = w.shape;
  if (G === 1) return convTranspose(y, w, options);
  const stride = pairOf(options.stride ?? 1);
  const dilation = pairOf(options.dilation ?? 1);
  const pads = edgesOf(options.pad ?? 0);
  const full = [kh, kw].map((k, i) => dilation[i] * (k - 1));
  const before = full.map((n, i) => n - pads[i]);
  const after = full.map((n, i) => n - pads[2 + i] + outputPadding[i] - (stride[i] - 1));
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
