// Gradients at the points where a formula divides zero by zero, and at kinks, where a convention decides (PyTorch's).
import { describe, expect, it } from 'vitest';
import { clip, elu, leakyRelu, mul, pow, reduceL2, reduceSum, relu } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { size, type Shape } from '../util/shape.ts';
import { backward } from './backward.ts';

/** Gradient of the sum of f, weighted 1, 2, 3, ..., at `values`, and the gradient of that gradient's sum of squares. */
function gradients(
  shape: Shape,
  values: readonly number[],
  f: (x: Tensor) => Tensor,
): { first: number[]; second: number[] } {
  const g = new Graph();
  const x = g.input('x', shape);
  const y = f(x);
  const weights = g.constant(
    Float64Array.from({ length: size(y.shape) }, (_, i) => i + 1),
    y.shape,
  );
  const [dx] = backward(reduceSum(mul(y, weights), 'all'), [x]);
  const [ddx] = backward(reduceSum(mul(dx!, dx!), 'all'), [x]);
  const out = evaluate(g, { x: values }, ddx ? [dx!, ddx] : [dx!]);
  return { first: [...out.get(dx!)!], second: ddx ? [...out.get(ddx)!] : values.map(() => 0) };
}

describe('gradients at the edges', () => {
  it('ReduceL2 gives 0 at a zero row, first and second order', () => {
    const { first, second } = gradients([2, 2], [0, 0, 3, 4], (x) => reduceL2(x, -1));
    [0, 0, 1.2, 1.6].forEach((v, i) => expect(first[i]).toBeCloseTo(v, 12));
    expect(second.slice(0, 2)).toEqual([0, 0]);
    expect(second.every(Number.isFinite)).toBe(true);
  });
  it('Pow gives 0 for the exponent at base 0, first and second order', () => {
    const { first, second } = gradients([3], [0, 2, 2.5], (b) => pow(b.graph.constant(Float64Array.of(0, 0, 3)), b));
    expect(first.slice(0, 2)).toEqual([0, 0]);
    expect(first[2]).toBeCloseTo(3 * 3 ** 2.5 * Math.log(3), 9);
    expect(second.slice(0, 2)).toEqual([0, 0]);
    expect(second[2]).toBeCloseTo(2 * 9 * 3 ** 5 * Math.log(3) ** 3, 6);
  });
  it('Pow gives 0 for the base at exponent 0, and stays finite at whole exponents', () => {
    const exponents = Float64Array.of(0, 1, 2, 3, 0);
    const { first, second } = gradients([5], [0, 0, 0, 0, 2], (a) => pow(a, a.graph.constant(exponents)));
    expect(first).toEqual([0, 2, 0, 0, 0]);
    expect(second.map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
  });
  it('Pow keeps its gradients for base and exponent together', () => {
    const g = new Graph();
    const [a, b] = [g.input('a', [2]), g.input('b', [2])];
    const [da, db] = backward(reduceSum(pow(a, b), 'all'), [a, b]);
    const out = evaluate(g, { a: [0, 0], b: [0, 1] }, [da!, db!]);
    expect([...out.get(da!)!, ...out.get(db!)!]).toEqual([0, 1, 0, 0]);
  });
  it('Clip passes the gradient on its bounds', () => {
    expect(gradients([5], [-2, -1, 0, 1, 2], (x) => clip(x, -1, 1)).first).toEqual([0, 2, 3, 4, 0]);
  });
  it('rectifiers at 0: Relu 0, LeakyRelu its slope, Elu alpha', () => {
    expect(gradients([3], [-1, 0, 1], relu).first).toEqual([0, 0, 3]);
    expect(gradients([3], [-1, 0, 1], (x) => leakyRelu(x, 0.25)).first).toEqual([0.25, 0.5, 3]);
    const { first } = gradients([3], [-1, 0, 1], (x) => elu(x, 0.5));
    expect(first[1]).toBe(1);
    expect(first[2]).toBe(3);
  });
});
