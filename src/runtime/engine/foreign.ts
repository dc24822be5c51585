// Runs models of any origin, in a worker of their own: sessions with weights in several files and results that stay on the device.
import type {
  DeviceTensor,
  ForeignBackend,
  ForeignRuntime,
  HostTensor,
  ModelFiles,
  ModelSession,
} from '../../onnx/rewrite/session.ts';
import { during, EngineError } from '../wire/errors.ts';
import { ortLock } from './mutex.ts';
import { loadedFlavours, loadOrt, webgpuFlavour, type Ort, type OrtTensor, type Session } from './ort.ts';
import { askAdapter, provenAdapter } from '../device/ask-gpu.ts';
import { probe } from '../device/probe.ts';

/** The JSPI build holds the CPU kernels too: one build serves both backends once it is there. */
const flavourFor = (backend: ForeignBackend) =>
  backend === 'webgpu' || loadedFlavours().includes(webgpuFlavour()) ? webgpuFlavour() : 'wasm';
const isHost = (t: HostTensor | DeviceTensor): t is HostTensor => !('getData' in t);

class ForeignSession implements ModelSession {
  private readonly ort: Ort;
  private readonly session: Session;
  private readonly lost: Promise<never> | null;
  readonly inputTypes: Readonly<Record<string, string>>;
  constructor(ort: Ort, session: Session, lost: Promise<never> | null) {
    this.ort = ort;
    this.session = session;
    this.lost = lost;
    this.inputTypes = Object.fromEntries(session.inputMetadata.map((m) => [m.name, m.isTensor ? m.type : 'other']));
  }

  run(
    feeds: Record<string, HostTensor | DeviceTensor>,
    wanted: readonly string[],
  ): Promise<Record<string, DeviceTensor>> {
    const { Tensor } = this.ort;
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, t]) => [
        name,
        isHost(t) ? new Tensor(t.type as 'float32', t.data as Float32Array, t.dims) : (t as OrtTensor),
      ]),
    );
    return ortLock.run(async () => {
      const call = this.session.run(tensors, [...wanted]);
      try {
        return await (this.lost ? Promise.race([call, this.lost]) : call);
      } catch (error) {
        throw ofTheModel('running the model', error);
      }
    });
  }
  dispose(): Promise<void> {
    return ortLock.run(() => this.session.release());
  }
}

/** A fault that the engine cannot place, or an op that it has not, is one of the file here, not of a lab. */
function ofTheModel(what: string, error: unknown): EngineError {
  const found = during(what, error);
  if (error instanceof EngineError || (found.kind !== 'internal' && found.kind !== 'unsupported')) return found;
  return new EngineError('bad-input', found.message, {
    cause: error,
    remedy:
      'onnxruntime cannot run this file as it is. Try the other backend; if that fails too, check the file with onnx.checker, or choose another export of the model.',
  });
}

/** Rejects when the device is lost: calls that are under way then never end. */
function lossOf(device: GPUDevice): Promise<never> {
  const lost = device.lost.then(({ message, reason }): never => {
    throw new EngineError('device-lost', `the graphics device was lost (${message || reason})`, {
      remedy: 'Open the model again, or choose WASM.',
    });
  });
  lost.catch(() => undefined);
  return lost;
}

export const foreignRuntime: ForeignRuntime = {
  async open(model: ModelFiles, backend: ForeignBackend, stay: readonly string[]): Promise<ModelSession> {
    try {
      const isGpu = backend === 'webgpu';
      if (isGpu) await provenAdapter();
      const ort = await loadOrt(flavourFor(backend));
      const session = await ortLock.run(() =>
        ort.InferenceSession.create(model.bytes, {
          executionProviders: [backend],
          logSeverityLevel: 3,
          externalData: model.external.map(({ path, data }) => ({ path, data })),
          ...(isGpu ? { preferredOutputLocation: Object.fromEntries(stay.map((name) => [name, 'gpu-buffer'])) } : {}),
        }),
      );
      return new ForeignSession(ort, session, isGpu ? lossOf(await ort.device()) : null);
    } catch (error) {
      throw ofTheModel('opening the model', error);
    }
  },
  async gpu() {
    const { webgpu } = await probe();
    return { isAvailable: webgpu.available, isSoftware: webgpu.isFallback ?? false, text: webgpu.reason };
  },
  async hasHalf() {
    const gpu = globalThis.navigator?.gpu;
    return (gpu && (await askAdapter(gpu)))?.features.has('shader-f16') ?? false;
  },
};
