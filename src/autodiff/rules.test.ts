// Every rule against finite differences in float64, first and second order; planted wrong rules must be caught.
import { describe, expect, it } from 'vitest';
import { add, mul, neg, reduceSum, sin, square } from '../graph/builder.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { sampleGraph, samples, type Sample } from '../graph/ops/samples.ts';
import type { OpType } from '../graph/ops/table.ts';
import { printGraph } from '../graph/print.ts';
import { prng } from '../util/prng.ts';
import { size } from '../util/shape.ts';
import { backward } from './backward.ts';
import { checkGradients } from './check-gradients.ts';
import { unary, type Rule } from './rule.ts';
import { rules } from './rules/table.ts';

const all = (Object.entries(samples) as [OpType, readonly Sample[]][]).flatMap(([op, list]) =>
  list.map((sample, i) => ({ name: `${op} ${i}`, op, sample })),
);
/** A gradient can flow: a float input and a float output. */
const smooth = ({ op, sample }: (typeof all)[number]) =>
  sampleGraph(op, sample).outputs.some((t) => t.dtype === 'float32') && sample.inputs.some((s) => !s.dtype);
const rows = all.filter(smooth);
const random = (graph: Graph, t: Tensor, name: string) => graph.constant(prng(7, name).normals(size(t.shape)), t.shape);

/** A scalar that mixes all float outputs through a random weighting and a bend, so that no gradient is constant. */
function mixed(outputs: readonly Tensor[]): Tensor {
  const parts = outputs
    .filter((t) => t.dtype === 'float32')
    .map((t, i) => reduceSum(mul(add(t, mul(sin(t), 0.3)), random(t.graph, t, `w${i}`)), 'all'));
  return parts.reduce((a, b) => add(a, b));
}

function errors(
  op: OpType,
  sample: Sample,
  planted: Partial<Record<string, Rule>> = {},
): { first: number; second: number } {
  const { graph, inputs, outputs, feeds } = sampleGraph(op, sample);
  const wrt = inputs.filter((t) => t.dtype === 'float32' && t.input !== undefined);
  const loss = mixed(outputs);
  const grads = backward(loss, wrt, { rules: planted });
  const first = checkGradients(loss, wrt, grads, feeds).error;
  const parts = grads.flatMap((g, i) => (g ? [reduceSum(mul(g, random(graph, g, `v${i}`)), 'all')] : []));
  if (parts.length === 0) return { first, second: 0 };
  const slope = parts.reduce((a, b) => add(a, b));
  return { first, second: checkGradients(slope, wrt, backward(slope, wrt, { rules: planted }), feeds).error };
}

describe('gradient rules', () => {
  it.each(rows)('$name: first and second order', ({ op, sample }) => {
    const { first, second } = errors(op, sample);
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeLessThan(1e-6);
  });

  it('catches a planted wrong first-order rule', () => {
    expect(
      errors('Tanh', samples.Tanh[0], { Tanh: unary((_x, y, dy) => mul(dy, neg(square(y)))) }).first,
    ).toBeGreaterThan(1e-3);
  });
  it('catches a rule that is right at first order and wrong at second', () => {
    // the gradient's value is right, but its own derivative is lost behind a detach
    const detached: Rule = unary((x, _y, dy) => mul(dy, x.graph.node('Identity', [sinToCos(x)], { stop: 1 })[0]));
    const { first, second } = errors('Sin', samples.Sin[0], { Sin: detached });
    expect(first).toBeLessThan(1e-7);
    expect(second).toBeGreaterThan(1e-3);
  });
  it('catches a wrong broadcast: a rule whose gradient has a shape that does not fit', () => {
    const { inputs, outputs } = sampleGraph('Mul', samples.Mul[1]);
    const bad: Rule = { kind: 'vjp', vjp: (_x, _y, [dy]) => [reduceSum(dy, 0, false), dy] };
    expect(() => backward(mixed(outputs), inputs, { rules: { Mul: bad } })).toThrow(/internal: gradient of/);
  });
  it('lets nothing flow through ops without float inputs and outputs', () => {
    for (const row of all.filter((r) => !smooth(r)))
      if (row.sample.inputs.every((s) => !s.dtype)) expect(rules[row.op].kind, row.name).toBe('zero');
  });
  it('prints every sample', () => {
    for (const { op, sample } of all) expect(printGraph(sampleGraph(op, sample).graph)).toContain(`${op}(`);
  });
});
const sinToCos = (x: Tensor) => x.graph.node('Cos', [x])[0];
