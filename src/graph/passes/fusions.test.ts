// The passes that merge: fewer nodes of a kind, the same values and gradients; and no rewriting where others read the parts.
import { describe, expect, it } from 'vitest';
import { backward } from '../../autodiff/backward.ts';
import { prng } from '../../util/prng.ts';
import { size } from '../../util/shape.ts';
import {
  add,
  div,
  exp,
  expand,
  gemm,
  matMul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  sub,
  swap,
  tanh,
  unsqueeze,
} from '../builder.ts';
import { evaluateOutputs } from '../evaluate.ts';
import { Graph, type Tensor } from '../graph.ts';
import { broadcasts } from './broadcasts.ts';
import { factorise } from './factor.ts';
import { matrixProducts } from './matrices.ts';
import { rectifiers } from './rectifiers.ts';
import { rowSums } from './row-sums.ts';
import { splitViews } from './views.ts';
import type { Pass } from './pass.ts';
import { deadCode, identities, optimise } from './passes.ts';

type Build = (x: Tensor, y: Tensor, z: Tensor) => Tensor;
const SHAPES: Record<'x' | 'y' | 'z', number[]> = { x: [3, 4], y: [3, 4], z: [4, 3] };
const feeds = Object.fromEntries(
  Object.entries(SHAPES).map(([name, shape]) => [name, Array.from(prng(2, name).uniforms(size(shape), 0.5, 2))]),
);

function graphOf(f: Build, withGradients: boolean): Graph {
  const g = new Graph();
  const inputs = Object.entries(SHAPES).map(([name, shape]) => g.input(name, shape));
  const out = f(inputs[0], inputs[1], inputs[2]);
  g.output('out', out);
  if (!withGradients) return g;
  const loss = reduceSum(mul(out, g.constant(prng(1, 'weights').normals(size(out.shape)), out.shape)), 'all');
  backward(loss, inputs).forEach((d, i) => {
    if (d) g.output(`d${i}`, d);
  });
  return g;
}
function expectSame(before: Graph, after: Graph) {
  const a = evaluateOutputs(before, feeds);
  const b = evaluateOutputs(after, feeds);
  for (const name of Object.keys(a)) a[name].forEach((v, i) => expect(b[name][i]).toBeCloseTo(v, 5));
}
const nodes = (g: Graph) =>
  g.nodes
    .map((n) => n.op)
    .filter((op) => op !== 'Reshape')
    .sort()
    .join(' ');
const twice = (x: Tensor, f: (x: Tensor) => Tensor) => {
  const t = f(x);
  return add(t, exp(t));
};

/** Name, passes, f, the nodes that are left of f. */
const cases: [string, Pass[], Build, string][] = [
  ['a b + a c = a (b + c)', [factorise], (x, y) => add(mul(x, sin(x)), mul(x, y)), 'Add Mul Sin'],
  [
    'a b c - d a = a (b c - d)',
    [factorise],
    (x, y) => sub(mul(mul(x, sin(x)), y), mul(exp(y), x)),
    'Exp Mul Mul Sin Sub',
  ],
  ['a + a b stays: it saves nothing', [factorise], (x, y) => add(x, mul(x, y)), 'Add Mul'],
  ['a b + a b c = a b (1 + c)', [factorise], (x, y) => add(mul(x, y), mul(mul(y, x), sin(x))), 'Add Mul Mul Sin'],
  ['equal constants leave a sum', [factorise], (x, y) => add(mul(x, 3), mul(y, 3)), 'Add Mul'],
  ['opposite constants leave a difference', [factorise], (x, y) => add(mul(x, -3), mul(y, 3)), 'Mul Sub'],
  ['different constants stay', [factorise], (x, y) => add(mul(x, 2), mul(y, 3)), 'Add Mul Mul'],
  ['a negation becomes a difference', [factorise], (x, y) => add(x, neg(y)), 'Sub'],
  ['-a - b stays: it saves nothing', [factorise], (x, y) => sub(neg(x), y), 'Neg Sub'],
  ['constants of a chain multiply', [factorise], (x, y) => mul(mul(mul(x, 2), y), neg(exp(y))), 'Exp Mul Mul Mul'],
  ['a constant leaves a sum over rows', [factorise], (x) => mul(reduceSum(mul(x, 3), 0), 2), 'Mul ReduceSum'],
  [
    'a constant passes reshape, division and broadcast',
    [factorise],
    (x, y) => mul(expand(unsqueeze(div(reduceSum(mul(x, 3), 1), reduceSum(y, 1)), 1), [3, 4]), 2),
    'Div Expand Mul ReduceSum ReduceSum',
  ],
  [
    'a uniform constant array counts as a constant',
    [factorise],
    (x) => mul(mul(x, 2), x.graph.constant(new Float32Array(12).fill(3), [3, 4])),
    'Mul',
  ],
  [
    'a uniform array that broadcasts stays',
    [factorise],
    (x) => mul(mul(reduceSum(x, 0, true), 2), x.graph.constant(new Float32Array(12).fill(3), [3, 4])),
    'Mul Mul ReduceSum',
  ],
  [
    'what others read is not taken apart',
    [factorise],
    (x, y) => twice(mul(x, y), (t) => add(mul(t, 2), mul(t, y))),
    'Add Add Exp Mul Mul',
  ],
  ['zero is no constant to divide by', [factorise], (x, y) => add(mul(x, 0), mul(y, 0)), 'Add Mul'],
  [
    'a product that the graph holds anyway is used again',
    [factorise],
    (x) => {
      const w = mul(x, 1.7);
      const s = sigmoid(w);
      return add(mul(x, s), mul(mul(mul(x, sub(1, s)), 1.7), mul(x, s)));
    },
    'Add Mul Mul Mul Mul Sigmoid Sub',
  ],
  ['product with a transposed operand', [matrixProducts], (x, y) => matMul(x, swap(y)), 'Gemm'],
  ['Gemm with a transposed operand', [matrixProducts], (x, y) => gemm(swap(x), y), 'Gemm'],
  [
    'a batched transposed operand stays',
    [matrixProducts],
    (x, y) => matMul(unsqueeze(x, 0), swap(unsqueeze(y, 0))),
    'MatMul Transpose',
  ],
  ['transposed Gemm', [matrixProducts], (x, z) => swap(gemm(x, z, { transB: true })), 'Gemm'],
  [
    'transposed product of a transpose',
    [matrixProducts, identities],
    (x, y) => swap(matMul(swap(unsqueeze(x, 0)), unsqueeze(y, 0))),
    'MatMul Transpose',
  ],
  ['x + a b', [matrixProducts], (x, _y, z) => add(gemm(x, z), gemm(x, x, { transB: true })), 'Gemm Gemm'],
  [
    'x + a b behind a reshape',
    [matrixProducts],
    (x, y, z) => add(reshape(gemm(gemm(x, z), y), [2, 6]), reshape(x, [2, 6])),
    'Gemm Gemm',
  ],
  [
    'a + bias of a Gemm that has one stays',
    [matrixProducts],
    (x, y, z) => add(gemm(gemm(x, z), y, { bias: reduceSum(x, 0) }), x),
    'Add Gemm Gemm ReduceSum',
  ],
  [
    'an expanded operand broadcasts by itself',
    [broadcasts],
    (x, y) => mul(expand(reduceSum(x, 0, true), [3, 4]), y),
    'Mul ReduceSum',
  ],
  [
    'an Expand that makes the shape stays',
    [broadcasts],
    (x) => exp(mul(expand(reduceSum(x, 0, true), [3, 4]), 2)),
    'Exp Expand Mul ReduceSum',
  ],
  [
    'kept axes that a reshape drops',
    [broadcasts],
    (x) => relu(reshape(reduceMean(x, 1, true), [3])),
    'ReduceMean Relu',
  ],
  ['a rectifier is a maximum', [rectifiers], (x, y) => relu(sub(x, y)), 'Max Sub'],
  ['a sum over rows is a product', [rowSums], (x) => exp(reduceSum(x, 0)), 'Exp Gemm'],
  [
    'a mean over the rows of a batch is a batched product',
    [rowSums],
    (x) => exp(reduceMean(reshape(x, [2, 3, 2]), 1)),
    'Exp MatMul',
  ],
  ['a sum over two leading axes', [rowSums], (x) => exp(reduceSum(reshape(x, [2, 3, 2]), [0, 1], true)), 'Exp Gemm'],
  [
    'sums over the last axis and over axes apart stay',
    [rowSums],
    (x) => exp(mul(reduceSum(reshape(x, [2, 3, 2]), [0, 2]), reduceSum(x, 1))),
    'Exp Mul ReduceSum ReduceSum',
  ],
  ['neighbouring slices are one Split', [splitViews], (x) => mul(slice(x, 1, 0, 1), slice(x, 1, 1, 4)), 'Mul Split'],
  ['slices with a gap', [splitViews], (x) => mul(slice(x, 1, 0, 1), slice(x, 1, 2, 3)), 'Mul Split'],
  ['overlapping slices stay', [splitViews], (x) => mul(slice(x, 1, 0, 3), slice(x, 1, 1, 4)), 'Mul Slice Slice'],
  ['slices of two axes stay', [splitViews], (x) => mul(slice(x, 1, 0, 1), slice(x, 0, 0, 1)), 'Mul Slice Slice'],
];

describe('merging passes', () => {
  it.each(cases)('%s', (_name, passes, f, left) => {
    expect(nodes(optimise(graphOf(f, false), [...passes, deadCode]).graph)).toBe(left);
    const whole = graphOf(f, true);
    expectSame(whole, optimise(whole, [...passes, deadCode]).graph);
    expectSame(whole, optimise(whole).graph);
  });
  it.each([7, 8, 50, 60, 400])('cuts a vector into %i parts with Splits of at most seven', (count) => {
    const g = new Graph();
    const x = g.input('x', [(count * (count + 1)) / 2]);
    let at = 0;
    let sum: Tensor | undefined;
    for (let i = 1; i <= count; i++, at += i - 1) {
      const part = mul(reduceSum(slice(x, 0, at, at + i), 0), i);
      sum = sum ? add(sum, part) : part;
    }
    g.output('out', sum!);
    const after = optimise(g, [splitViews, deadCode]).graph;
    const given = { x: prng(3).normals(size(x.shape)) };
    expect(evaluateOutputs(after, given).out[0]).toBeCloseTo(evaluateOutputs(g, given).out[0], 9);
    const kinds = after.nodes.filter((n) => n.op === 'Split' || n.op === 'Slice');
    expect(kinds.every((n) => n.op === 'Split' && n.outputs.length <= 7)).toBe(true);
    expect(kinds.length).toBeLessThan(count / 5 + 2);
  });
  it('keeps values on graphs that nobody thought of', () => {
    for (let seed = 0; seed < 60; seed++) {
      const g = graphOf((x, y, z) => tangle(seed, [x, y, swap(z)]), true);
      const after = optimise(g).graph;
      expect(after.nodes.length).toBeLessThanOrEqual(g.nodes.length);
      expectSame(g, after);
    }
  });
});

/** Twelve random steps of sums, products, signs, reductions and transposes. */
function tangle(seed: number, start: Tensor[]): Tensor {
  const random = prng(seed, 'tangle');
  const pool = [...start];
  const pick = () => pool[random.int(pool.length)];
  const steps: (() => Tensor)[] = [
    () => add(pick(), pick()),
    () => sub(pick(), pick()),
    () => mul(pick(), pick()),
    () => mul(pick(), pick()),
    () => mul(pick(), 0.5),
    () => mul(pick(), -0.3),
    () => neg(pick()),
    () => expand(reduceSum(pick(), 1, true), [3, 4]),
    () => expand(reduceMean(pick(), 0, true), [3, 4]),
    () => swap(swap(pick())),
    () => tanh(pick()),
    () => gemm(gemm(pick(), pick(), { transB: true }), tanh(pick())),
    () => swap(gemm(tanh(pick()), matMul(pick(), swap(pick())), { transA: true })),
    () => reshape(slice(pick(), 0, 0, 3), [3, 4]),
  ];
  for (let i = 0; i < 12; i++) pool.push(tanh(mul(steps[random.int(steps.length)](), 0.5)), steps[random.int(3)]());
  return pool.reduce((a, b) => add(a, b));
}
