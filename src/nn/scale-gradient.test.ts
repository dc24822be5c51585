import { expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { mul, reduceSum, square } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { scaleGradient } from './scale-gradient.ts';

it.each([-1, 0, 1, 2.5])('changes no value and multiplies the gradient by %d', (factor) => {
  const g = new Graph();
  const x = g.input('x', [2]);
  const y = scaleGradient(x, g.input('factor', []));
  const [gradient] = backward(reduceSum(mul(square(y), 0.5), 0), [x]);
  g.output('y', y);
  g.output('gradient', gradient!);
  const out = evaluateOutputs(g, { x: Float32Array.of(3, -2), factor: Float32Array.of(factor) });
  expect(Array.from(out.y)).toEqual([3, -2]);
  expect(Array.from(out.gradient, (v) => v + 0)).toEqual([3 * factor + 0, -2 * factor + 0]);
});
