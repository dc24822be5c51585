// Constants keep the digits they were given until a graph is encoded.
import { expect, it } from 'vitest';
import { add, mul } from './builder.ts';
import { evaluateOutputs } from './evaluate.ts';
import { Graph } from './graph.ts';
import { optimise } from './passes/passes.ts';
import { encodeModel } from '../onnx/encode.ts';

function third(): Graph {
  const g = new Graph();
  const x = g.input('x', [2]);
  const c = mul(g.constant(Float64Array.of(0.1, 0.2)), 1 / 3);
  g.output('y', add(mul(x, 0.1), c));
  return g;
}

it('constants and scalars are float64 in the evaluator, before the passes and after', () => {
  for (const graph of [third(), optimise(third()).graph]) {
    const { y } = evaluateOutputs(graph, { x: [1, 3] });
    expect(Math.abs(y[0] - (0.1 + 0.1 / 3))).toBeLessThan(1e-16);
    expect(Math.abs(y[1] - (0.3 + 0.2 / 3))).toBeLessThan(1e-15);
  }
});
it('encoding shares constants that are one number in float32', () => {
  const g = new Graph();
  const x = g.input('x', []);
  g.output('y', mul(add(x, 0.1), Math.fround(0.1)));
  const bytes = encodeModel(g);
  const twice = new Graph();
  twice.output('y', mul(add(twice.input('x', []), Math.fround(0.1)), Math.fround(0.1)));
  expect(bytes).toEqual(encodeModel(twice));
});
