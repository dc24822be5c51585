// Puts a lab host behind comlink: events go out in order, and a run answers only after its last event was received.
import * as comlink from 'comlink';
import { openDataStore } from '../../data/store.ts';
import { fetchFrom } from '../../data/fetch-url.ts';
import { strandedBytes } from '../device/device.ts';
import { LabHost, type HostParts } from './lab-host.ts';
import { heapBytes, limitThreads } from '../engine/ort.ts';
import type { ShareEvent, WorkerApi } from './protocol.ts';
import { registerErrorTransfer } from './transfer.ts';

/** `data` unless it lies where the page does. */
type Labs = Pick<HostParts, 'load' | 'slugs' | 'probe' | 'backend' | 'memory'> & Partial<Pick<HostParts, 'data'>>;
type EventPort = ((event: ShareEvent) => Promise<void>) & { [comlink.releaseProxy]?(): void };

/** Exposes a host over `endpoint` (by default the worker's own). @returns a function that ends its run and frees it */
export function serve(labs: Labs, endpoint?: comlink.Endpoint): () => void {
  registerErrorTransfer();
  let host: LabHost | null = null;
  const lab = () => {
    if (!host) throw new Error('internal: configure must be the first call');
    return host;
  };
  const api: WorkerApi = {
    async configure({ base, checkpointMs, life, threads }) {
      if (threads) limitThreads(threads);
      host = new LabHost({ data: openDataStore(fetchFrom(base)), ...labs, breathe, checkpointMs });
      if (life) await holdLock(life);
    },
    ping: async () => undefined,
    heldBytes: async () => (await heapBytes()) + (await strandedBytes()),
    run: (request, onEvent) => inOrder(onEvent as EventPort, (emit) => lab().run(request, emit)),
    runShare: (request, onEvent) => inOrder(onEvent as EventPort, (emit) => lab().runShare(request, emit)),
    hear: (index, points, parts) => lab().hear(index, points, parts),
    deliver: (index, outcome) => lab().deliver(index, outcome),
    probe: () => lab().probe(),
    pause: () => lab().pause(),
    resume: () => lab().resume(),
    step: () => lab().step(),
    stop: () => lab().stop(),
    query: (slug, knobs, name, payload) => lab().query(slug, knobs, name, payload),
    graphs: () => lab().graphs(),
    loseDevice: () => lab().loseDevice(),
  };
  comlink.expose(api, endpoint);
  return () => void host?.dispose();
}

async function inOrder<T>(port: EventPort, task: (emit: (event: ShareEvent) => void) => Promise<T>): Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  try {
    return await task((event) => {
      last = port(event).catch(() => undefined);
    });
  } finally {
    await last;
    port[comlink.releaseProxy]?.();
  }
}

/** The browser gives the lock to the client when this worker is no more, however it ended. */
const holdLock = (name: string): Promise<void> =>
  new Promise((resolve) => {
    void navigator.locks
      .request(name, () => {
        resolve();
        return new Promise<never>(() => undefined);
      })
      .catch(() => resolve());
  });

/** A macrotask, without the 4 ms that nested timers cost. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const breathe = () =>
  new Promise<void>((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
