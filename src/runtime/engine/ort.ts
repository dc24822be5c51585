// The only file that names onnxruntime: picks a build, loads it once, and hands out the few things that the engine needs.
import type * as OrtModule from 'onnxruntime-web';
import { tinyModel } from '../device/tiny-model.ts';
import { EngineError } from '../wire/errors.ts';

export type Session = OrtModule.InferenceSession;
export type SessionOptions = OrtModule.InferenceSession.SessionOptions;
export type OrtTensor = OrtModule.Tensor;
export type ValueMetadata = OrtModule.InferenceSession.ValueMetadata;

/** `native` is onnxruntime-node; the others are builds of onnxruntime-web. */
export type Flavour = 'native' | 'wasm' | 'jspi' | 'asyncify';

export interface Ort {
  readonly flavour: Flavour;
  readonly Tensor: typeof OrtModule.Tensor;
  readonly InferenceSession: typeof OrtModule.InferenceSession;
  /** The GPU device behind the present WebGPU sessions; ask only while one exists. */
  device(): Promise<GPUDevice>;
  /** Bytes of the WebAssembly heap, which never shrinks; 0 for `native`. */
  heapBytes(): number;
}

type Module = typeof OrtModule;
const loaded = new Map<Flavour, Promise<Ort>>();
let native: (() => Module) | undefined;
let webgpuForced: Flavour | undefined;

/** Node tools hand in onnxruntime-node here, so that a bundler never sees it. */
export function registerNative(load: () => Module): void {
  native = load;
}
export const hasNative = (): boolean => native !== undefined;

/** Node tools name the build that runs WebGPU there. */
export function forceWebgpuFlavour(flavour: 'jspi' | 'asyncify'): void {
  webgpuForced = flavour;
}

/** JSPI where the browser lets WebAssembly wait for promises, else the larger asyncify build. */
export const webgpuFlavour = (): Flavour => webgpuForced ?? (hasJspi() ? 'jspi' : 'asyncify');
export const hasJspi = (): boolean => 'Suspending' in WebAssembly && 'promising' in WebAssembly;

/** At most so many threads in each engine that is started from now on. */
export function limitThreads(count: number): void {
  mostThreads = count;
}
let mostThreads: number | null = null;

/** Threads of native onnxruntime; 0 leaves the number to it. */
export const nativeThreads = (): number => mostThreads ?? 0;

/** Threads of the WebAssembly builds: shared memory needs a cross-origin isolated page. */
export function threadCount(): number {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  return isolated ? Math.min(mostThreads ?? 4, globalThis.navigator?.hardwareConcurrency ?? 1) : 1;
}

/** Bytes of all WebAssembly heaps. */
export async function heapBytes(): Promise<number> {
  const orts = await Promise.all([...loaded.values()].map((ort) => ort.catch(() => null)));
  return orts.reduce((sum, ort) => sum + (ort?.heapBytes() ?? 0), 0);
}

/** Builds that are in memory now. */
export const loadedFlavours = (): Flavour[] => [...loaded.keys()];

const abandoned = new Set<Flavour>();
/** A build that failed while it opened a device stays in a state that no session survives: it is not used again in this worker. */
export function abandonOrt(flavour: Flavour): void {
  abandoned.add(flavour);
  loaded.delete(flavour);
}

/** Loads a build once. @throws Error when its files cannot be fetched; EngineError when only a new worker can help. */
export async function loadOrt(flavour: Flavour): Promise<Ort> {
  if (abandoned.has(flavour))
    throw new EngineError('crash', 'the WebGPU engine broke down when it was opened before, and needs a new worker');
  let ort = loaded.get(flavour);
  if (!ort) {
    ort = open(flavour);
    loaded.set(flavour, ort);
    ort.catch(() => loaded.delete(flavour));
  }
  return ort;
}

async function open(flavour: Flavour): Promise<Ort> {
  const module = await importModule(flavour);
  const memories = flavour === 'native' ? [] : await start(module);
  return {
    flavour,
    Tensor: module.Tensor,
    InferenceSession: module.InferenceSession,
    device: () => module.env.webgpu.device as Promise<GPUDevice>,
    heapBytes: () => memories.reduce((sum, m) => sum + m.buffer.byteLength, 0),
  };
}

async function importModule(flavour: Flavour): Promise<Module> {
  switch (flavour) {
    case 'jspi':
      return import('onnxruntime-web/jspi');
    case 'asyncify':
      return import('onnxruntime-web/webgpu');
    case 'wasm':
      return import('onnxruntime-web/wasm');
    case 'native':
      if (!native)
        throw new Error(
          'onnxruntime-node: expected it to be registered first; call useNative() of src/runtime/node/node.ts',
        );
      return native();
  }
}

/** Starts the WebAssembly module (thread count is read once, here) and returns the memory that it made. */
async function start(module: Module): Promise<WebAssembly.Memory[]> {
  module.env.wasm.numThreads = threadCount();
  module.env.logLevel = 'error';
  const memories: WebAssembly.Memory[] = [];
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  try {
    const session = await module.InferenceSession.create(tinyModel(), { executionProviders: ['wasm'] });
    await session.release();
  } finally {
    WebAssembly.Memory = Memory;
  }
  return memories;
}
