// Counts the kernels that any engine sends to WebGPU, by listening at the browser's own interface.
let count = 0;
let isListening = false;

/** Dispatches so far in this page or process. */
export const dispatches = (): number => count;

export function countDispatches(): void {
  const pass = (globalThis as { GPUComputePassEncoder?: typeof GPUComputePassEncoder }).GPUComputePassEncoder
    ?.prototype;
  if (!pass || isListening) return;
  isListening = true;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  pass.dispatchWorkgroups = function counted(
    this: GPUComputePassEncoder,
    ...args: Parameters<typeof dispatchWorkgroups>
  ) {
    count++;
    return dispatchWorkgroups.apply(this, args);
  };
  pass.dispatchWorkgroupsIndirect = function counted(
    this: GPUComputePassEncoder,
    ...args: Parameters<typeof dispatchWorkgroupsIndirect>
  ) {
    count++;
    return dispatchWorkgroupsIndirect.apply(this, args);
  };
}
