// The page's client in Node: its workers are threads.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createLabClient, type ClientOptions, type LabClient } from '../wire/client.ts';
import type { WorkerLike } from '../wire/connection.ts';

export interface NodeClientOptions extends ClientOptions {
  backend: 'cpu' | 'wasm';
}

/** A client whose runs use every core, unless told otherwise, with one native thread in each worker. */
export function createNodeClient({ backend, ...options }: NodeClientOptions): LabClient {
  return createLabClient({
    base: '',
    checkpointMs: 15_000,
    workers: availableParallelism(),
    threads: 1,
    // a machine that does other work as well may keep a thread waiting for long
    deadAfter: 240,
    deadInTraining: 240,
    spawn: () => spawnThread(backend),
    ...options,
  });
}

function spawnThread(backend: 'cpu' | 'wasm'): WorkerLike {
  const thread = new Worker(new URL('./node-worker.mjs', import.meta.url), { workerData: { backend } });
  const like: WorkerLike = Object.assign(nodeEndpoint(thread), {
    onerror: null,
    terminate: () => void thread.terminate(),
  });
  const fail = (message: string) => like.onerror?.({ message } as ErrorEvent);
  thread.on('error', (error: Error) => fail(error.message));
  thread.on('exit', (code) => fail(`the thread ended with code ${code}`));
  return like;
}
