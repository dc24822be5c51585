import { expect, it } from 'vitest';
import { add, mul, reshape } from '../../../graph/builder.ts';
import { ones } from '../../../nn/initialisers.ts';
import { referenceEngine } from '../testing/reference-engine.ts';
import type { ModelGraph } from './model-graph.ts';
import { openReadout } from './readout.ts';

/** Each model's factor times the rows, plus what is fed. @returns y [S, B, 2] */
function network(graph: ModelGraph) {
  const factor = reshape(graph.params.get('factor', [1], ones), [graph.stack, 1, 1]);
  const shifted = add(graph.rows('table', [2]), graph.feed('shift', [graph.batch, 1]));
  return { y: mul(factor, reshape(shifted, [1, graph.batch, 2])) };
}
const table = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
const shifts: number[] = [];
const set = (rows: number, shift: number) => ({
  rows,
  sources: { table },
  feeds(from: number, count: number) {
    shifts.push(from);
    return { shift: new Float32Array(count).fill(shift) };
  },
});

for (const residency of ['host', 'device'] as const)
  it(`cuts rows into chunks and outputs into models (${residency})`, async () => {
    const engine = referenceEngine(residency);
    const readout = openReadout(engine, 3, { network, sets: { all: set(5, 0), few: set(3, 100) }, chunk: 2 });
    const theta = Float32Array.of(1, 10, 100);
    expect(engine.openCount).toBe(0);
    const all = await readout.read({ theta }, 'all');
    expect(all.map((o) => Array.from(o.y))).toEqual([1, 10, 100].map((k) => Array.from(table, (v) => k * v)));
    shifts.length = 0;
    const few = await readout.read({ theta }, 'few');
    expect(Array.from(few[1].y)).toEqual([101, 102, 103, 104, 105, 106].map((v) => 10 * v));
    expect(shifts).toEqual([0, 2]);
    expect((await readout.read({ theta }, 'all', 1))[0].y).toEqual(Float32Array.of(1, 2));
    expect(engine.openCount).toBe(2);
    expect(engine.opened[0].program).toBe(engine.opened[1].program);
    await readout.dispose();
    expect(engine.openCount).toBe(0);
  });

it('refuses outputs that are no rows', async () => {
  const sum = (graph: ModelGraph) => ({ total: reshape(graph.rows('table', [2]), [-1, 1]) });
  const readout = openReadout(referenceEngine(), 3, {
    network: sum,
    sets: { all: { rows: 5, sources: { table } } },
    chunk: 2,
  });
  await expect(readout.read({ theta: new Float32Array(0) }, 'all')).rejects.toThrow(
    'readout: expected 3 x 2 rows in output "total"; got 4 values in all',
  );
});
