// Browsers whose WebGPU misbehaves: no answer, or a refused device. A worker whose name holds one of these words becomes such a one.

const never = () => new Promise<never>(() => undefined);
const refuse = () => Promise.reject(new DOMException('no device today', 'OperationError'));

export function makeStubborn(name: string): void {
  if (typeof GPUAdapter === 'undefined') return;
  const { requestDevice } = GPUAdapter.prototype;
  if (name.includes('adapter-silent')) GPU.prototype.requestAdapter = never;
  if (name.includes('device-silent')) GPUAdapter.prototype.requestDevice = never;
  if (name.includes('device-refused')) GPUAdapter.prototype.requestDevice = refuse;
  if (name.includes('device-refused-to-onnxruntime'))
    GPUAdapter.prototype.requestDevice = function (descriptor) {
      return descriptor?.requiredLimits ? refuse() : requestDevice.call(this, descriptor);
    };
  if (name.includes('info-silent')) {
    Object.defineProperty(GPUAdapter.prototype, 'info', { configurable: true, value: undefined });
    Object.assign(GPUAdapter.prototype, { requestAdapterInfo: never });
  }
}
