// Ops that move values without computing: reshape, transpose, slice, concat, pad, expand, gather, scatter.
import {
  broadcastIndex,
  axisOf,
  broadcastShapes,
  sameShape,
  showShape,
  size,
  strides,
  type Shape,
} from '../../util/shape.ts';
import { defineOp, showType, int64s, type TensorType } from '../op.ts';

/** Calls `f` with the multi-index of every element of `shape` in row-major order. The array is reused. */
export function eachIndex(shape: Shape, f: (index: number[], flat: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const n = size(shape);
  for (let flat = 0; flat < n; flat++) {
    f(index, flat);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
}
const flatAt = (index: readonly number[], st: readonly number[]) => index.reduce((sum, i, d) => sum + i * st[d], 0);

export interface SliceAttrs {
  starts: readonly number[];
  ends: readonly number[];
  axes: readonly number[];
  steps: readonly number[];
}
const isIndex = (t: TensorType) => t.dtype === 'int32' || t.dtype === 'int64';

export const movement = {
  Reshape: defineOp<{ shape: readonly number[] }>({
    infer: ([x], { shape }) => {
      if (size(shape) !== size(x.shape))
        throw new Error(
          `Reshape: expected ${size(x.shape)} elements as in ${showShape(x.shape)}; got ${showShape(shape)}`,
        );
      return [{ shape, dtype: x.dtype }];
    },
    eval64: ([x]) => [x.data.slice()],
    onnx: ({ shape }) => ({ attrs: {}, inputs: [int64s(shape)] }),
  }),

  Transpose: defineOp<{ perm: readonly number[] }>({
    infer: ([x], { perm }) => {
      if ([...perm].sort((a, b) => a - b).some((p, i) => p !== i) || perm.length !== x.shape.length)
        throw new Error(`Transpose: expected an order of ${x.shape.length} axes; got ${showShape(perm)}`);
      return [{ shape: perm.map((p) => x.shape[p]), dtype: x.dtype }];
    },
    eval64: ([x], { perm }, [y]) => {
      const st = strides(x.shape);
      const out = new Float64Array(x.data.length);
      const from = perm.map((p) => st[p]);
      eachIndex(y.shape, (index, flat) => {
        out[flat] = x.data[flatAt(index, from)];
      });
      return [out];
    },
    onnx: ({ perm }) => ({ attrs: { perm: { ints: perm } }, inputs: [] }),
  }),

  /** Starts and ends are within bounds and non-negative; steps positive. */
  Slice: defineOp<SliceAttrs>({
    infer: ([x], { starts, ends, axes, steps }) => {
      const shape = [...x.shape];
      axes.forEach((a, i) => {
        const at = axisOf('Slice', a, shape.length);
        if (starts[i] < 0 || ends[i] > x.shape[at] || starts[i] >= ends[i] || steps[i] < 1)
          throw new Error(
            `Slice: expected 0 <= start < end <= ${x.shape[at]} on axis ${at}; got ${starts[i]}:${ends[i]}:${steps[i]}`,
          );
        shape[at] = Math.ceil((ends[i] - starts[i]) / steps[i]);
      });
      return [{ shape, dtype: x.dtype }];
    },
    eval64: ([x], { starts, axes, steps }, [y]) => {
      const st = strides(x.shape);
      const step = [...st];
      const out = new Float64Array(size(y.shape));
      let base = 0;
      axes.forEach((a, i) => {
        const at = axisOf('Slice', a, st.length);
        base += starts[i] * st[at];
        step[at] = st[at] * steps[i];
      });
      eachIndex(y.shape, (index, flat) => {
        out[flat] = x.data[base + flatAt(index, step)];
      });
      return [out];
    },
    onnx: ({ starts, ends, axes, steps }) => ({
      attrs: {},
      inputs: [int64s(starts), int64s(ends), int64s(axes), int64s(steps)],
    }),
  }),

  Concat: defineOp<{ axis: number }>({
    infer: (xs, { axis }) => {
      const at = axisOf('Concat', axis, xs[0].shape.length);
      const total = xs.reduce((n, x) => n + x.shape[at], 0);
      for (const x of xs)
        if (x.dtype !== xs[0].dtype || !sameShape(x.shape.toSpliced(at, 1), xs[0].shape.toSpliced(at, 1)))
          throw new Error(`Concat: expected inputs equal but for axis ${at}; got ${xs.map(showType).join(', ')}`);
      return [{ shape: xs[0].shape.with(at, total), dtype: xs[0].dtype }];
    },
    eval64: (xs, { axis }, [y]) => {
      const at = axisOf('Concat', axis, y.shape.length);
      const inner = size(y.shape.slice(at + 1));
      const out = new Float64Array(size(y.shape));
      const row = y.shape[at] * inner;
      let offset = 0;
      for (const x of xs) {
        const part = x.shape[at] * inner;
        for (let o = 0; o * part < x.data.length; o++)
          out.set(x.data.subarray(o * part, (o + 1) * part), o * row + offset);
        offset += part;
      }
      return [out];
    },
    onnx: ({ axis }) => ({ attrs: { axis: { int: axis } }, inputs: [] }),
  }),

  /** Cuts `axis` into parts of the given lengths. */
  Split: defineOp<{ axis: number; split: readonly number[] }>({
    infer: ([x], { axis, split }) => {
      const at = axisOf('Split', axis, x.shape.length);
      if (split.reduce((a, b) => a + b, 0) !== x.shape[at])
        throw new Error(`Split: expected parts that sum to ${x.shape[at]}; got ${showShape(split)}`);
      return split.map((n) => ({ shape: x.shape.with(at, n), dtype: x.dtype }));
    },
    eval64: ([x], { axis }, ys) => {
      const at = axisOf('Split', axis, x.shape.length);
      const inner = size(x.shape.slice(at + 1));
      const row = x.shape[at] * inner;
      let offset = 0;
      return ys.map((y) => {
        const part = y.shape[at] * inner;
        const out = new Float64Array(size(y.shape));
        for (let o = 0; o * part < out.length; o++)
          out.set(x.data.subarray(o * row + offset, o * row + offset + part), o * part);
        offset += part;
        return out;
      });
    },
    onnx: ({ axis, split }) => ({ attrs: { axis: { int: axis } }, inputs: [int64s(split)] }),
  }),

  /** Zero padding; `pads` is [begin of each axis..., end of each axis...]. */
  Pad: defineOp<{ pads: readonly number[] }>({
    infer: ([x], { pads }) => {
      const r = x.shape.length;
      if (pads.length !== 2 * r || pads.some((p) => p < 0))
        throw new Error(`Pad: expected ${2 * r} non-negative pads; got ${showShape(pads)}`);
      return [{ shape: x.shape.map((d, i) => d + pads[i] + pads[r + i]), dtype: x.dtype }];
    },
    eval64: ([x], { pads }, [y]) => {
      const st = strides(y.shape);
      const out = new Float64Array(size(y.shape));
      const base = flatAt(pads.slice(0, x.shape.length), st);
      eachIndex(x.shape, (index, flat) => {
        out[base + flatAt(index, st)] = x.data[flat];
      });
      return [out];
    },
    onnx: ({ pads }) => ({ attrs: {}, inputs: [int64s(pads)] }),
  }),

  Expand: defineOp<{ shape: readonly number[] }>({
    infer: ([x], { shape }) => {
      if (!sameShape(broadcastShapes('Expand', x.shape, shape), shape))
        throw new Error(`Expand: expected a shape that ${showShape(x.shape)} broadcasts to; got ${showShape(shape)}`);
      return [{ shape, dtype: x.dtype }];
    },
    eval64: ([x], _, [y]) => {
      const at = broadcastIndex(x.shape, y.shape);
      return [Float64Array.from({ length: size(y.shape) }, (__, i) => x.data[at(i)])];
    },
    onnx: ({ shape }) => ({ attrs: {}, inputs: [int64s(shape)] }),
  }),

  /** Gather(x, indices): rows of `axis`; the indices' shape takes the axis' place. */
  Gather: defineOp<{ axis: number }>({
    infer: ([x, i], { axis }) => {
      if (!isIndex(i)) throw new Error(`Gather: expected int32 or int64 indices; got ${showType(i)}`);
      const at = axisOf('Gather', axis, x.shape.length);
      return [{ shape: [...x.shape.slice(0, at), ...i.shape, ...x.shape.slice(at + 1)], dtype: x.dtype }];
    },
    eval64: ([x, i], { axis }, [y]) => {
      const at = axisOf('Gather', axis, x.shape.length);
      const inner = size(x.shape.slice(at + 1));
      const outer = size(x.shape.slice(0, at));
      const out = new Float64Array(size(y.shape));
      const n = i.data.length;
      for (let o = 0; o < outer; o++)
        for (let k = 0; k < n; k++) {
          const from = (o * x.shape[at] + i.data[k]) * inner;
          out.set(x.data.subarray(from, from + inner), (o * n + k) * inner);
        }
      return [out];
    },
    onnx: ({ axis }) => ({ attrs: { axis: { int: axis } }, inputs: [] }),
  }),

  /** y[.., k, ..] = x[.., indices[.., k, ..], ..] along `axis`. */
  GatherElements: defineOp<{ axis: number }>({
    infer: ([x, i], { axis }) => {
      axisOf('GatherElements', axis, x.shape.length);
      if (!isIndex(i) || i.shape.length !== x.shape.length)
        throw new Error(`GatherElements: expected integer indices of rank ${x.shape.length}; got ${showType(i)}`);
      return [{ shape: i.shape, dtype: x.dtype }];
    },
    eval64: ([x, i], { axis }) => {
      const at = axisOf('GatherElements', axis, x.shape.length);
      const st = strides(x.shape);
      const out = new Float64Array(i.data.length);
      eachIndex(i.shape, (index, flat) => {
        out[flat] = x.data[flatAt(index.with(at, i.data[flat]), st)];
      });
      return [out];
    },
    onnx: ({ axis }) => ({ attrs: { axis: { int: axis } }, inputs: [] }),
  }),

  /** ScatterElements(x, indices, updates) with reduction "add". */
  ScatterElements: defineOp<{ axis: number }>({
    infer: ([x, i, u], { axis }) => {
      axisOf('ScatterElements', axis, x.shape.length);
      if (!isIndex(i) || !sameShape(i.shape, u.shape) || i.shape.length !== x.shape.length)
        throw new Error(
          `ScatterElements: expected indices and updates of one shape and rank ${x.shape.length}; got ${showType(i)} and ${showType(u)}`,
        );
      return [{ shape: x.shape, dtype: x.dtype }];
    },
    eval64: ([x, i, u], { axis }) => {
      const at = axisOf('ScatterElements', axis, x.shape.length);
      const st = strides(x.shape);
      const out = x.data.slice();
      eachIndex(i.shape, (index, flat) => {
        out[flatAt(index.with(at, i.data[flat]), st)] += u.data[flat];
      });
      return [out];
    },
    onnx: ({ axis }) => ({ attrs: { axis: { int: axis }, reduction: { string: 'add' } }, inputs: [] }),
  }),

  /** Keeps the upper or lower triangle of the last two axes, zero elsewhere. */
  Trilu: defineOp<{ upper: number; k: number }>({
    infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
    eval64: ([x], { upper, k }) => {
      const out = x.data.slice();
      eachIndex(x.shape, (index, flat) => {
        const d = index[index.length - 1] - index[index.length - 2] - k;
        if (upper ? d < 0 : d > 0) out[flat] = 0;
      });
      return [out];
    },
    onnx: ({ upper, k }) => ({ attrs: { upper: { int: upper } }, inputs: [{ dtype: 'int64', shape: [], data: [k] }] }),
  }),
};
