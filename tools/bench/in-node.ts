// The bench in one Node process: onnxruntime-web's builds, jax-js and TensorFlow.js on WASM, and on WebGPU by Dawn.
import { probe } from '../../src/runtime/device/probe.ts';
import { useDawn, useNative } from '../../src/runtime/node/node.ts';
import type { EngineId, Open, Target } from './contender.ts';
import { mainThreadMs, processMs } from './cpu-clock.ts';
import { countDispatches } from './dispatches.ts';
import { measureRow, type Row, type RowRequest } from './measure.ts';
import { openOurs } from './ours.ts';

const OPENERS: Record<EngineId, () => Promise<Open>> = {
  ours: async () => openOurs,
  'jax-js': async () => (await import('./peers/jax.ts')).openJax,
  async tfjs() {
    await import('@tensorflow/tfjs-backend-webgpu');
    await import('@tensorflow/tfjs-backend-wasm');
    return (await import('./peers/tfjs.ts')).openTfjs;
  },
};

/** onnxruntime defines `Worker` while jax-js decides by it, at two moments, whether memory is shared: keep it undefined, one thread for all. */
function hideWorkers(): void {
  Object.defineProperty(globalThis, 'Worker', {
    configurable: true,
    get: () => undefined,
    set() {
      /* stays undefined */
    },
  });
}

/** Sets up Dawn when WebGPU is asked for; peers load when their first row runs. */
export async function openNodeBench(targets: Target[]) {
  hideWorkers();
  useNative();
  if (targets.includes('webgpu')) await useDawn();
  countDispatches();
  const { webgpu, threads } = await probe();
  return {
    describe: `Node ${process.versions.node}, WASM with ${threads} thread; WebGPU: ${targets.includes('webgpu') ? `Dawn, ${webgpu.reason}` : 'not asked for'}`,
    isSoftware: webgpu.isFallback === true,
    threads,
    async row(request: RowRequest, log: (line: string) => void): Promise<Row> {
      const openers: Partial<Record<EngineId, Open>> = {};
      for (const engine of request.engines) openers[engine] = await OPENERS[engine]();
      return measureRow(request, openers, async () => (request.target === 'wasm' ? mainThreadMs() : processMs()), log);
    },
    async close() {
      /* the process ends with its device */
    },
  };
}
