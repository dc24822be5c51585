// Builders that stand for what no op does: softmax on any axis, reversed slices, int64 indices as int32, signs, stable log-sum-exp.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { prng } from '../util/prng.ts';
import {
  argMax,
  cast,
  mul,
  reduceLogSumExp,
  reduceSum,
  reverse,
  reshape,
  sign,
  slice,
  softmax,
  square,
  topK,
} from './builder.ts';
import { evaluate } from './evaluate.ts';
import { Graph, type Tensor } from './graph.ts';

const SHAPE = [2, 3, 4];
const x = Float64Array.from(prng(1, 'builder').normals(24));
const run = (f: (t: Tensor) => Tensor, values: ArrayLike<number> = x, shape = SHAPE) => {
  const g = new Graph();
  const y = f(g.input('x', shape));
  return { shape: y.shape, dtype: y.dtype, values: [...evaluate(g, { x: values }, [y]).get(y)!] };
};
function expectGradient(f: (t: Tensor) => Tensor): void {
  const g = new Graph();
  const t = g.input('x', SHAPE);
  const y = f(t);
  const weights = g.constant(prng(2, 'weights').normals(y.shape.reduce((a, b) => a * b, 1)), y.shape);
  const loss = reduceSum(mul(square(y), weights), 'all');
  expect(checkGradients(loss, [t], backward(loss, [t]), { x }).error).toBeLessThan(1e-7);
}

describe('softmax', () => {
  it.each([0, 1, 2, -1, -2, -3])('sums to one along axis %d, in the order of x', (axis) => {
    const { shape, values } = run((t) => softmax(t, axis));
    const plain = run((t) => t.graph.node('Exp', [t])[0]).values;
    const at = (axis + 3) % 3;
    const step = [12, 4, 1][at];
    expect(shape).toEqual(SHAPE);
    values.forEach((v, i) => {
      const first = i - (Math.floor(i / step) % SHAPE[at]) * step;
      const total = Array.from({ length: SHAPE[at] }, (_, k) => plain[first + k * step]).reduce((a, b) => a + b);
      expect(v).toBeCloseTo(plain[i] / total, 12);
    });
    expectGradient((t) => softmax(t, axis));
  });
});

describe('slices that run down', () => {
  it('reverse an axis', () => {
    expect(run((t) => reverse(t, 0), [1, 2, 3, 4], [4]).values).toEqual([4, 3, 2, 1]);
    expect(run((t) => reverse(t, -1), [1, 2, 3, 4], [2, 2]).values).toEqual([2, 1, 4, 3]);
    expectGradient((t) => reverse(t, 1));
  });
  it('take every other entry', () => {
    expect(run((t) => slice(t, 0, 4, 0, -2), [1, 2, 3, 4, 5], [5]).values).toEqual([5, 3]);
    expect(run((t) => slice(t, 0, 4, -1, -2), [1, 2, 3, 4, 5], [5]).values).toEqual([5, 3, 1]);
    expectGradient((t) => slice(t, 2, 3, 0, -2));
  });
  it.each([
    [5, 0, -1],
    [1, 1, -1],
    [1, -2, -1],
    [1, 0, -0.5],
  ])('refuse %d:%d:%d', (start, end, step) =>
    expect(() => run((t) => slice(t, 0, start, end, step), [1, 2, 3, 4, 5], [5])).toThrow(
      `slice: expected 5 > start > end >= -1 for a negative step; got ${start}:${end}:${step}`,
    ),
  );
});

describe('int64 indices', () => {
  it('of topK and argMax become int32', () => {
    const values = [0.5, 3, 2, -1];
    expect(run((t) => cast(topK(t, 3).indices, 'int32'), values, [4])).toEqual({
      shape: [3],
      dtype: 'int32',
      values: [1, 2, 0],
    });
    expect(run((t) => cast(argMax(t, 0), 'int32'), values, [2, 2])).toEqual({
      shape: [2],
      dtype: 'int32',
      values: [1, 0],
    });
    expect(run((t) => cast(argMax(t, 0), 'float32'), values, [2, 2]).values).toEqual([1, 0]);
  });
  it('are cast before they change shape', () => {
    expect(() => run((t) => cast(reshape(topK(t, 4).indices, [2, 2]), 'int32'), [1, 2, 3, 4], [4])).toThrow(
      'cast: expected int64 indices as topK or argMax gave them',
    );
  });
});

it('sign is -1, 0 or 1', () => expect(run(sign, [-2, 0, 1e-9], [3]).values).toEqual([-1, 0, 1]));

describe('log-sum-exp', () => {
  it.each([[[0]], [[-1]], [[0, 2]]])('over axes %j equals its formula at any offset', (axes) => {
    const near = run((t) => reduceLogSumExp(t, axes)).values;
    const far = run(
      (t) => reduceLogSumExp(t, axes),
      x.map((v) => v + 1000),
    ).values;
    near.forEach((v, i) => expect(far[i]).toBeCloseTo(v + 1000, 9));
    expectGradient((t) => reduceLogSumExp(t, axes));
  });
  it('gives its kernel nothing above 0', () => {
    const g = new Graph();
    const y = reduceLogSumExp(g.input('x', [3]), 0);
    const kernel = g.nodes.find((n) => n.op === 'ReduceLogSumExp')!;
    expect(Math.max(...evaluate(g, { x: [500, 900, -900] }, [kernel.inputs[0], y]).get(kernel.inputs[0])!)).toBe(0);
  });
});
