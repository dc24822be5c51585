// A bare page for tests of the runtime in a real browser: `window.harness` holds what they call.
import { createLabClient, type ClientOptions } from '../src/runtime/wire/client.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';
import { loseDevice } from '../src/runtime/device/device.ts';
import { meanProgram } from '../src/runtime/testing/fixture-lab.ts';
import { probe } from '../src/runtime/device/probe.ts';
import { opParity } from '../src/runtime/testing/op-parity.ts';
import { bufferCount, countBuffers } from './count-buffers.ts';
import { graphParity, sampleParity, stackParity } from './parity.ts';

countBuffers();

const workers: Worker[] = [];
const spawn = () => {
  const worker = new Worker(new URL('./harness-worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return worker;
};
const spawnTrial = () => new Worker(new URL('./harness-worker.ts', import.meta.url), { type: 'module', name: 'trial' });

export const harness = {
  openEngine,
  loseDevice,
  probe,
  meanProgram,
  bufferCount,
  opParity,
  graphParity,
  sampleParity,
  stackParity,
  /** Every worker that clients have started, in order. */
  workers,
  /** A client of the fixture lab. */
  client: (options: ClientOptions = {}) => createLabClient({ spawn, ...options }),
  /** A client whose browser misbehaves as stubborn-gpu.ts says. */
  stubbornClient: (name: string) =>
    createLabClient({
      spawn: () => new Worker(new URL('./harness-worker.ts', import.meta.url), { type: 'module', name }),
    }),
  /** The same, taking a software adapter for a real one. */
  trialClient: () => createLabClient({ spawn: spawnTrial }),
};
export type Harness = typeof harness;

(globalThis as { harness?: Harness }).harness = harness;
