// Gradient rules of products, convolutions, pooling, softmax and layer normalisation.
import {
  add,
  averagePool,
  conv,
  div,
  equal,
  expand,
  gather,
  gemm,
  indicator,
  matMul,
  mul,
  pad,
  reduceMean,
  reduceSum,
  reshape,
  sub,
  swap,
  transpose,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { windowPlaces, type ConvAttrs, type ConvTransposeAttrs, type PoolAttrs } from '../../graph/ops/linear.ts';
import { transposedConv, upsampleNearest } from '../../graph/maps.ts';
import { size } from '../../util/shape.ts';
import { vjp } from '../rule.ts';

/** Weight gradient when one matrix serves a whole batch: fold the batch into the rows, one product instead of a batched one and a sum. */
function sharedWeight(a: Tensor, dy: Tensor): Tensor {
  const k = a.shape[a.shape.length - 1];
  const n = dy.shape[dy.shape.length - 1];
  return gemm(reshape(a, [-1, k]), reshape(dy, [-1, n]), { transA: true });
}

/**
 * dL/dw of a grouped convolution: for every kernel position k, dw_k = dy x_k^T, x_k the inputs that k meets.
 * Maps come first, batch and channels last, so that one Gather copies whole rows and no product needs its patches transposed.
 * @param x [B, G C, H, W]
 * @param dy [B, G O, oh, ow]
 * @returns [G O, C, kh, kw]
 */
export function convWeightGradient(x: Tensor, dy: Tensor, w: Tensor, a: ConvAttrs): Tensor {
  const [B, GO, oh, ow] = dy.shape;
  const C = w.shape[1];
  const G = a.group;
  const O = GO / G;
  const K = size(a.kernel_shape);
  const N = oh * ow * B;
  const [, , H, W] = x.shape;
  const front = reshape(transpose(reshape(x, [B, G, C, H * W]), [1, 3, 0, 2]), [G, H, W, B * C]);
  const padded = pad(front, [0, a.pads[0], a.pads[1], 0], [0, a.pads[2], a.pads[3], 0]);
  const width = padded.shape[2];
  const rows = reshape(padded, [G, -1, B * C]);
  const met = gather(rows, x.graph.constant(metBy(a, oh, ow, width)), 1); // [G, K oh ow, B C]
  const out = transpose(reshape(dy, [B, G, O, oh * ow]), [1, 2, 3, 0]); // [G, O, oh ow, B]
  if (C > 1)
    return reshape(transpose(matMul(reshape(out, [G, 1, O, N]), reshape(met, [G, K, N, C])), [0, 2, 3, 1]), w.shape);
  return reshape(
    G === 1
      ? gemm(reshape(out, [O, N]), reshape(met, [K, N]), { transB: true })
      : matMul(reshape(out, [G, O, N]), swap(reshape(met, [G, K, N]))),
    w.shape,
  );
}
/** Places in a padded map that kernel position k meets at output p, for k and then p. */
function metBy(
  { kernel_shape: [kh, kw], strides: [sh, sw], dilations: [dh, dw] }: ConvAttrs,
  oh: number,
  ow: number,
  width: number,
): Int32Array {
  const P = oh * ow;
  return Int32Array.from({ length: kh * kw * P }, (_, n) => {
    const k = Math.floor(n / P);
    const p = n % P;
    return (Math.floor(p / ow) * sh + Math.floor(k / kw) * dh) * width + (p % ow) * sw + (k % kw) * dw;
  });
}

const options = (a: ConvAttrs) => ({
  stride: a.strides as [number, number],
  pad: a.pads as [number, number, number, number],
  dilation: a.dilations as [number, number],
  group: a.group,
});
/** Input size that a strided convolution or pool loses to rounding, per axis. */
const leftover = (
  x: Tensor,
  dy: Tensor,
  { strides, pads, kernel_shape: k, dilations = [1, 1] }: PoolAttrs & Partial<ConvAttrs>,
) =>
  [0, 1].map(
    (i) =>
      x.shape[2 + i] - ((dy.shape[2 + i] - 1) * strides[i] - pads[i] - pads[2 + i] + dilations[i] * (k[i] - 1) + 1),
  );

/** Windows that tile the map: each pixel is in exactly one, and the gradient is an enlargement. */
const tiles = ({ shape: [, , H, W] }: Tensor, { kernel_shape: k, strides: s, pads }: PoolAttrs): boolean =>
  k[0] === s[0] && k[1] === s[1] && pads.every((p) => p === 0) && H % k[0] === 0 && W % k[1] === 0;

/**
 * Adds up what windows send to their pixels: the adjoint of cutting a map into windows, as one transposed convolution
 * whose filter k is 1 at window place k.
 * @param parts [B C, K, oh, ow], K = kh kw places, or [B C, 1, oh, ow] where all places of a window get the same
 */
function sumWindows(x: Tensor, parts: Tensor, a: PoolAttrs): Tensor {
  const K = size(a.kernel_shape);
  const places = parts.shape[1];
  const filter = Float32Array.from({ length: places * K }, (_, i) => Number(places === 1 || i % (K + 1) === 0));
  const spread = transposedConv(parts, x.graph.constant(filter, [places, 1, ...a.kernel_shape]), {
    stride: a.strides as [number, number],
    pad: a.pads as [number, number, number, number],
    outputPadding: leftover(x, parts, a),
  });
  return reshape(spread, x.shape);
}
/** The mean of a window sends an equal share to each of its pixels. */
function averageGradient(x: Tensor, dy: Tensor, a: PoolAttrs): Tensor {
  const [B, C, oh, ow] = dy.shape;
  const shares = Float32Array.from(
    { length: oh * ow },
    (_, i) => 1 / windowPlaces(x.shape.slice(2), a, Math.floor(i / ow), i % ow).length,
  );
  const share = mul(dy, x.graph.constant(shares, [1, 1, oh, ow]));
  return sumWindows(x, reshape(share, [B * C, 1, oh, ow]), a);
}
/** The largest pixels of a window share its gradient; windows are cut out by a gather, so that they compare exactly. */
function maximumGradient(x: Tensor, y: Tensor, dy: Tensor, a: PoolAttrs): Tensor {
  const [B, C, oh, ow] = dy.shape;
  const [H, W] = x.shape.slice(2);
  const [kh, kw] = a.kernel_shape;
  const place = (n: number) => {
    const [k, p] = [Math.floor(n / (oh * ow)), n % (oh * ow)];
    const row = Math.floor(p / ow) * a.strides[0] - a.pads[0] + Math.floor(k / kw);
    const column = (p % ow) * a.strides[1] - a.pads[1] + (k % kw);
    return row < 0 || column < 0 || row >= H || column >= W ? -1 : row * W + column;
  };
  const places = Int32Array.from({ length: kh * kw * oh * ow }, (_, n) => place(n));
  const met = x.graph.constant(places.map((n) => Math.max(0, n)));
  const windows = [B * C, kh * kw, oh * ow];
  const cut = reshape(gather(reshape(x, [B * C, H * W]), met, 1), windows);
  const equals = indicator(equal(cut, reshape(y, [B * C, 1, oh * ow])));
  const isPadded = places.includes(-1);
  const inside =
    isPadded &&
    x.graph.constant(
      Float32Array.from(places, (n) => Number(n >= 0)),
      [1, ...windows.slice(1)],
    );
  const hit = inside ? mul(equals, inside) : equals;
  const share = div(reshape(dy, [B * C, 1, oh * ow]), reduceSum(hit, 1, true));
  return sumWindows(x, reshape(mul(hit, share), [B * C, kh * kw, oh, ow]), a);
}

export const linear = {
  // dA = dY B^T, dB = A^T dY
  MatMul: vjp(([a, b], _y, [dy], _a, need) => [
    need[0] ? matMul(dy, swap(b)) : null,
    !need[1] ? null : b.shape.length === 2 && a.shape.length > 2 ? sharedWeight(a, dy) : matMul(swap(a), dy),
  ]),
  Gemm: vjp<{ transA: number; transB: number }>(([a, b, c], _y, [dy], { transA, transB }, need) => [
    !need[0]
      ? null
      : transA
        ? gemm(b, dy, { transA: transB === 1, transB: true })
        : gemm(dy, b, { transB: transB === 0 }),
    !need[1]
      ? null
      : transB
        ? gemm(dy, a, { transA: true, transB: transA === 1 })
        : gemm(a, dy, { transA: transA === 0 }),
    ...(c ? [dy] : []),
  ]),
  Conv: vjp<ConvAttrs>(([x, w, bias], _y, [dy], a, need) => [
    need[0] ? transposedConv(dy, w, { ...options(a), outputPadding: leftover(x, dy, a) }) : null,
    need[1] ? convWeightGradient(x, dy, w, a) : null,
    ...(bias ? [need[2] ? reduceSum(dy, [0, 2, 3]) : null] : []),
  ]),
  // the adjoint of the adjoint is the convolution itself
  ConvTranspose: vjp<ConvTransposeAttrs>(([y, w], _x, [dx], a, need) => [
    need[0] ? conv(dx, w, options(a)) : null,
    need[1] ? convWeightGradient(dx, y, w, a) : null,
  ]),
  AveragePool: vjp<PoolAttrs>(([x], _y, [dy], a) => {
    if (!tiles(x, a)) return [averageGradient(x, dy, a)];
    return [upsampleNearest(mul(dy, 1 / size(a.kernel_shape)), a.kernel_shape[0], a.kernel_shape[1])];
  }),
  // ties share the gradient
  MaxPool: vjp<PoolAttrs>(([x], [y], [dy], a) => {
    if (!tiles(x, a)) return [maximumGradient(x, y, dy, a)];
    const k = a.kernel_shape as [number, number];
    const hit = indicator(equal(x, upsampleNearest(y, k[0], k[1])));
    const ties = mul(averagePool(hit, k), size(k));
    return [mul(hit, upsampleNearest(div(dy, ties), k[0], k[1]))];
  }),
  // dx = y (dy - <dy, y>)
  Softmax: vjp((_x, [y], [dy]) => {
    const w = mul(dy, y);
    return [sub(w, mul(y, reduceSum(w, -1, true)))];
  }),
  // with x^ = (x - mean) inv: dx = inv (dx^ - mean(dx^) - x^ mean(dx^ x^)), plus what flows into the saved statistics
  LayerNormalization: {
    ...vjp(([x, scale, bias], [y, mean, inv], [dy, dMean, dInv], _a, need) => {
      const D = x.shape[x.shape.length - 1];
      const lead = [...Array(x.shape.length - 1).keys()];
      const hat = mul(sub(x, mean), inv);
      const parts: Tensor[] = [];
      if (dy) {
        const dHat = mul(dy, scale);
        parts.push(
          mul(inv, sub(sub(dHat, reduceMean(dHat, -1, true)), mul(hat, reduceMean(mul(dHat, hat), -1, true)))),
        );
      }
      if (dMean) parts.push(expand(mul(dMean, 1 / D), x.shape));
      if (dInv) parts.push(mul(mul(dInv, mul(mul(inv, inv), -1 / D)), hat));
      void y;
      return [
        need[0] && parts.length ? parts.reduce((s, p) => add(s, p)) : null,
        need[1] && dy ? reduceSum(mul(dy, hat), lead) : null,
        ...(bias ? [need[2] && dy ? reduceSum(dy, lead) : null] : []),
      ];
    }),
    sparse: true,
  },
};
