// What the code here needs of a machine that runs foreign models. src/runtime/engine/foreign.ts gives one; types only.

export type TensorType = 'float32' | 'float16' | 'int64' | 'int32' | 'bool';
/** A tensor on the host. float16 as bits in a Uint16Array, bool as a Uint8Array. */
export interface HostTensor {
  type: TensorType;
  data: Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;
  dims: readonly number[];
}
/** A result, which may lie on the device until it is read. */
export interface DeviceTensor {
  readonly type: string;
  readonly dims: readonly number[];
  getData(): Promise<unknown>;
  dispose(): void;
}

export interface ModelSession {
  /** Element types of the inputs, by name. */
  readonly inputTypes: Readonly<Record<string, string>>;
  /** Results named `stay` when the session was opened keep to the device and may be fed again; the caller disposes of them. */
  run(
    feeds: Record<string, HostTensor | DeviceTensor>,
    wanted: readonly string[],
  ): Promise<Record<string, DeviceTensor>>;
  dispose(): Promise<void>;
}
export interface DataFile {
  path: string;
  data: Uint8Array;
}
export interface ModelFiles {
  bytes: Uint8Array;
  external: readonly DataFile[];
}
export type ForeignBackend = 'wasm' | 'webgpu';
export interface ForeignRuntime {
  /** Opens a model of any origin. @throws Error in words for visitors, with a `remedy` where there is one */
  open(model: ModelFiles, backend: ForeignBackend, stay: readonly string[]): Promise<ModelSession>;
  gpu(): Promise<{ isAvailable: boolean; isSoftware: boolean; text: string }>;
  /** Whether the GPU computes in half precision. */
  hasHalf(): Promise<boolean>;
}
