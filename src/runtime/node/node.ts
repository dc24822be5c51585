// For Node tools and tests only: hands native onnxruntime (kept in tools/native) to the runtime, and Dawn for WebGPU.
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { forceWebgpuFlavour, registerNative } from '../engine/ort.ts';

const require = createRequire(new URL('../../../tools/native/package.json', import.meta.url));

/** Backend `cpu` works afterwards. */
export function useNative(): void {
  registerNative(() => require('onnxruntime-node'));
}

/** True when `name` is installed beside native onnxruntime. */
export function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Backend `webgpu` works afterwards, on Dawn (package `webgpu`). Without a graphics driver, VK_DRIVER_FILES may point at a
 * software one, such as the vk_swiftshader_icd.json beside Chromium. @throws Error when the package or an adapter is missing.
 */
export async function useDawn(): Promise<void> {
  if (!isInstalled('webgpu'))
    throw new Error(
      'webgpu in Node: expected the package "webgpu" in tools/native; run `npm ci --prefix tools/native`, which adds the optional packages',
    );
  const { create, globals } = require('webgpu') as { create(options: string[]): GPU; globals: object };
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { gpu, hardwareConcurrency: 2, userAgent: 'node' },
  });
  copyBeforeWriting(globalThis.GPUQueue.prototype);
  // the optimising compiler needs minutes for this build's largest functions, and the event loop waits for it
  setFlagsFromString('--liftoff-only');
  forceWebgpuFlavour('asyncify');
  if (!(await gpu.requestAdapter()))
    throw new Error(
      "webgpu in Node: expected a graphics driver; got none. Set VK_DRIVER_FILES to a Vulkan driver's .json, such as /usr/lib/chromium/vk_swiftshader_icd.json for software (and LD_LIBRARY_PATH=/usr/lib/chromium where the system has no libvulkan)",
    );
}

/** Dawn refuses to read from shared memory, which is what a WebAssembly heap is. */
function copyBeforeWriting(queue: GPUQueue): void {
  const write = queue.writeBuffer;
  queue.writeBuffer = function writeBuffer(this: GPUQueue, buffer, offset, data, ...rest) {
    const copy =
      ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer ? (data as Uint8Array).slice() : data;
    return write.call(this, buffer, offset, copy as ArrayBuffer, ...rest);
  };
}
