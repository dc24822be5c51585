// Each pass: fewer nodes, the same values, the same gradients.
import { describe, expect, it } from 'vitest';
import { backward } from '../../autodiff/backward.ts';
import { prng } from '../../util/prng.ts';
import { size } from '../../util/shape.ts';
import {
  add,
  concat,
  div,
  exp,
  identity,
  mul,
  neg,
  pow,
  reduceSum,
  reshape,
  slice,
  split,
  sub,
  transpose,
  unsqueeze,
} from '../builder.ts';
import { evaluateOutputs } from '../evaluate.ts';
import { Graph, type Tensor } from '../graph.ts';
import { sampleGraph, samples } from '../ops/samples.ts';
import type { OpType } from '../ops/table.ts';
import type { Pass } from './pass.ts';
import { commonSubexpressions, deadCode, foldConstants, identities, optimise } from './passes.ts';

/** A graph of f and its gradient with respect to x [2, 3]. */
function build(f: (x: Tensor) => Tensor): Graph {
  const g = new Graph();
  const x = g.input('x', [2, 3]);
  const y = f(x);
  const loss = reduceSum(mul(y, g.constant(prng(1, 'weights').normals(size(y.shape)), y.shape)), 'all');
  g.output('y', y);
  g.output('dx', backward(loss, [x])[0]!);
  return g;
}
const feeds = { x: Array.from(prng(2, 'x').uniforms(6, 0.5, 2)) };
function expectSame(before: Graph, after: Graph, given: Record<string, ArrayLike<number>> = feeds) {
  const a = evaluateOutputs(before, given);
  const b = evaluateOutputs(after, given);
  for (const name of Object.keys(a)) a[name].forEach((v, i) => expect(b[name][i]).toBeCloseTo(v, 5));
}
const count = (g: Graph, op: OpType) => g.nodes.filter((n) => n.op === op).length;

const cases: [string, Pass, (x: Tensor) => Tensor, OpType, number][] = [
  ['x * 1', identities, (x) => exp(mul(x, 1)), 'Mul', 1],
  ['x + 0', identities, (x) => exp(add(x, 0)), 'Add', 0],
  ['x - 0 and x / 1', identities, (x) => exp(div(sub(x, 0), 1)), 'Sub', 0],
  [
    'a broadcasting 1 stays',
    identities,
    (x) => mul(reduceSum(x, 0, true), x.graph.constant(new Float32Array(6).fill(1), [2, 3])),
    'Expand',
    0,
  ],
  ['double negation', identities, (x) => exp(neg(neg(x))), 'Neg', 0],
  ['double transpose', identities, (x) => exp(transpose(transpose(x, [1, 0]), [1, 0])), 'Transpose', 0],
  [
    'transposing an axis of length 1 is a reshape',
    identities,
    (x) => exp(transpose(unsqueeze(x, 0), [1, 0, 2])),
    'Transpose',
    0,
  ],
  ['double reshape', identities, (x) => exp(reshape(reshape(x, [6]), [2, 3])), 'Reshape', 0],
  ['identity', identities, (x) => exp(identity(x)), 'Identity', 0],
  ['slice of concat', identities, (x) => exp(slice(concat([x, exp(x)], 0), 0, 0, 2)), 'Slice', 2],
  ['concat of split', identities, (x) => exp(concat(split(x, 1, [1, 2]), 1)), 'Split', 0],
  ['square as a product', identities, (x) => exp(pow(x, 2)), 'Pow', 0],
  ['scales merge', identities, (x) => exp(mul(mul(x, 2), 3)), 'Mul', 3],
  ['constants fold', foldConstants, (x) => mul(x, exp(add(x.graph.scalar(1), 2))), 'Exp', 0],
  ['equal expressions merge', commonSubexpressions, (x) => add(exp(x), exp(x)), 'Exp', 1],
];

describe('passes', () => {
  it.each(cases)('%s', (_name, pass, f, op, left) => {
    const before = build(f);
    const after = optimise(before, [pass, foldConstants, deadCode]).graph;
    expect(count(after, op)).toBe(left);
    expect(left === 0 || count(before, op) > left || _name.endsWith('stays')).toBe(true);
    expectSame(before, after);
  });
  it('takes a transpose that swaps two runs of axes for one of a matrix', () => {
    const g = new Graph();
    const x = g.input('x', [2, 1, 3, 4]);
    const given = { x: prng(1).normals(24) };
    g.output('swapped', transpose(x, [2, 3, 1, 0]));
    g.output('mixed', transpose(x, [3, 0, 1, 2]));
    g.output('other', transpose(x, [3, 2, 0, 1]));
    const after = optimise(g, [identities, deadCode]).graph;
    expect(after.nodes.filter((n) => n.op === 'Transpose').map((n) => n.inputs[0].shape)).toEqual([
      [2, 12],
      [6, 4],
      [2, 1, 3, 4],
    ]);
    expectSame(g, after, given);
  });
  it('does not take a negative zero for zero', () => {
    const g = new Graph();
    const x = g.input('x', [1]);
    g.output('y', div(x, mul(g.input('z', [1]), -0)));
    g.output('w', div(x, mul(g.inputs.get('z')!, 0)));
    const after = optimise(g).graph;
    expect(evaluateOutputs(after, { x: [1], z: [1] })).toEqual({
      y: Float64Array.of(-Infinity),
      w: Float64Array.of(Infinity),
    });
  });
  it('dead code goes', () => {
    const g = new Graph();
    const x = g.input('x', [2, 3]);
    exp(x);
    g.output('y', neg(x));
    expect(deadCode.run(g).nodes).toHaveLength(1);
  });
  it('all passes keep every op sample', () => {
    for (const [op, rows] of Object.entries(samples) as [OpType, (typeof samples)[OpType]][])
      for (const row of rows) {
        const { graph, feeds: given } = sampleGraph(op, row);
        expectSame(graph, optimise(graph).graph, given);
      }
  });
  it('reports node counts', () => {
    const { before, after, passes } = optimise(build((x) => exp(mul(add(x, 0), 1))));
    expect(after).toBeLessThan(before);
    expect(passes.map((p) => p.name)).toEqual([
      'fold-constants',
      'identities',
      'broadcasts',
      'factorise',
      'matrix-products',
      'split-views',
      'row-sums',
      'rectifiers',
      'common-subexpressions',
      'dead-code',
    ]);
  });
});
