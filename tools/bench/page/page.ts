// The bench inside a browser page: offers `window.bench` to the driver.
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { probe } from '../../../src/runtime/device/probe.ts';
import type { DeviceReport } from '../../../src/runtime/wire/protocol.ts';
import { countDispatches } from '../dispatches.ts';
import { measureRow, type Row, type RowRequest } from '../measure.ts';
import { measureOpening, type Opening, type OpeningRequest } from '../opening.ts';
import { openOurs } from '../ours.ts';
import { openJax } from '../peers/jax.ts';
import { openTfjs } from '../peers/tfjs.ts';

declare global {
  interface Window {
    /** Given by the driver. */ cpuMs(): Promise<number | null>;
  }
}
export interface PageBench {
  device(): Promise<DeviceReport>;
  row(request: RowRequest): Promise<Row>;
  opening(request: OpeningRequest): Promise<Opening>;
}

setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});
countDispatches();
const bench: PageBench = {
  async device() {
    const report = await probe();
    if (report.threads > 1) setThreadsCount(report.threads);
    return report;
  },
  opening: measureOpening,
  row: (request) =>
    measureRow(
      request,
      { ours: openOurs, 'jax-js': openJax, tfjs: openTfjs },
      () => window.cpuMs(),
      (line) => console.info(line),
    ),
};
Object.assign(window, { bench });
