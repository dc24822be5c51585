// The reference models' train steps must not grow: every node is a dispatch on a GPU.
import { expect, it } from 'vitest';
import { countNodes, recordedCounts } from './node-counts.ts';

const counts = countNodes();
const recorded = recordedCounts();

it('knows every reference model', () => expect(Object.keys(recorded).sort()).toEqual(Object.keys(counts).sort()));
it.each(Object.keys(counts))('%s has no more nodes than recorded', (id) => {
  const hint = 'when the growth is worth it, record it: npx tsx tools/bench/node-counts.ts --write';
  expect(counts[id].nodes, hint).toBeLessThanOrEqual(recorded[id].nodes);
  expect(counts[id].kernels, hint).toBeLessThanOrEqual(recorded[id].kernels);
});
