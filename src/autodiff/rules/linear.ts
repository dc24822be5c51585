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
import type { ConvAttrs, ConvTransposeAttrs, PoolAttrs } from '../../graph/ops/linear.ts';
import { transposedConv, upsampleNearest } from '../../graph/maps.ts';
import { invariant } from '../../util/invariant.ts';
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

const options = (a: ConvAttrs) => ({ stride: a.strides[0], pad: a.pads[0], dilation: a.dilations[0], group: a.group });
function square(a: ConvAttrs): void {
  invariant(
    a.strides[0] === a.strides[1] && a.pads.every((p) => p === a.pads[0]) && a.dilations[0] === a.dilations[1],
    'Conv: expected equal strides, pads and dilations on both axes where a gradient flows',
  );
}
/** Input size that a strided convolution loses to rounding, per axis. */
const leftover = (x: Tensor, dy: Tensor, a: ConvAttrs) =>
  [0, 1].map(
    (i) =>
      x.shape[2 + i] -
      ((dy.shape[2 + i] - 1) * a.strides[i] - 2 * a.pads[0] + a.dilations[i] * (a.kernel_shape[i] - 1) + 1),
  );

function tiles(op: string, x: Tensor, { kernel_shape: k, strides: s }: PoolAttrs): void {
  invariant(
    k[0] === s[0] && k[1] === s[1] && x.shape[2] % k[0] === 0 && x.shape[3] % k[1] === 0,
    `${op}: expected windows that tile the map (kernel = stride, no remainder) where a gradient flows; for others use a convolution`,
  );
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
  Conv: vjp<ConvAttrs>(([x, w, bias], _y, [dy], a, need) => {
    square(a);
    return [
      need[0] ? transposedConv(dy, w, { ...options(a), outputPadding: leftover(x, dy, a) }) : null,
      need[1] ? convWeightGradient(x, dy, w, a) : null,
      ...(bias ? [need[2] ? reduceSum(dy, [0, 2, 3]) : null] : []),
    ];
  }),
  // the adjoint of the adjoint is the convolution itself
  ConvTranspose: vjp<ConvTransposeAttrs>(([y, w], _x, [dx], a, need) => {
    square(a);
    return [need[0] ? conv(dx, w, options(a)) : null, need[1] ? convWeightGradient(dx, y, w, a) : null];
  }),
  AveragePool: vjp<PoolAttrs>(([x], _y, [dy], a) => {
    tiles('AveragePool', x, a);
    return [upsampleNearest(mul(dy, 1 / size(a.kernel_shape)), a.kernel_shape[0], a.kernel_shape[1])];
  }),
  // ties share the gradient
  MaxPool: vjp<PoolAttrs>(([x], [y], [dy], a) => {
    tiles('MaxPool', x, a);
    const k = a.kernel_shape;
    const hit = indicator(equal(x, upsampleNearest(y, k[0], k[1])));
    const ties = mul(averagePool(hit, k[0]), size(k));
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
