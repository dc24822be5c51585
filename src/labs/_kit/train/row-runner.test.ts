import { expect, it } from 'vitest';
import { gather, mul, reshape } from '../../../graph/builder.ts';
import { evaluateOutputs } from '../../../graph/evaluate.ts';
import { Graph } from '../../../graph/graph.ts';
import type { Engine } from '../../../engine/engine.ts';
import type { Program } from '../../../graph/program.ts';
import { RowRunner } from './row-runner.ts';

/** Runs graphs on the reference evaluator. */
const engine = {
  runner: (program: Program, sources: Record<string, Float32Array>) =>
    Promise.resolve({
      run: async (feeds: Record<string, ArrayLike<number>>) =>
        Object.fromEntries(
          Object.entries(evaluateOutputs(program.graph, { ...sources, ...feeds })).map(([k, v]) => [
            k,
            Float32Array.from(v),
          ]),
        ),
      dispose: () => Promise.resolve(),
    }),
} as unknown as Engine;

it('cuts rows into chunks and outputs into models', async () => {
  const g = new Graph();
  const rows = gather(g.input('table', [5, 2]), g.input('pick', [2], 'int32'));
  g.output('y', mul(reshape(rows, [1, 2, 2]), g.input('scale', [3, 1, 1])));
  const table = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  const runner = await RowRunner.open(engine, {
    program: { graph: g, state: [], batches: [] },
    sources: { table },
    batch: 2,
    stack: 3,
  });
  const out = await runner.run({ scale: Float32Array.of(1, 10, 100) }, 5);
  expect(out.map((o) => Array.from(o.y))).toEqual([1, 10, 100].map((k) => Array.from(table, (v) => k * v)));
});
