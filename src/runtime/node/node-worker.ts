// A worker thread of Node that serves labs as the page's workers do, with data from public/.
import { freemem } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Backend } from '../../engine/engine.ts';
import { heapBytes } from '../engine/ort.ts';
import { serve } from '../wire/serve.ts';
import { labSlugs, loadLab, packagedData } from './node-host.ts';
import { useNative } from './node.ts';

/** What a thread takes beside a WebAssembly heap: V8, data sets, native sessions. */
const BESIDE_HEAP = 400 * 2 ** 20;

const { backend } = workerData as { backend: Backend };
if (backend === 'cpu') useNative();
serve(
  {
    load: loadLab,
    slugs: labSlugs,
    backend,
    data: packagedData(),
    memory: { budgetBytes: 0.8 * freemem(), ownBytes: async () => (await heapBytes()) + BESIDE_HEAP },
  },
  nodeEndpoint(parentPort!),
);
