// Embeddings: values, gradients by both ways back, stacked models, and how much memory the gradient takes.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { add, cast, gather, mul, reduceSum, square, topK } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { optimise } from '../graph/passes/passes.ts';
import { size } from '../util/shape.ts';
import { embedding } from './layers.ts';
import { Params } from './params.ts';
import { checkLayer } from './testing/check-layer.ts';

const D = 2;
const N = 10;
/** Ids 0..rows-1 with repeats, as floats that a cast rounds down wherever a finite difference moves them. */
const ids = (rows: number) => (_name: string, drawn: Float32Array) =>
  Array.from(drawn, (v, i) => (i % 3 === 0 ? rows - 1 : Math.floor(Math.abs(v) * 1000) % rows) + 0.5);
const lookUp = (w: Record<string, Float64Array>, x: Record<string, Float64Array>) =>
  Array.from(x.ids, Math.floor).flatMap((row) => Array.from(w.table.slice(row * D, row * D + D)));

describe('embedding', () => {
  it.each([
    ['few rows, by a one-hot product', 6],
    ['many rows, by scatter-add', 7000],
  ])('%s', (_name, rows) =>
    checkLayer({
      inputs: { ids: [2, N / 2] },
      input: ids(rows),
      build: (p, x) => embedding(p, 'table', cast(x.ids, 'int32'), rows, D),
      reference: lookUp,
    }),
  );
  it('gives every stacked model its own rows of ids that all read', () => {
    const p = new Params(new Graph(), 3);
    const y = embedding(p, 'table', p.graph.input('ids', [2], 'int32'), 4, D, { shared: true });
    expect(y.shape).toEqual([3, 2, D]);
    const table = Float64Array.from({ length: 3 * 4 * D }, (_, i) => i);
    const values = evaluate(p.graph, { ids: [3, 1], 'theta/table': table }, [y]).get(y)!;
    expect([...values]).toEqual([6, 7, 2, 3, 14, 15, 10, 11, 22, 23, 18, 19]);
  });
  it('refuses ids that are not one set per stacked model', () => {
    const p = new Params(new Graph(), 3);
    expect(() => embedding(p, 'table', p.graph.input('ids', [2, 5], 'int32'), 4, D)).toThrow(
      'embedding: expected ids of 3 stacked models, [3, ..], or `shared`; got [2, 5]',
    );
  });
  it('takes a gradient through rows that int64 indices of topK name', () => {
    const g = new Graph();
    const x = g.input('x', [4]);
    const picked = gather(x, topK(x, 2).indices);
    const [dx] = backward(reduceSum(square(picked), 'all'), [x]);
    expect([...evaluate(g, { x: [3, 1, 4, 2] }, [dx!]).get(dx!)!]).toEqual([6, 0, 8, 0]);
  });
});

/** The step of 4,096 look-ups in a table of 8,192 rows of 16 numbers; a dense one-hot matrix would take 134 MB. */
function bigStep(): { graph: Graph; tensors: Tensor[] } {
  const g = new Graph();
  const p = new Params(g);
  const y = embedding(p, 'table', g.input('ids', [4096], 'int32'), 8192, 16);
  const [dw] = backward(reduceSum(square(y), 'all'), p.tensors);
  g.output('next', add(p.tensor('table'), mul(dw!, -0.1)));
  const { graph } = optimise(g);
  return { graph, tensors: graph.nodes.flatMap((n) => [...n.outputs, ...n.inputs.filter((t) => t.data)]) };
}
it('the gradient of a large table takes no more than a few copies of it', () => {
  const { tensors } = bigStep();
  const bytes = [...new Set(tensors)].map((t) => 4 * size(t.shape));
  expect(Math.max(...bytes)).toBeLessThanOrEqual(4 * 8192 * 16);
  expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(4e6);
});
it('the file of a large table holds no zeros of its size', () => {
  const constants = bigStep().tensors.filter((t) => t.data);
  expect(Math.max(...constants.map((t) => size(t.shape)))).toBeLessThan(8192 * 16);
});
