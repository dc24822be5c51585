// Gradient rules of ops that move values.
import {
  concat,
  countUp,
  equal,
  expand,
  gather,
  gatherElements,
  indicator,
  matMul,
  narrowed,
  pad,
  reduceSum,
  reshape,
  scatterAdd,
  slice,
  sliceMany,
  swap,
  transpose,
  trilu,
  zerosOf,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import type { SliceAttrs } from '../../graph/ops/shape.ts';
import { size } from '../../util/shape.ts';
import { unary, vjp } from '../rule.ts';

const inverse = (perm: readonly number[]) => perm.map((_, i) => perm.indexOf(i));
const zerosLike = (x: Tensor) => zerosOf(x.graph, x.shape);
/** Most entries of a one-hot matrix; beyond, rows are scattered. */
const ONE_HOT_LIMIT = 65_536;

/** Spreads a strided slice's gradient back: zeros between the entries, then padding. */
function unslice(x: Tensor, dy: Tensor, { starts, axes, steps }: SliceAttrs): Tensor {
  let g = dy;
  axes.forEach((axis, i) => {
    if (steps[i] === 1) return;
    const n = g.shape[axis];
    const apart = reshape(g, [...g.shape.slice(0, axis + 1), 1, ...g.shape.slice(axis + 1)]);
    const after = apart.shape.map((_, d) => (d === axis + 1 ? steps[i] - 1 : 0));
    g = slice(
      reshape(
        pad(
          apart,
          after.map(() => 0),
          after,
        ),
        g.shape.with(axis, n * steps[i]),
      ),
      axis,
      0,
      (n - 1) * steps[i] + 1,
    );
  });
  const before = x.shape.map((_, d) => (axes.includes(d) ? starts[axes.indexOf(d)] : 0));
  return pad(
    g,
    before,
    x.shape.map((n, d) => n - before[d] - g.shape[d]),
  );
}

/** Rows that constant `indices` pick, inverted: sums for each source row the gradient rows that came from it. */
function ungatherConstant(rows: number, indices: Int32Array, dy: Tensor): Tensor {
  const users: number[][] = Array.from({ length: rows }, () => []);
  indices.forEach((row, at) => users[row].push(at));
  const most = Math.max(1, ...users.map((u) => u.length));
  const none = indices.length;
  const table = Int32Array.from({ length: rows * most }, (_, i) => users[Math.floor(i / most)][i % most] ?? none);
  const padded = users.every((u) => u.length === most)
    ? dy
    : pad(
        dy,
        dy.shape.map(() => 0),
        dy.shape.map((_, d) => Number(d === 0)),
      );
  if (most === 1) return gather(padded, dy.graph.constant(table, [rows]));
  return reduceSum(gather(padded, dy.graph.constant(table, [rows, most])), 1);
}

/**
 * Rows that fed indices pick. Few: a one-hot product, which adds in a fixed order on every device. Many: scatter-add, which needs
 * no memory beyond its operands and whose order of additions a GPU leaves open.
 * @param dy [n, ..]
 * @returns [rows, size of a row]
 */
function ungather(rows: number, indices: Tensor, dy: Tensor): Tensor {
  const n = size(indices.shape);
  if (indices.data instanceof Int32Array) return ungatherConstant(rows, indices.data, dy);
  const width = size(dy.shape) / n;
  const at = reshape(narrowed(indices, rows), [n, 1]);
  const updates = reshape(dy, [n, width]);
  if (n * rows > ONE_HOT_LIMIT) return scatterAdd(zerosOf(dy.graph, [rows, width]), expand(at, [n, width]), updates, 0);
  const iota = countUp(dy.graph, rows, [1, rows]);
  return matMul(swap(indicator(equal(at, iota))), updates);
}

export const movement = {
  Reshape: unary((x, _y, dy) => reshape(dy, x.shape)),
  Transpose: vjp<{ perm: readonly number[] }>((_x, _y, [dy], { perm }) => [transpose(dy, inverse(perm))]),
  Slice: vjp<SliceAttrs>(([x], _y, [dy], attrs) => [unslice(x, dy, attrs)]),
  Concat: vjp<{ axis: number }>((x, _y, [dy], { axis }, need) => {
    let at = 0;
    return x.map((t, i) => {
      const start = at;
      at += t.shape[axis];
      return need[i] ? slice(dy, axis, start, at) : null;
    });
  }),
  Split: {
    ...vjp<{ axis: number; split: readonly number[] }>((_x, y, dy, { axis }) => [
      concat(
        y.map((t, i) => dy[i] ?? zerosLike(t)),
        axis,
      ),
    ]),
    sparse: true,
  },
  Pad: vjp<{ pads: readonly number[] }>(([x], _y, [dy], { pads }) => [
    sliceMany(
      dy,
      x.shape.map((_, d) => d),
      pads.slice(0, x.shape.length),
      x.shape.map((n, d) => pads[d] + n),
    ),
  ]),
  // the engine sums over expanded axes
  Expand: unary((_x, _y, dy) => dy),
  Gather: vjp<{ axis: number }>(([x, indices], _y, [dy], { axis }) => {
    const r = x.shape.length;
    const k = indices.shape.length;
    const front = [...Array(k).keys()].map((i) => axis + i);
    const rest = dy.shape.map((_, d) => d).filter((d) => !front.includes(d));
    const rows = reshape(transpose(dy, [...front, ...rest]), [size(indices.shape), ...rest.map((d) => dy.shape[d])]);
    const dx = reshape(ungather(x.shape[axis], indices, rows), [x.shape[axis], ...rest.map((d) => dy.shape[d])]);
    const order = [...Array(r).keys()].map((d) => (d === axis ? 0 : d < axis ? d + 1 : d));
    return [transpose(dx, order), null];
  }),
  GatherElements: vjp<{ axis: number }>(([x, indices], _y, [dy], { axis }) => [
    scatterAdd(zerosLike(x), indices, dy, axis),
    null,
  ]),
  ScatterElements: vjp<{ axis: number }>(([, indices], _y, [dy], { axis }, need) => [
    dy,
    null,
    need[2] ? gatherElements(dy, indices, axis) : null,
  ]),
  Trilu: vjp<{ upper: number; k: number }>((_x, _y, [dy], { upper, k }) => [trilu(dy, upper === 1, k)]),
};
