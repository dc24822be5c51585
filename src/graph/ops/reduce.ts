// Reductions, running sums, and selection by order.
import { axesOf, axisOf, reducedShape, size, strides } from '../../util/shape.ts';
import { defineOp, showType, int64s, type TensorType, type Value } from '../op.ts';

export interface ReduceAttrs {
  axes: readonly number[];
  keepdims: number;
}

/** Groups of flat indices that one output element collects. */
function groups(x: Value, axes: readonly number[]): Int32Array[] {
  const st = strides(x.shape);
  const out = reducedShape(x.shape, axes, true);
  const outSt = strides(out);
  const lists: number[][] = Array.from({ length: size(out) }, () => []);
  for (let i = 0; i < x.data.length; i++) {
    let at = 0;
    for (let d = 0; d < st.length; d++) if (!axes.includes(d)) at += (Math.floor(i / st[d]) % x.shape[d]) * outSt[d];
    lists[at].push(i);
  }
  return lists.map((l) => Int32Array.from(l));
}

const reduce = (op: string, f: (values: Float64Array) => number) =>
  defineOp<ReduceAttrs>({
    infer: ([x], { axes, keepdims }) => {
      if (x.dtype !== 'float32') throw new Error(`${op}: expected float32; got ${showType(x)}`);
      if (axes.length === 0) throw new Error(`${op}: expected at least one axis; got none`);
      return [{ shape: reducedShape(x.shape, axesOf(op, axes, x.shape.length), keepdims === 1), dtype: 'float32' }];
    },
    eval64: ([x], { axes }) => {
      const at = axesOf(op, axes, x.shape.length);
      return [Float64Array.from(groups(x, at), (g) => f(Float64Array.from(g, (i) => x.data[i])))];
    },
    onnx: ({ axes, keepdims }) => ({ attrs: { keepdims: { int: keepdims } }, inputs: [int64s(axes)] }),
  });

const sum = (v: Float64Array) => v.reduce((a, b) => a + b, 0);
const max = (v: Float64Array) => v.reduce((a, b) => Math.max(a, b), -Infinity);

export interface TopKAttrs {
  k: number;
  axis: number;
  largest: number;
}
/** Runs `f` over each line of `x` along `axis`: its flat indices in order. */
function lines(x: TensorType, axis: number, f: (line: Int32Array, number: number) => void): void {
  const st = strides(x.shape);
  const n = x.shape[axis];
  const step = st[axis];
  const outer = size(x.shape.slice(0, axis));
  const inner = size(x.shape.slice(axis + 1));
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++)
      f(
        Int32Array.from({ length: n }, (_, k) => o * n * inner + k * step + i),
        o * inner + i,
      );
}

export const reductions = {
  ReduceSum: reduce('ReduceSum', sum),
  ReduceMean: reduce('ReduceMean', (v) => sum(v) / v.length),
  ReduceMax: reduce('ReduceMax', max),
  ReduceMin: reduce('ReduceMin', (v) => -max(v.map((x) => -x))),
  ReduceLogSumExp: reduce('ReduceLogSumExp', (v) => {
    const m = max(v);
    return m + Math.log(sum(v.map((x) => Math.exp(x - m))));
  }),
  ReduceSumSquare: reduce('ReduceSumSquare', (v) => sum(v.map((x) => x * x))),
  ReduceL2: reduce('ReduceL2', (v) => Math.sqrt(sum(v.map((x) => x * x)))),

  /** Running sum along `axis`. */
  CumSum: defineOp<{ axis: number; exclusive: number; reverse: number }>({
    infer: ([x], { axis }) => (axisOf('CumSum', axis, x.shape.length), [{ shape: x.shape, dtype: 'float32' }]),
    eval64: ([x], { axis, exclusive, reverse }) => {
      const y = new Float64Array(x.data.length);
      lines(x, axisOf('CumSum', axis, x.shape.length), (line) => {
        let total = 0;
        for (const i of reverse ? line.slice().reverse() : line) {
          if (exclusive) {
            y[i] = total;
            total += x.data[i];
          } else {
            total += x.data[i];
            y[i] = total;
          }
        }
      });
      return [y];
    },
    onnx: ({ axis, exclusive, reverse }) => ({
      attrs: { exclusive: { int: exclusive }, reverse: { int: reverse } },
      inputs: [{ dtype: 'int64', shape: [], data: [axis] }],
    }),
  }),

  /** The `k` largest (or smallest) along `axis`, sorted; ties go to the lower index. Outputs: values, int64 indices. */
  TopK: defineOp<TopKAttrs>({
    infer: ([x], { k, axis }) => {
      const at = axisOf('TopK', axis, x.shape.length);
      if (x.dtype !== 'float32' || k < 1 || k > x.shape[at])
        throw new Error(`TopK: expected float32 and 1 <= k <= ${x.shape[at]}; got k = ${k} of ${showType(x)}`);
      const shape = x.shape.map((d, i) => (i === at ? k : d));
      return [
        { shape, dtype: 'float32' },
        { shape, dtype: 'int64' },
      ];
    },
    eval64: ([x], { k, axis, largest }, [y]) => {
      const at = axisOf('TopK', axis, x.shape.length);
      const values = new Float64Array(size(y.shape));
      const indices = new Float64Array(values.length);
      const out: Int32Array[] = [];
      lines(y, at, (line, n) => {
        out[n] = line;
      });
      lines(x, at, (line, n) => {
        const order = [...line.keys()].sort(
          (a, b) => (largest ? x.data[line[b]] - x.data[line[a]] : x.data[line[a]] - x.data[line[b]]) || a - b,
        );
        for (let j = 0; j < k; j++) {
          values[out[n][j]] = x.data[line[order[j]]];
          indices[out[n][j]] = order[j];
        }
      });
      return [values, indices];
    },
    onnx: ({ k, axis, largest }) => ({
      attrs: { axis: { int: axis }, largest: { int: largest }, sorted: { int: 1 } },
      inputs: [int64s([k])],
    }),
  }),

  ArgMax: defineOp<{ axis: number; keepdims: number }>({
    infer: ([x], { axis, keepdims }) => {
      if (x.dtype !== 'float32') throw new Error(`ArgMax: expected float32; got ${showType(x)}`);
      const shape = reducedShape(x.shape, [axisOf('ArgMax', axis, x.shape.length)], keepdims === 1);
      return [{ shape, dtype: 'int64' }];
    },
    eval64: ([x], { axis }, [y]) => {
      const out = new Float64Array(size(y.shape));
      lines(x, axisOf('ArgMax', axis, x.shape.length), (line, n) => {
        let best = 0;
        line.forEach((i, k) => {
          if (x.data[i] > x.data[line[best]]) best = k;
        });
        out[n] = best;
      });
      return [out];
    },
    onnx: ({ axis, keepdims }) => ({ attrs: { axis: { int: axis }, keepdims: { int: keepdims } }, inputs: [] }),
  }),
};
