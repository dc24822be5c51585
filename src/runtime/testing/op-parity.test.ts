// onnxruntime against the reference evaluator, op by op, on native CPU and on WebAssembly (WebGPU: e2e).
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/engine.ts';
import { useNative } from '../node/node.ts';
import { opParity } from './op-parity.ts';

useNative();
describe.each(['cpu', 'wasm'] as const)('ops on %s', (backend) => {
  it('equal the evaluator', async () => {
    const rows = await opParity(await openEngine(backend));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((r) => !(r.error <= r.tolerance))).toEqual([]);
  });
});
