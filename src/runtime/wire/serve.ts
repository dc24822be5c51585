// Puts a lab host behind comlink: events go out in order, and a run answers only after its last event was received.
import * as comlink from 'comlink';
import { openDataStore } from '../../data/store.ts';
import { fetchFrom } from '../../data/fetch-url.ts';
import { strandedBytes } from '../device/device.ts';
import { LabHost, type HostParts } from './lab-host.ts';
import { heapBytes } from '../engine/ort.ts';
import type { RunEvent, RunRequest, WorkerApi } from './protocol.ts';
import { registerErrorTransfer } from './transfer.ts';

type Labs = Pick<HostParts, 'load' | 'slugs' | 'probe'>;
type EventPort = ((event: RunEvent) => Promise<void>) & { [comlink.releaseProxy]?(): void };

/** Exposes a host over `endpoint` (by default the worker's own). @returns a function that ends its run and frees it */
export function serve(labs: Labs, endpoint?: comlink.Endpoint): () => void {
  registerErrorTransfer();
  let host: LabHost | null = null;
  const lab = () => {
    if (!host) throw new Error('internal: configure must be the first call');
    return host;
  };
  const api: WorkerApi = {
    async configure({ base, checkpointMs }) {
      host = new LabHost({ ...labs, data: openDataStore(fetchFrom(base)), breathe, checkpointMs });
    },
    ping: async () => undefined,
    heldBytes: async () => (await heapBytes()) + (await strandedBytes()),
    run: (request, onEvent) => runOver(lab(), request, onEvent as EventPort),
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

async function runOver(host: LabHost, request: RunRequest, onEvent: EventPort) {
  let last: Promise<unknown> = Promise.resolve();
  try {
    return await host.run(request, (event) => {
      last = onEvent(event).catch(() => undefined);
    });
  } finally {
    await last;
    onEvent[comlink.releaseProxy]?.();
  }
}

/** A macrotask, without the 4 ms that nested timers cost. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const breathe = () =>
  new Promise<void>((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
