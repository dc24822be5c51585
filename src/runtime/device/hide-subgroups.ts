// On adapters with very small subgroups (software ones) onnxruntime's attention shader gives wrong numbers for long prompts.
// Without the feature it takes another shader, which is right everywhere.

/** Call before onnxruntime is loaded. Stands alone, so that tests can inject it into a page. */
export function hideSubgroups(): void {
  if (typeof GPUAdapter === 'undefined') return;
  const without = (features: Iterable<string>) => new Set([...features].filter((f) => !f.startsWith('subgroup')));
  for (const kind of [GPUAdapter, GPUDevice]) {
    const own = Object.getOwnPropertyDescriptor(kind.prototype, 'features')!;
    Object.defineProperty(kind.prototype, 'features', {
      configurable: true,
      get(this: object) {
        return without(own.get!.call(this) as Iterable<string>);
      },
    });
  }
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    return request.call(this, {
      ...descriptor,
      requiredFeatures: [...without(descriptor.requiredFeatures ?? [])] as GPUFeatureName[],
    });
  };
}
