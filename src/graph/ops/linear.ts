// Products: MatMul, Gemm, convolutions; pooling; softmax and layer normalisation.
import { broadcastIndex, axisOf, broadcastShapes, sameShape, showShape, size, type Shape } from '../../util/shape.ts';
import { defineOp, showType, type TensorType, type Value } from '../op.ts';

export interface ConvAttrs {
  strides: readonly number[];
  pads: readonly number[];
  dilations: readonly number[];
  group: number;
  kernel_shape: readonly number[];
}
export interface ConvTransposeAttrs extends ConvAttrs {
  output_padding: readonly number[];
}
export interface PoolAttrs {
  kernel_shape: readonly number[];
  strides: readonly number[];
  /** [top, left, bottom, right], each below the kernel's size; padding neither counts in a mean nor wins a maximum. */
  pads: readonly number[];
}

function matMulShape(a: Shape, b: Shape): number[] {
  if (a.length < 2 || b.length < 2)
    throw new Error(`MatMul: expected matrices; got ${showShape(a)} and ${showShape(b)}`);
  if (a[a.length - 1] !== b[b.length - 2])
    throw new Error(`MatMul: expected inner sizes to agree; got ${showShape(a)} and ${showShape(b)}`);
  return [...broadcastShapes('MatMul', a.slice(0, -2), b.slice(0, -2)), a[a.length - 2], b[b.length - 1]];
}

function product(
  out: Float64Array,
  at: number,
  a: Float64Array,
  ao: number,
  b: Float64Array,
  bo: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++)
    for (let l = 0; l < k; l++) {
      const v = a[ao + i * k + l];
      if (v !== 0) for (let j = 0; j < n; j++) out[at + i * n + j] += v * b[bo + l * n + j];
    }
}

/** Visits every (output, input, weight) triple of a grouped 2-D convolution. */
function convolve(x: Shape, w: Shape, y: Shape, a: ConvAttrs, f: (yi: number, xi: number, wi: number) => void): void {
  const [B, C, H, W] = x;
  const [O, Cg, kh, kw] = w;
  const [, , oh, ow] = y;
  const perGroup = O / a.group;
  for (let b = 0; b < B; b++)
    for (let o = 0; o < O; o++)
      for (let p = 0; p < oh; p++)
        for (let q = 0; q < ow; q++)
          for (let c = 0; c < Cg; c++)
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++) {
                const r = p * a.strides[0] - a.pads[0] + i * a.dilations[0];
                const s = q * a.strides[1] - a.pads[1] + j * a.dilations[1];
                if (r < 0 || s < 0 || r >= H || s >= W) continue;
                const ch = Math.floor(o / perGroup) * Cg + c;
                f(((b * O + o) * oh + p) * ow + q, ((b * C + ch) * H + r) * W + s, ((o * Cg + c) * kh + i) * kw + j);
              }
}
const convSize = (n: number, k: number, stride: number, pads: number, dilation: number) =>
  Math.floor((n + pads - dilation * (k - 1) - 1) / stride) + 1;
const convAttrs = (a: ConvAttrs) => ({
  strides: { ints: a.strides },
  pads: { ints: a.pads },
  dilations: { ints: a.dilations },
  group: { int: a.group },
  kernel_shape: { ints: a.kernel_shape },
});

function poolShape(op: string, [x]: readonly TensorType[], a: PoolAttrs): TensorType[] {
  const { kernel_shape: k, strides, pads } = a;
  if (x.shape.length !== 4) throw new Error(`${op}: expected [B, C, H, W]; got ${showType(x)}`);
  if (pads.some((p, i) => p < 0 || p >= k[i % 2]))
    throw new Error(`${op}: expected pads below the kernel ${showShape(k)}; got ${showShape(pads)}`);
  const at = (i: number) => convSize(x.shape[2 + i], k[i], strides[i], pads[i] + pads[2 + i], 1);
  return [{ shape: [x.shape[0], x.shape[1], at(0), at(1)], dtype: 'float32' }];
}
/** Places of a map [H, W] that a window meets, padding left out. */
export function windowPlaces([H, W]: Shape, a: PoolAttrs, p: number, q: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < a.kernel_shape[0]; i++)
    for (let j = 0; j < a.kernel_shape[1]; j++) {
      const r = p * a.strides[0] - a.pads[0] + i;
      const s = q * a.strides[1] - a.pads[1] + j;
      if (r >= 0 && s >= 0 && r < H && s < W) places.push(r * W + s);
    }
  return places;
}
function pool(
  [x]: readonly Value[],
  a: PoolAttrs,
  y: TensorType,
  f: (window: readonly number[]) => number,
): Float64Array {
  const map = x.shape.slice(2);
  const [B, C, oh, ow] = y.shape;
  const out = new Float64Array(size(y.shape));
  for (let p = 0; p < oh; p++)
    for (let q = 0; q < ow; q++) {
      const places = windowPlaces(map, a, p, q);
      for (let n = 0; n < B * C; n++)
        out[(n * oh + p) * ow + q] = f(places.map((place) => x.data[n * size(map) + place]));
    }
  return out;
}
const poolOnnx = (a: PoolAttrs) => ({
  attrs: { kernel_shape: { ints: a.kernel_shape }, strides: { ints: a.strides }, pads: { ints: a.pads } },
  inputs: [],
});

export const linear = {
  MatMul: defineOp({
    infer: ([a, b]) => [{ shape: matMulShape(a.shape, b.shape), dtype: 'float32' }],
    eval64: ([a, b], _, [y]) => {
      const r = y.shape.length;
      const m = y.shape[r - 2];
      const n = y.shape[r - 1];
      const k = a.shape[a.shape.length - 1];
      const batch = y.shape.slice(0, -2);
      const ai = broadcastIndex(a.shape.slice(0, -2), batch);
      const bi = broadcastIndex(b.shape.slice(0, -2), batch);
      const out = new Float64Array(size(y.shape));
      for (let i = 0; i < size(batch); i++)
        product(out, i * m * n, a.data, ai(i) * m * k, b.data, bi(i) * k * n, m, k, n);
      return [out];
    },
  }),

  /** op(a) op(b) (+ c), matrices only; c broadcasts to [M, N]. */
  Gemm: defineOp<{ transA: number; transB: number }>({
    infer: (x, { transA, transB }) => {
      const [a, b, c] = x;
      if (a.shape.length !== 2 || b.shape.length !== 2)
        throw new Error(`Gemm: expected matrices; got ${x.map(showType).join(', ')}`);
      const shape = matMulShape(transA ? a.shape.toReversed() : a.shape, transB ? b.shape.toReversed() : b.shape);
      if (c && !sameShape(broadcastShapes('Gemm', c.shape, shape), shape))
        throw new Error(`Gemm: expected a bias that broadcasts to ${showShape(shape)}; got ${showType(c)}`);
      return [{ shape, dtype: 'float32' }];
    },
    eval64: ([a, b, c], { transA, transB }, [y]) => {
      const flip = (v: Value) =>
        Float64Array.from({ length: v.data.length }, (_, i) => {
          const [r, s] = v.shape;
          return v.data[(i % r) * s + Math.floor(i / r)];
        });
      const [m, n] = y.shape;
      const k = transA ? a.shape[0] : a.shape[1];
      const out = new Float64Array(m * n);
      if (c) {
        const at = broadcastIndex(c.shape, y.shape);
        for (let i = 0; i < out.length; i++) out[i] = c.data[at(i)];
      }
      product(out, 0, transA ? flip(a) : a.data, 0, transB ? flip(b) : b.data, 0, m, k, n);
      return [out];
    },
    onnx: ({ transA, transB }) => ({ attrs: { transA: { int: transA }, transB: { int: transB } }, inputs: [] }),
  }),

  /** Conv(x [B, C, H, W], w [O, C/group, kh, kw][, bias [O]]) */
  Conv: defineOp<ConvAttrs>({
    infer: ([x, w, bias], a) => {
      if (bias && !sameShape(bias.shape, [w.shape[0]]))
        throw new Error(`Conv: expected a bias of [${w.shape[0]}]; got ${showType(bias)}`);
      if (
        x.shape.length !== 4 ||
        w.shape.length !== 4 ||
        x.shape[1] !== w.shape[1] * a.group ||
        w.shape[0] % a.group !== 0
      )
        throw new Error(
          `Conv: expected x [B, C, H, W] and w [O, C/${a.group}, kh, kw]; got ${showType(x)} and ${showType(w)}`,
        );
      const at = (i: number) =>
        convSize(x.shape[2 + i], w.shape[2 + i], a.strides[i], a.pads[i] + a.pads[2 + i], a.dilations[i]);
      return [{ shape: [x.shape[0], w.shape[0], at(0), at(1)], dtype: 'float32' }];
    },
    eval64: ([x, w, bias], a, [y]) => {
      const out = new Float64Array(size(y.shape));
      const plane = y.shape[2] * y.shape[3];
      if (bias)
        out.forEach((_, i) => {
          out[i] = bias.data[Math.floor(i / plane) % y.shape[1]];
        });
      convolve(x.shape, w.shape, y.shape, a, (yi, xi, wi) => {
        out[yi] += x.data[xi] * w.data[wi];
      });
      return [out];
    },
    onnx: (a) => ({ attrs: convAttrs(a), inputs: [] }),
  }),

  /** The adjoint of Conv in x: ConvTranspose(y [B, O, oh, ow], w [O, C, kh, kw]) -> [B, C, H, W]. One group: the grouped WebGPU kernel is wrong. */
  ConvTranspose: defineOp<ConvTransposeAttrs>({
    infer: ([y, w], a) => {
      if (a.group !== 1)
        throw new Error(`ConvTranspose: expected one group (use transposedConv of graph/maps.ts); got ${a.group}`);
      if (y.shape.length !== 4 || w.shape.length !== 4 || y.shape[1] !== w.shape[0])
        throw new Error(
          `ConvTranspose: expected y [B, O, oh, ow] and w [O, C/group, kh, kw]; got ${showType(y)} and ${showType(w)}`,
        );
      const at = (i: number) =>
        (y.shape[2 + i] - 1) * a.strides[i] -
        a.pads[i] -
        a.pads[2 + i] +
        a.dilations[i] * (w.shape[2 + i] - 1) +
        1 +
        a.output_padding[i];
      return [{ shape: [y.shape[0], w.shape[1] * a.group, at(0), at(1)], dtype: 'float32' }];
    },
    eval64: ([y, w], a, [x]) => {
      const out = new Float64Array(size(x.shape));
      convolve(x.shape, w.shape, y.shape, a, (yi, xi, wi) => {
        out[xi] += y.data[yi] * w.data[wi];
      });
      return [out];
    },
    onnx: (a) => ({ attrs: { ...convAttrs(a), output_padding: { ints: a.output_padding } }, inputs: [] }),
  }),

  AveragePool: defineOp<PoolAttrs>({
    infer: (x, a) => poolShape('AveragePool', x, a),
    eval64: (x, a, [y]) => [pool(x, a, y, (v) => v.reduce((s, t) => s + t, 0) / v.length)],
    onnx: poolOnnx,
  }),
  MaxPool: defineOp<PoolAttrs>({
    infer: (x, a) => poolShape('MaxPool', x, a),
    eval64: (x, a, [y]) => [pool(x, a, y, (v) => Math.max(...v))],
    onnx: poolOnnx,
  }),

  /** Over the last axis. */
  Softmax: defineOp<{ axis: number }>({
    infer: ([x], { axis }) => {
      if (axisOf('Softmax', axis, x.shape.length) !== x.shape.length - 1)
        throw new Error(`Softmax: expected the last axis; got ${axis} of ${showType(x)}`);
      return [{ shape: x.shape, dtype: 'float32' }];
    },
    eval64: ([x]) => {
      const n = x.shape[x.shape.length - 1];
      const out = new Float64Array(x.data.length);
      for (let r = 0; r < out.length; r += n) {
        const row = x.data.subarray(r, r + n);
        const m = row.reduce((a, b) => Math.max(a, b), -Infinity);
        const e = row.map((v) => Math.exp(v - m));
        const s = e.reduce((a, b) => a + b, 0);
        out.set(
          e.map((v) => v / s),
          r,
        );
      }
      return [out];
    },
    onnx: ({ axis }) => ({ attrs: { axis: { int: axis } }, inputs: [] }),
  }),

  /** LayerNormalization(x, scale[, bias]) over the last axis. Outputs: y, mean [.., 1], 1/std [.., 1]. */
  LayerNormalization: defineOp<{ epsilon: number }>({
    infer: ([x, scale, bias]) => {
      const d = x.shape[x.shape.length - 1];
      for (const t of [scale, bias])
        if (t && !sameShape(t.shape, [d]))
          throw new Error(`LayerNormalization: expected scale and bias of [${d}]; got ${showType(t)}`);
      const stat = x.shape.with(-1, 1);
      return [
        { shape: x.shape, dtype: 'float32' },
        { shape: stat, dtype: 'float32' },
        { shape: stat, dtype: 'float32' },
      ];
    },
    eval64: ([x, scale, bias], { epsilon }) => {
      const d = x.shape[x.shape.length - 1];
      const rows = x.data.length / d;
      const y = new Float64Array(x.data.length);
      const mean = new Float64Array(rows);
      const inv = new Float64Array(rows);
      for (let r = 0; r < rows; r++) {
        const row = x.data.subarray(r * d, (r + 1) * d);
        mean[r] = row.reduce((a, b) => a + b, 0) / d;
        inv[r] = 1 / Math.sqrt(row.reduce((a, b) => a + (b - mean[r]) ** 2, 0) / d + epsilon);
        row.forEach((v, i) => {
          y[r * d + i] = (v - mean[r]) * inv[r] * scale.data[i] + (bias ? bias.data[i] : 0);
        });
      }
      return [y, mean, inv];
    },
    onnx: ({ epsilon }) => ({ attrs: { axis: { int: -1 }, epsilon: { float: epsilon } }, inputs: [] }),
  }),
};
