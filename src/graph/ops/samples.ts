// One sample row (or more) per op. The rows drive shape inference, gradient checks of first and second order,
// printing, and parity of onnxruntime with the evaluator. A missing op is a compile error.
import { prng } from '../../util/prng.ts';
import { size, type Shape } from '../../util/shape.ts';
import { Graph, type Tensor } from '../graph.ts';
import type { Attrs, DType } from '../op.ts';
import type { OpType } from './table.ts';

export interface SampleInput {
  shape: Shape;
  dtype?: DType;
  /** Values are drawn from [low, high]; whole numbers for int32. */
  low?: number;
  high?: number;
  /** Exact values instead of drawn ones. */
  values?: readonly number[];
  /** Constants of the graph (indices), not fed. */
  constant?: boolean;
}
export interface Sample {
  inputs: readonly SampleInput[];
  attrs?: Attrs;
  /** Compare with onnxruntime only to this tolerance. */ tolerance?: number;
}

const f = (...shape: number[]): SampleInput => ({ shape });
const pos = (...shape: number[]): SampleInput => ({ shape, low: 0.3, high: 2 });
const unit = (...shape: number[]): SampleInput => ({ shape, low: -0.8, high: 0.8 });
const bools = (values: number[], ...shape: number[]): SampleInput => ({ shape, dtype: 'bool', values });
const index = (values: number[], ...shape: number[]): SampleInput => ({ shape, dtype: 'int32', values });
const ties: SampleInput = { shape: [6], values: [1, 1, -2, 0.5, 3, -0.25] };
const ties2: SampleInput = { shape: [6], values: [1, 0.5, -2, 0.75, -3, -0.25] };
const one = (input: SampleInput, attrs?: Attrs): Sample[] => [{ inputs: [input], attrs }];
const pair = (a: SampleInput, b: SampleInput): Sample[] => [{ inputs: [a, b] }];
const broadcasting = (a = f, b = f): Sample[] => [
  { inputs: [a(2, 3), b(2, 3)] },
  { inputs: [a(2, 1, 3), b(4, 1)] },
  { inputs: [a(3), b()] },
];
const reducing: Sample[] = [
  { inputs: [f(2, 3, 4)], attrs: { axes: [1], keepdims: 0 } },
  { inputs: [f(2, 3, 4)], attrs: { axes: [0, 2], keepdims: 1 } },
  { inputs: [f(5)], attrs: { axes: [0], keepdims: 0 } },
];
const conv = (attrs: Partial<Record<string, number | number[]>>, k = 3): Attrs =>
  ({ strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1, kernel_shape: [k, k], ...attrs }) as Attrs;
const poolOf = (k: number[], strides: number[], p = 0, end = p): Attrs =>
  ({ kernel_shape: k, strides, pads: [p, p, end, end] }) as Attrs;
/** Windows that tile, overlap, leave a remainder, are padded (also on one side), are not square, or take the whole map. */
const pooling: Sample[] = [
  { inputs: [f(2, 2, 4, 6)], attrs: poolOf([2, 2], [2, 2]) },
  { inputs: [f(2, 2, 5, 6)], attrs: poolOf([3, 3], [2, 2]) },
  { inputs: [f(2, 3, 6, 6)], attrs: poolOf([3, 3], [2, 2], 1) },
  { inputs: [f(1, 2, 5, 7)], attrs: poolOf([2, 3], [1, 2], 1, 0) },
  { inputs: [f(1, 2, 5, 5)], attrs: poolOf([2, 2], [2, 2]) },
  { inputs: [f(2, 3, 4, 5)], attrs: poolOf([4, 5], [4, 5]) },
];
/** Below zero and largest first: neither a zero nor a repeated first pixel may stand for padding. */
const FALLING = [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16];

export const samples: Record<OpType, readonly Sample[]> = {
  Neg: one(f(2, 3)),
  Abs: one(f(2, 3)),
  Exp: one(f(2, 3)),
  Log: one(pos(2, 3)),
  Sqrt: one(pos(2, 3)),
  Reciprocal: one(pos(2, 3)),
  Tanh: one(f(2, 3)),
  Sigmoid: one(f(2, 3)),
  Softplus: one(f(2, 3)),
  Relu: one(f(2, 3)),
  LeakyRelu: one(f(2, 3), { alpha: 0.1 }),
  Elu: one(f(2, 3), { alpha: 1 }),
  Erf: [{ inputs: [f(2, 3)] }, { inputs: [{ shape: [4], values: [-3, -0.1, 2.6, 5] }] }],
  // WGSL promises sine and cosine to 2^-11 only
  Sin: [{ inputs: [f(2, 3)], tolerance: 5e-4 }],
  Cos: [{ inputs: [f(2, 3)], tolerance: 5e-4 }],
  Atan: one(f(2, 3)),
  Asin: one(unit(2, 3)),
  Acos: one(unit(2, 3)),
  Floor: one(f(2, 3)),
  Add: [...broadcasting(), { inputs: [index([1, 2], 2), index([3, 4], 2)] }],
  Sub: broadcasting(),
  Mul: broadcasting(),
  Div: broadcasting(f, pos),
  Pow: broadcasting(pos, f),
  Max: broadcasting(),
  Min: broadcasting(),
  Greater: [...broadcasting(), { inputs: [ties, ties2] }],
  Less: pair(ties, ties2),
  GreaterOrEqual: pair(ties, ties2),
  LessOrEqual: pair(ties, ties2),
  Equal: [...pair(ties, ties2), ...pair(index([1, 2, 3], 3, 1), index([3, 2], 2))],
  And: pair(bools([1, 1, 0, 0], 4), bools([1, 0, 1, 0], 4)),
  Not: one(bools([1, 0, 1], 3)),
  Where: [{ inputs: [bools([1, 0, 0, 1, 1, 0], 2, 3), f(2, 3), f(3)] }],
  Cast: [
    { inputs: [bools([1, 0], 2)], attrs: { to: 'float32' } },
    { inputs: [index([3, -1], 2)], attrs: { to: 'float32' } },
    { inputs: [{ shape: [3], values: [1.7, -1.7, 0] }], attrs: { to: 'int32' } },
  ],
  Clip: one(f(2, 3), { min: -0.5, max: 0.5 }),
  Identity: one(f(2, 3)),

  ReduceSum: reducing,
  ReduceMean: reducing,
  ReduceMax: reducing,
  ReduceMin: reducing,
  ReduceLogSumExp: [
    ...reducing,
    { inputs: [{ shape: [2, 3], values: [70, 71, 72, -72, -71, -70] }], attrs: { axes: [1], keepdims: 0 } },
  ],
  ReduceSumSquare: reducing,
  ReduceL2: reducing,
  CumSum: [
    { inputs: [f(2, 4)], attrs: { axis: 1, exclusive: 0, reverse: 0 } },
    { inputs: [f(3, 2)], attrs: { axis: 0, exclusive: 1, reverse: 1 } },
  ],
  TopK: [
    { inputs: [f(2, 6)], attrs: { k: 3, axis: 1, largest: 1 } },
    { inputs: [f(2, 6)], attrs: { k: 2, axis: 1, largest: 0 } },
  ],
  ArgMax: [{ inputs: [f(2, 5)], attrs: { axis: 1, keepdims: 0 } }],

  Reshape: one(f(2, 6), { shape: [3, 4] }),
  Transpose: one(f(2, 3, 4), { perm: [2, 0, 1] }),
  Slice: [
    { inputs: [f(4, 5)], attrs: { starts: [1, 0], ends: [3, 5], axes: [0, 1], steps: [1, 2] } },
    { inputs: [f(6)], attrs: { starts: [1], ends: [6], axes: [0], steps: [3] } },
  ],
  Concat: [{ inputs: [f(2, 2), f(2, 3)], attrs: { axis: 1 } }],
  Split: [{ inputs: [f(2, 5)], attrs: { axis: 1, split: [2, 3] } }],
  Pad: one(f(2, 3), { pads: [0, 1, 2, 0] }),
  Expand: [
    { inputs: [f(1, 3)], attrs: { shape: [2, 4, 3] } },
    { inputs: [index([3, 1], 2, 1)], attrs: { shape: [2, 3] } },
    { inputs: [f()], attrs: { shape: [2, 3] } },
  ],
  Gather: [
    { inputs: [f(5, 3), index([4, 0, 4, 2], 2, 2)], attrs: { axis: 0 } },
    { inputs: [f(2, 4, 3), index([3, 1], 2)], attrs: { axis: 1 } },
    { inputs: [f(5, 3), { ...index([4, 0, 4, 2], 4), constant: true }], attrs: { axis: 0 } },
    { inputs: [f(2, 3), { ...index([2, 0, 1], 3), constant: true }], attrs: { axis: 1 } },
  ],
  GatherElements: [{ inputs: [f(3, 4), index([0, 3, 1, 1, 2, 0], 3, 2)], attrs: { axis: 1 } }],
  ScatterElements: [{ inputs: [f(3, 4), index([0, 3, 1, 1, 2, 0], 3, 2), f(3, 2)], attrs: { axis: 1 } }],
  Trilu: [
    { inputs: [f(2, 3, 3)], attrs: { upper: 0, k: 0 } },
    { inputs: [f(3, 4)], attrs: { upper: 1, k: 1 } },
  ],

  MatMul: [{ inputs: [f(3, 4), f(4, 2)] }, { inputs: [f(2, 3, 4), f(4, 2)] }, { inputs: [f(2, 1, 3, 4), f(3, 4, 2)] }],
  Gemm: [
    { inputs: [f(3, 4), f(4, 2)], attrs: { transA: 0, transB: 0 } },
    { inputs: [f(4, 3), f(4, 2), f(2)], attrs: { transA: 1, transB: 0 } },
    { inputs: [f(3, 4), f(2, 4), f(3, 2)], attrs: { transA: 0, transB: 1 } },
    { inputs: [f(4, 3), f(2, 4)], attrs: { transA: 1, transB: 1 } },
  ],
  Conv: [
    { inputs: [f(2, 2, 5, 5), f(3, 2, 3, 3), f(3)], attrs: conv({ pads: [1, 1, 1, 1] }) },
    { inputs: [f(1, 2, 6, 6), f(3, 2, 3, 3)], attrs: conv({ strides: [2, 2], pads: [1, 1, 1, 1] }) },
    { inputs: [f(1, 4, 5, 5), f(4, 1, 3, 3)], attrs: conv({ group: 4, pads: [1, 1, 1, 1] }) },
    { inputs: [f(1, 4, 4, 4), f(6, 2, 3, 3)], attrs: conv({ group: 2, pads: [1, 1, 1, 1] }) },
    { inputs: [f(2, 4, 5, 5), f(6, 2, 3, 3)], attrs: conv({ group: 2, strides: [2, 2], pads: [1, 1, 1, 1] }) },
    { inputs: [f(1, 1, 7, 7), f(2, 1, 3, 3)], attrs: conv({ dilations: [2, 2], pads: [2, 2, 2, 2] }) },
    { inputs: [f(2, 3, 4, 4), f(2, 3, 1, 1)], attrs: conv({}, 1) },
    // unequal axes
    {
      inputs: [f(2, 2, 6, 7), f(3, 2, 1, 3)],
      attrs: conv({ kernel_shape: [1, 3], strides: [1, 2], pads: [0, 1, 0, 1] }),
    },
    { inputs: [f(1, 2, 7, 6), f(3, 2, 3, 3)], attrs: conv({ strides: [2, 1], dilations: [1, 2], pads: [1, 0, 2, 3] }) },
    {
      inputs: [f(2, 4, 7, 6), f(8, 2, 3, 2)],
      attrs: conv({ group: 2, kernel_shape: [3, 2], strides: [2, 3], pads: [1, 0, 2, 1] }),
    },
  ],
  ConvTranspose: [
    {
      inputs: [f(1, 3, 3, 3), f(3, 2, 3, 3)],
      attrs: { ...conv({ strides: [2, 2], pads: [1, 1, 1, 1] }), output_padding: [1, 1] },
    },
    {
      inputs: [f(1, 2, 4, 4), f(2, 3, 3, 3)],
      attrs: { ...conv({ dilations: [2, 2], pads: [1, 1, 1, 1] }), output_padding: [0, 0] },
    },
    {
      inputs: [f(1, 2, 3, 4), f(2, 3, 2, 3)],
      attrs: { ...conv({ kernel_shape: [2, 3], strides: [2, 3], pads: [1, 0, 0, 2] }), output_padding: [0, 1] },
    },
  ],
  AveragePool: pooling,
  MaxPool: [...pooling, { inputs: [{ ...f(1, 1, 4, 4), values: FALLING }], attrs: poolOf([3, 3], [1, 1], 1) }],
  Softmax: one(f(2, 3, 5), { axis: -1 }),
  LayerNormalization: [
    { inputs: [f(2, 3, 6), pos(6), f(6)], attrs: { epsilon: 1e-5 } },
    { inputs: [f(4, 6), pos(6)], attrs: { epsilon: 1e-5 } },
  ],
};

/** The sample as a graph with inputs x0, x1, ... and outputs y0, y1, ..., and values for its inputs. */
export function sampleGraph(
  op: OpType,
  sample: Sample,
  seed = 1,
): { graph: Graph; inputs: Tensor[]; outputs: readonly Tensor[]; feeds: Record<string, Float64Array> } {
  const graph = new Graph();
  const random = prng(seed, op);
  const feeds: Record<string, Float64Array> = {};
  const inputs = sample.inputs.map((s, i) => {
    const data = s.values
      ? Float64Array.from(s.values)
      : Float64Array.from(random.uniforms(size(s.shape), s.low ?? -2, s.high ?? 2));
    if (s.constant) return graph.constant(Int32Array.from(data), s.shape);
    feeds[`x${i}`] = data;
    return graph.input(`x${i}`, s.shape, s.dtype ?? 'float32');
  });
  const outputs = graph.node(op, inputs, sample.attrs ?? {});
  outputs.forEach((t, i) => graph.output(`y${i}`, t));
  return { graph, inputs, outputs, feeds };
}
