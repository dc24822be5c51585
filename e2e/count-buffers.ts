// Counts the GPU buffers that are alive in this thread: created, less those destroyed and those that the garbage collector
// took (onnxruntime drops constants of a released session without destroying them).
let alive = 0;

/** Call before the first device is opened. */
export function countBuffers(): void {
  if (!('GPUDevice' in globalThis)) return;
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const open = new WeakSet<GPUBuffer>();
  const collected = new FinalizationRegistry<null>(() => {
    alive--;
  });
  GPUDevice.prototype.createBuffer = function count(this: GPUDevice, descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    open.add(buffer);
    collected.register(buffer, null, buffer);
    alive++;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function count(this: GPUBuffer) {
    if (open.delete(this)) {
      alive--;
      collected.unregister(this);
    }
    return destroy.call(this);
  };
}

/** Buffers alive now, after a collection (the browser must be started with --js-flags=--expose-gc). */
export async function bufferCount(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('bufferCount: expected a browser started with --js-flags=--expose-gc');
  for (let i = 0; i < 2; i++) {
    gc();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  return alive;
}
