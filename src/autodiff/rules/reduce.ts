// Gradient rules of reductions, running sums and selection.
import {
  cumSum,
  div,
  equal,
  exp,
  expand,
  greater,
  indicator,
  mul,
  reciprocal,
  reduceSum,
  reshape,
  scatterAdd,
  softmax,
  sub,
  where,
  zerosOf,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import type { ReduceAttrs } from '../../graph/ops/reduce.ts';
import { axesOf, reducedShape, size } from '../../util/shape.ts';
import { notDifferentiable, vjp, type Rule } from '../rule.ts';

/** Gives a reduced tensor its lost axes back, as ones. */
const kept = (t: Tensor, x: Tensor, { axes }: ReduceAttrs): Tensor =>
  reshape(t, reducedShape(x.shape, axesOf('reduce', axes, x.shape.length), true));
const count = (x: Tensor, { axes }: ReduceAttrs) => size(axesOf('reduce', axes, x.shape.length).map((a) => x.shape[a]));

/** dx = dy * f(x, y), with y and dy on the kept axes. */
const reduction = (f: (x: Tensor, y: Tensor, dy: Tensor, attrs: ReduceAttrs) => Tensor): Rule =>
  vjp<ReduceAttrs>(([x], [y], [dy], attrs) => [expand(f(x, kept(y, x, attrs), kept(dy, x, attrs), attrs), x.shape)]);

const isLast = (x: Tensor, axes: readonly number[]) =>
  axes.length === 1 && axesOf('reduce', axes, x.shape.length)[0] === x.shape.length - 1;

/** Ties share the gradient. */
const extremum = reduction((x, y, dy, { axes }) => {
  const hit = indicator(equal(x, y));
  return mul(hit, div(dy, reduceSum(hit, axes, true)));
});

export const reductions = {
  ReduceSum: reduction((_x, _y, dy) => dy),
  ReduceMean: reduction((x, _y, dy, attrs) => mul(dy, 1 / count(x, attrs))),
  ReduceMax: extremum,
  ReduceMin: extremum,
  // d lse(x) = softmax(x) dx
  ReduceLogSumExp: reduction((x, y, dy, { axes }) => mul(dy, isLast(x, axes) ? softmax(x) : exp(sub(x, y)))),
  ReduceSumSquare: reduction((x, _y, dy) => mul(mul(dy, 2), x)),
  // d |x| = x/|x| dx, 0 at 0
  ReduceL2: reduction((x, y, dy) => {
    const some = greater(y, 0);
    return mul(mul(dy, where(some, reciprocal(where(some, y, 1)), 0)), x);
  }),
  // the gradient of a running sum is the running sum from the other end
  CumSum: vjp<{ axis: number; exclusive: number; reverse: number }>((_x, _y, [dy], { axis, exclusive, reverse }) => [
    cumSum(dy, axis, { exclusive: exclusive === 1, reverse: reverse === 0 }),
  ]),
  // values go back to where they came from; the indices carry no gradient
  TopK: vjp<{ axis: number }>(([x], [, indices], [dy], { axis }) => [
    scatterAdd(zerosOf(x.graph, x.shape), indices, dy, axis),
  ]),
  ArgMax: notDifferentiable,
};
