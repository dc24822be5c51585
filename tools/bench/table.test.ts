// The bench's arithmetic: ratios per round against the best peer, and what counts as another computation.
import { expect, it } from 'vitest';
import type { EngineRow, Row } from './measure.ts';
import { benchTable, disagreements, ratioToBest } from './table.ts';

const engine = (id: EngineRow['engine'], rounds: number[], losses: [number, number] | null): EngineRow => ({
  engine: id,
  rounds,
  cpuRounds: rounds.map((r) => r / 2),
  firstMs: 1,
  losses,
  nodes: null,
  dispatches: null,
});
const row = (...engines: EngineRow[]): Row => ({ workload: 'mlp', batch: 64, target: 'wasm', parameters: 10, engines });
const ours = engine('ours', [1, 2, 9], [2, 1]);

it('compares with the faster peer, round by round', () => {
  const ratio = ratioToBest(
    row(ours, engine('jax-js', [4, 4, 18], [2, 1]), engine('tfjs', [8, 8, 8], [2, 1])),
    'rounds',
  )!;
  expect(ratio).toMatchObject({ median: 0.5, low: 0.25, high: 0.5 });
  expect(ratio.peer.engine).toBe('jax-js');
});
it('has no ratio without a peer that ran', () => {
  expect(ratioToBest(row(ours, { ...engine('tfjs', [], null), error: 'no kernel' }), 'rounds')).toBeNull();
  expect(benchTable([row(ours, engine('tfjs', [], null))])).toContain('| cannot');
});
it('tells rounding from a different computation', () => {
  expect(disagreements(row(ours, engine('jax-js', [1], [2.0001, 1.0015])))).toEqual([]);
  expect(disagreements(row(ours, engine('jax-js', [1], [2.001, 1])))).toEqual(['jax-js: loss 2.001 at step 1; ours 2']);
  expect(disagreements(row(ours, engine('tfjs', [1], [2, 1.1])))).toEqual(['tfjs: loss 1.1 at step 4; ours 1']);
  expect(disagreements(row(ours, engine('tfjs', [1], [2, NaN])))).toHaveLength(1);
  expect(benchTable([row(ours, engine('tfjs', [1], [3, 1]))])).toContain('| NO');
});
