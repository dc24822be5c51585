// What this browser offers: a WebGPU adapter that gives a device, and of which kind; JSPI, threads.
import type { DeviceReport } from '../wire/protocol.ts';
import { askAdapter, askInfo, proveDevice } from './ask-gpu.ts';
import { hasJspi, threadCount } from '../engine/ort.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp\b/i;

export async function probe(): Promise<DeviceReport> {
  return {
    webgpu: await probeWebgpu(),
    jspi: hasJspi(),
    threads: threadCount(),
    crossOriginIsolated: globalThis.crossOriginIsolated === true,
  };
}

async function probeWebgpu(): Promise<DeviceReport['webgpu']> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) return { available: false, reason: 'this browser has no WebGPU' };
  try {
    const adapter = await askAdapter(gpu);
    if (!adapter) return { available: false, reason: 'this browser has WebGPU but offers no graphics adapter' };
    const report = describe(adapter, await askInfo(adapter));
    await proveDevice(adapter);
    return report;
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function describe(
  adapter: GPUAdapter,
  info: Partial<GPUAdapterInfo & { isFallbackAdapter: boolean }>,
): DeviceReport['webgpu'] {
  const name =
    [...new Set([info.vendor, info.architecture, info.device, info.description])].filter(Boolean).join(' ') ||
    'unnamed';
  const isFallback = info.isFallbackAdapter ?? SOFTWARE.test(name);
  return {
    available: true,
    adapter: name,
    isFallback: isFallback || SOFTWARE.test(name),
    maxBufferBytes: adapter.limits.maxBufferSize,
    reason:
      isFallback || SOFTWARE.test(name)
        ? `the only graphics adapter is a software one (${name})`
        : `graphics adapter ${name}`,
  };
}
