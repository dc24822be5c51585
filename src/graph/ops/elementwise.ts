// Elementwise ops: unary functions, binary arithmetic, comparisons, selection, casts.
import { erf } from '../../util/special.ts';
import { broadcastIndex, broadcastShapes, size, type Shape } from '../../util/shape.ts';
import { defineOp, showType, type DType, type TensorType, type Value } from '../op.ts';

function expect(op: string, inputs: readonly TensorType[], count: number, dtypes: readonly DType[]) {
  if (inputs.length !== count) throw new Error(`${op}: expected ${count} inputs; got ${inputs.length}`);
  for (const t of inputs)
    if (!dtypes.includes(t.dtype)) throw new Error(`${op}: expected ${dtypes.join(' or ')}; got ${showType(t)}`);
}

const unary = (op: string, f: (x: number) => number) =>
  defineOp({
    infer: (x) => (expect(op, x, 1, ['float32']), [{ shape: x[0].shape, dtype: 'float32' }]),
    eval64: ([x]) => [x.data.map(f)],
  });

/** Unary with one float attribute `alpha`. */
const unaryAlpha = (op: string, f: (x: number, alpha: number) => number) =>
  defineOp<{ alpha: number }>({
    infer: (x) => (expect(op, x, 1, ['float32']), [{ shape: x[0].shape, dtype: 'float32' }]),
    eval64: ([x], { alpha }) => [x.data.map((v) => f(v, alpha))],
    onnx: ({ alpha }) => ({ attrs: { alpha: { float: alpha } }, inputs: [] }),
  });

function broadcast(inputs: readonly Value[], shape: Shape, f: (...v: number[]) => number): Float64Array {
  const at = inputs.map((x) => broadcastIndex(x.shape, shape));
  return Float64Array.from({ length: size(shape) }, (_, i) => f(...inputs.map((x, k) => x.data[at[k](i)])));
}

const binary = (
  op: string,
  f: (a: number, b: number) => number,
  dtypes: readonly DType[] = ['float32', 'int32'],
  out?: DType,
) =>
  defineOp({
    infer: (x) => {
      expect(op, x, 2, dtypes);
      if (x[0].dtype !== x[1].dtype)
        throw new Error(`${op}: expected two inputs of one type; got ${showType(x[0])} and ${showType(x[1])}`);
      return [{ shape: broadcastShapes(op, x[0].shape, x[1].shape), dtype: out ?? x[0].dtype }];
    },
    eval64: (x, _, [y]) => [broadcast(x, y.shape, f)],
  });

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const CAST_TO = { float32: 1, int32: 6, bool: 9 } as const;

export const elementwise = {
  Neg: unary('Neg', (x) => -x),
  Abs: unary('Abs', Math.abs),
  Exp: unary('Exp', Math.exp),
  Log: unary('Log', Math.log),
  Sqrt: unary('Sqrt', Math.sqrt),
  Reciprocal: unary('Reciprocal', (x) => 1 / x),
  Tanh: unary('Tanh', Math.tanh),
  Sigmoid: unary('Sigmoid', sigmoid),
  Softplus: unary('Softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Relu: unary('Relu', (x) => Math.max(x, 0)),
  LeakyRelu: unaryAlpha('LeakyRelu', (x, a) => (x >= 0 ? x : a * x)),
  Elu: unaryAlpha('Elu', (x, a) => (x >= 0 ? x : a * Math.expm1(x))),
  Erf: unary('Erf', erf),
  Sin: unary('Sin', Math.sin),
  Cos: unary('Cos', Math.cos),
  Atan: unary('Atan', Math.atan),
  Asin: unary('Asin', Math.asin),
  Acos: unary('Acos', Math.acos),
  Floor: unary('Floor', Math.floor),

  Add: binary('Add', (a, b) => a + b),
  Sub: binary('Sub', (a, b) => a - b),
  Mul: binary('Mul', (a, b) => a * b),
  Div: binary('Div', (a, b) => a / b, ['float32']),
  Pow: binary('Pow', Math.pow, ['float32']),
  Max: binary('Max', Math.max, ['float32']),
  Min: binary('Min', Math.min, ['float32']),

  Greater: binary('Greater', (a, b) => Number(a > b), undefined, 'bool'),
  Less: binary('Less', (a, b) => Number(a < b), undefined, 'bool'),
  GreaterOrEqual: binary('GreaterOrEqual', (a, b) => Number(a >= b), undefined, 'bool'),
  LessOrEqual: binary('LessOrEqual', (a, b) => Number(a <= b), undefined, 'bool'),
  Equal: binary('Equal', (a, b) => Number(a === b), undefined, 'bool'),
  And: binary('And', (a, b) => Number(a !== 0 && b !== 0), ['bool']),
  Not: defineOp({
    infer: (x) => (expect('Not', x, 1, ['bool']), [{ shape: x[0].shape, dtype: 'bool' }]),
    eval64: ([x]) => [x.data.map((v) => Number(v === 0))],
  }),

  /** Where(condition, a, b) */
  Where: defineOp({
    infer: (x) => {
      if (x.length !== 3 || x[0].dtype !== 'bool' || x[1].dtype !== x[2].dtype)
        throw new Error(`Where: expected bool, and two inputs of one type; got ${x.map(showType).join(', ')}`);
      return [{ shape: broadcastShapes('Where', ...x.map((t) => t.shape)), dtype: x[1].dtype }];
    },
    eval64: (x, _, [y]) => [broadcast(x, y.shape, (c, a, b) => (c !== 0 ? a : b))],
  }),

  Cast: defineOp<{ to: string }>({
    infer: (x, { to }) => {
      if (!(to in CAST_TO)) throw new Error(`Cast: expected a target of ${Object.keys(CAST_TO).join(', ')}; got ${to}`);
      expect('Cast', x, 1, ['float32', 'int32', 'bool']);
      return [{ shape: x[0].shape, dtype: to as DType }];
    },
    eval64: ([x], { to }) => [
      to === 'float32' ? x.data.slice() : to === 'int32' ? x.data.map(Math.trunc) : x.data.map((v) => Number(v !== 0)),
    ],
    onnx: ({ to }) => ({ attrs: { to: { int: CAST_TO[to as keyof typeof CAST_TO] } }, inputs: [] }),
  }),

  /** Clip to [min, max]. */
  Clip: defineOp<{ min: number; max: number }>({
    infer: (x) => (expect('Clip', x, 1, ['float32']), [{ shape: x[0].shape, dtype: 'float32' }]),
    eval64: ([x], { min, max }) => [x.data.map((v) => Math.min(Math.max(v, min), max))],
    onnx: ({ min, max }) => ({
      attrs: {},
      inputs: [min, max].map((v) => ({ dtype: 'float32' as const, shape: [], data: [v] })),
    }),
  }),
  Identity: defineOp({ infer: (x) => [{ shape: x[0].shape, dtype: x[0].dtype }], eval64: ([x]) => [x.data.slice()] }),
};
