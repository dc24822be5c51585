// Functions that build graphs. Named as ONNX names the ops; numbers stand for scalar constants.
import { invariant } from '../util/invariant.ts';
import { axesOf, axisOf, sameShape, size, type Shape } from '../util/shape.ts';
import type { DType } from './op.ts';
import type { Graph, Tensor } from './graph.ts';
import type { ConvAttrs } from './ops/linear.ts';
import type { OpType } from './ops/table.ts';

export type Operand = Tensor | number;

function graphOf(...xs: Operand[]): { graph: Graph; dtype: DType } {
  const t = xs.find((x) => typeof x !== 'number');
  invariant(t, 'builder: expected at least one tensor; got numbers only');
  return { graph: t.graph, dtype: t.dtype };
}
function apply(op: OpType, xs: Operand[]): Tensor {
  const { graph, dtype } = graphOf(...xs);
  const lift = (x: Operand) => (typeof x === 'number' ? graph.scalar(x, dtype === 'int32' ? 'int32' : 'float32') : x);
  return graph.node(op, xs.map(lift))[0];
}
type Unary = (x: Tensor) => Tensor;
type Binary = (a: Operand, b: Operand) => Tensor;
const unary =
  (op: OpType): Unary =>
  (x) =>
    x.graph.node(op, [x])[0];
const binary =
  (op: OpType): Binary =>
  (a, b) =>
    apply(op, [a, b]);

export const neg = unary('Neg');
export const abs = unary('Abs');
export const exp = unary('Exp');
export const log = unary('Log');
export const sqrt = unary('Sqrt');
export const reciprocal = unary('Reciprocal');
export const tanh = unary('Tanh');
export const sigmoid = unary('Sigmoid');
export const softplus = unary('Softplus');
export const relu = unary('Relu');
export const erf = unary('Erf');
export const sin = unary('Sin');
export const cos = unary('Cos');
export const atan = unary('Atan');
export const asin = unary('Asin');
export const acos = unary('Acos');
export const floor = unary('Floor');
export const not = unary('Not');
export const identity = unary('Identity');
/** The same values, through which no gradient flows. */
export const detach: Unary = (x) => x.graph.node('Identity', [x], { stop: 1 })[0];
export const leakyRelu = (x: Tensor, alpha = 0.01): Tensor => x.graph.node('LeakyRelu', [x], { alpha })[0];
export const elu = (x: Tensor, alpha = 1): Tensor => x.graph.node('Elu', [x], { alpha })[0];

export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');
export const pow = binary('Pow');
export const max = binary('Max');
export const min = binary('Min');
export const greater = binary('Greater');
export const less = binary('Less');
export const greaterOrEqual = binary('GreaterOrEqual');
export const lessOrEqual = binary('LessOrEqual');
export const equal = binary('Equal');
export const and = binary('And');
export const square: Unary = (x) => mul(x, x);

/** condition ? a : b, elementwise. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const lift = (x: Operand) => (typeof x === 'number' ? condition.graph.scalar(x) : x);
  return condition.graph.node('Where', [condition, lift(a), lift(b)])[0];
}
export function cast(x: Tensor, to: 'float32' | 'int32' | 'bool'): Tensor {
  if (x.dtype === to) return x;
  if (x.dtype !== 'int64') return x.graph.node('Cast', [x], { to })[0];
  const maker = x.node?.op === 'TopK' || x.node?.op === 'ArgMax' ? x.node : null;
  invariant(maker, 'cast: expected int64 indices as topK or argMax gave them (cast first, then reshape or slice)');
  return cast(narrowed(x, maker.inputs[0].shape[maker.attrs.axis as number]), to);
}
/** int64 indices below `length` as int32, by looking them up: no WebGPU kernel casts int64. */
export const narrowed = (indices: Tensor, length: number): Tensor =>
  indices.dtype === 'int32' ? indices : gather(countUp(indices.graph, length), indices);
/** 0, 1, .., length - 1 as int32. */
export const countUp = (graph: Graph, length: number, shape: Shape = [length]): Tensor =>
  graph.constant(
    Int32Array.from({ length }, (_, i) => i),
    shape,
  );
/** A comparison as 0 and 1 in float32. */
export const indicator = (condition: Tensor): Tensor => cast(condition, 'float32');
/** -1, 0 or 1, through which no gradient flows (no Sign kernel on WebGPU). */
export const sign: Unary = (x) => sub(indicator(greater(x, 0)), indicator(less(x, 0)));
/** A float32 zero in every place. */
export const zerosOf = (graph: Graph, shape: Shape): Tensor => expand(graph.scalar(0), shape);
export const clip = (x: Tensor, low: number, high: number): Tensor =>
  x.graph.node('Clip', [x], { min: low, max: high })[0];

export type Axes = number | readonly number[] | 'all';
const listAxes = (x: Tensor, axes: Axes): number[] =>
  axesOf(
    'reduce',
    axes === 'all' ? x.shape.map((_, i) => i) : typeof axes === 'number' ? [axes] : axes,
    x.shape.length,
  );
const reduce =
  (op: OpType) =>
  (x: Tensor, axes: Axes, keep = false): Tensor => {
    const at = listAxes(x, axes);
    return at.length === 0 ? x : x.graph.node(op, [x], { axes: at, keepdims: Number(keep) })[0];
  };
export const reduceSum = reduce('ReduceSum');
export const reduceMean = reduce('ReduceMean');
export const reduceMax = reduce('ReduceMax');
export const reduceMin = reduce('ReduceMin');
/** The kernel itself, for x below about 80: on WebGPU it adds up exp(x) as it stands, which overflows at 89. */
export const bareLogSumExp = reduce('ReduceLogSumExp');
/** log of the sum of exp(x), of any x: the kernel gets x less its largest value. */
export function reduceLogSumExp(x: Tensor, axes: Axes, keep = false): Tensor {
  const largest = detach(reduceMax(x, axes, true));
  const rest = bareLogSumExp(sub(x, largest), axes, keep);
  return add(rest, reshape(largest, rest.shape));
}
export const reduceSumSquare = reduce('ReduceSumSquare');
export const reduceL2 = reduce('ReduceL2');

export const cumSum = (x: Tensor, axis: number, { exclusive = false, reverse = false } = {}): Tensor =>
  x.graph.node('CumSum', [x], {
    axis: axisOf('CumSum', axis, x.shape.length),
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  })[0];
/** Values and int64 indices of the `k` largest (smallest) along `axis`, in order. */
export function topK(x: Tensor, k: number, axis = -1, largest = true): { values: Tensor; indices: Tensor } {
  const [values, indices] = x.graph.node('TopK', [x], {
    k,
    axis: axisOf('TopK', axis, x.shape.length),
    largest: Number(largest),
  });
  return { values, indices };
}
export const argMax = (x: Tensor, axis = -1, keep = false): Tensor =>
  x.graph.node('ArgMax', [x], { axis: axisOf('ArgMax', axis, x.shape.length), keepdims: Number(keep) })[0];

export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((p, d) => (d === -1 ? p : p * d), 1);
  const full = shape.map((d) => (d === -1 ? size(x.shape) / known : d));
  return sameShape(full, x.shape) ? x : x.graph.node('Reshape', [x], { shape: full })[0];
}
export const flatten = (x: Tensor): Tensor => reshape(x, [size(x.shape)]);
export const unsqueeze = (x: Tensor, axis: number): Tensor => {
  const at = axisOf('unsqueeze', axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
};
export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  return perm.every((p, i) => p === i) ? x : x.graph.node('Transpose', [x], { perm })[0];
}
/** Swaps the last two axes. */
export function swap(x: Tensor): Tensor {
  const perm = x.shape.map((_, i) => i);
  const r = perm.length;
  [perm[r - 1], perm[r - 2]] = [r - 2, r - 1];
  return transpose(x, perm);
}
/** x[.., start:end:step, ..] along `axis`. A negative step runs down from `start` to above `end`, which is -1 to reach index 0. */
export function slice(x: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
  const at = axisOf('slice', axis, x.shape.length);
  if (step < 0) return gather(x, x.graph.constant(countDown(x.shape[at], start, end, step)), at);
  return start === 0 && end === x.shape[at] && step === 1
    ? x
    : x.graph.node('Slice', [x], { starts: [start], ends: [end], axes: [at], steps: [step] })[0];
}
function countDown(length: number, start: number, end: number, step: number): Int32Array {
  invariant(
    start < length && end < start && end >= -1 && Number.isInteger(step),
    () => `slice: expected ${length} > start > end >= -1 for a negative step; got ${start}:${end}:${step}`,
  );
  return Int32Array.from({ length: Math.ceil((start - end) / -step) }, (_, i) => start + i * step);
}
/** x from its last entry to its first along `axis`. */
export const reverse = (x: Tensor, axis: number): Tensor =>
  slice(x, axis, x.shape[axisOf('reverse', axis, x.shape.length)] - 1, -1, -1);
export const sliceMany = (
  x: Tensor,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps = axes.map(() => 1),
): Tensor => x.graph.node('Slice', [x], { starts, ends, axes, steps })[0];
export const concat = (xs: readonly Tensor[], axis: number): Tensor =>
  xs.length === 1 ? xs[0] : xs[0].graph.node('Concat', xs, { axis: axisOf('concat', axis, xs[0].shape.length) })[0];
export const split = (x: Tensor, axis: number, parts: readonly number[]): readonly Tensor[] =>
  x.graph.node('Split', [x], { axis: axisOf('split', axis, x.shape.length), split: parts });
/** Zeros before and after each axis. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[]): Tensor =>
  [...before, ...after].every((p) => p === 0) ? x : x.graph.node('Pad', [x], { pads: [...before, ...after] })[0];
export const expand = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : x.graph.node('Expand', [x], { shape })[0];
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  x.graph.node('Gather', [x, indices], { axis: axisOf('gather', axis, x.shape.length) })[0];
export const gatherElements = (x: Tensor, indices: Tensor, axis: number): Tensor =>
  x.graph.node('GatherElements', [x, indices], { axis: axisOf('gatherElements', axis, x.shape.length) })[0];
export const scatterAdd = (x: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor =>
  x.graph.node('ScatterElements', [x, indices, updates], { axis: axisOf('scatterAdd', axis, x.shape.length) })[0];
export const trilu = (x: Tensor, upper: boolean, k = 0): Tensor =>
  x.graph.node('Trilu', [x], { upper: Number(upper), k })[0];

export const matMul = (a: Tensor, b: Tensor): Tensor => a.graph.node('MatMul', [a, b])[0];
export const gemm = (
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, bias }: { transA?: boolean; transB?: boolean; bias?: Tensor } = {},
): Tensor => a.graph.node('Gemm', bias ? [a, b, bias] : [a, b], { transA: Number(transA), transB: Number(transB) })[0];
/** One number for both axes of a map, or [height, width]. */
export type Pair = number | readonly [number, number];
/** One number for all edges of a map, [vertical, horizontal], or [top, left, bottom, right]. */
export type Edges = Pair | readonly [number, number, number, number];
export const pairOf = (p: Pair): readonly [number, number] => (typeof p === 'number' ? [p, p] : p);
export const edgesOf = (p: Edges): readonly [number, number, number, number] => {
  if (typeof p === 'number') return [p, p, p, p];
  return p.length === 4 ? p : [p[0], p[1], p[0], p[1]];
};
export interface ConvOptions {
  stride?: Pair;
  pad?: Edges;
  dilation?: Pair;
  group?: number;
}
export const convAttrs = (w: Tensor, { stride = 1, pad: p = 0, dilation = 1, group = 1 }: ConvOptions): ConvAttrs => ({
  strides: pairOf(stride),
  pads: edgesOf(p),
  dilations: pairOf(dilation),
  group,
  kernel_shape: w.shape.slice(2),
});
/**
 * conv(x [B, C, H, W], w [O, C/group, kh, kw][, bias [O]])
 * The WebGPU kernel works on four output channels at once and mixes groups up when O, but not O / group, is a multiple of four:
 * then each group is widened by zero filters, whose outputs are cut off again.
 */
export function conv(x: Tensor, w: Tensor, options: ConvOptions & { bias?: Tensor } = {}): Tensor {
  const { bias, ...rest } = options;
  const G = rest.group ?? 1;
  invariant(
    x.shape[1] % G === 0 && w.shape[0] % G === 0,
    () =>
      `conv: expected input and output channels divisible by ${G} groups; got ${x.shape[1]} to ${w.shape[0]} channels`,
  );
  const each = w.shape[0] / G;
  const wide = Math.ceil(each / 4) * 4;
  if (G === 1 || each === 1 || each === wide || w.shape[0] % 4 !== 0)
    return x.graph.node('Conv', bias ? [x, w, bias] : [x, w], convAttrs(w, rest) as never)[0];
  const widen = (t: Tensor): Tensor => {
    const inner = t.shape.slice(1);
    const none = inner.map(() => 0);
    return reshape(pad(reshape(t, [G, each, ...inner]), [0, 0, ...none], [0, wide - each, ...none]), [
      G * wide,
      ...inner,
    ]);
  };
  const y = conv(x, widen(w), { ...rest, bias: bias && widen(bias) });
  const [B, , h, v] = y.shape;
  return reshape(slice(reshape(y, [B, G, wide, h, v]), 2, 0, each), [B, G * each, h, v]);
}
/** One group only: see `transposedConv` of maps.ts. */
export const convTranspose = (
  y: Tensor,
  w: Tensor,
  options: ConvOptions & { outputPadding?: readonly number[] } = {},
): Tensor =>
  y.graph.node('ConvTranspose', [y, w], {
    ...convAttrs(w, options),
    output_padding: options.outputPadding ?? [0, 0],
  } as never)[0];
const pool =
  (op: OpType) =>
  (x: Tensor, k: Pair, stride: Pair = k, p: Edges = 0): Tensor =>
    x.graph.node(op, [x], { kernel_shape: pairOf(k), strides: pairOf(stride), pads: edgesOf(p) })[0];
/** Mean of windows of `k` pixels; padding does not count. For the whole map use its size as `k`. */
export const averagePool = pool('AveragePool');
/** Largest value of windows of `k` pixels; padding never wins. */
export const maxPool = pool('MaxPool');
/** Over `axis`; any but the last costs two transposes. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const at = axisOf('softmax', axis, x.shape.length);
  const last = x.shape.length - 1;
  const order = x.shape.map((_, d) => (d === at ? last : d === last ? at : d));
  return transpose(x.graph.node('Softmax', [transpose(x, order)], { axis: -1 })[0], order);
}
export const layerNormalization = (x: Tensor, scale: Tensor, bias?: Tensor, epsilon = 1e-5): Tensor =>
  x.graph.node('LayerNormalization', bias ? [x, scale, bias] : [x, scale], { epsilon })[0];
