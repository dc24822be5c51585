// The one GPU device of a worker: opened by onnxruntime, kept alive by a tiny session, watched for loss.
import type { HostArray } from '../../engine/engine.ts';
import { during, EngineError, toWire } from '../wire/errors.ts';
import { ortLock } from '../engine/mutex.ts';
import { abandonOrt, loadOrt, webgpuFlavour, type Ort } from '../engine/ort.ts';
import { SessionPool } from '../engine/sessions.ts';
import { provenAdapter } from './ask-gpu.ts';
import { tinyModel } from './tiny-model.ts';

/** How long a call on a lost device may take to fail by itself before the worker counts as stuck. */
const STUCK_MS = 3000;

interface Resident {
  buffer: GPUBuffer;
  users: number;
}

export class Gpu {
  readonly ort: Ort;
  readonly device: GPUDevice;
  /** Sessions of our own graphs: a node without a GPU kernel is an error. */
  readonly strict: SessionPool;
  /** Sessions of foreign models, which may fall back to the CPU. */
  readonly lenient: SessionPool;
  private loss: EngineError | null = null;
  private fault: GPUError | null = null;
  private readonly residents = new Map<HostArray, Resident>();
  /** Rejections of the calls in flight; reactions added to `device.lost` itself would pile up. */
  private readonly waiting = new Set<(error: Error) => void>();
  private constructor(ort: Ort, device: GPUDevice, strict: SessionPool, lenient: SessionPool) {
    this.ort = ort;
    this.device = device;
    this.strict = strict;
    this.lenient = lenient;
    device.addEventListener('uncapturederror', (event) => {
      this.fault ??= (event as GPUUncapturedErrorEvent).error;
    });
    void device.lost.then((info) => {
      this.loss = new EngineError(
        'device-lost',
        `the graphics device was lost (${info.message || info.reason || 'no reason given'})`,
      );
      for (const reject of this.waiting) reject(this.loss);
    });
  }

  static async open(): Promise<Gpu> {
    await provenAdapter();
    const ort = await loadOrt(webgpuFlavour());
    const pool = (extra?: Record<string, unknown>) =>
      new SessionPool(ort, ortLock, { executionProviders: ['webgpu'], logSeverityLevel: 3, extra });
    const strict = pool({ session: { disable_cpu_ep_fallback: '1' } });
    const lenient = pool();
    await strict.acquire(tinyModel()).catch((error) => {
      abandonOrt(ort.flavour);
      throw new EngineError('unsupported', `the engine could not start on the GPU (${lastSentence(error)})`, {
        cause: error,
      });
    });
    return new Gpu(ort, await ort.device(), strict, lenient);
  }

  get isLost(): boolean {
    return this.loss !== null;
  }

  /** Awaits `call` and turns what befell the device meanwhile into an error. Hold the lock. */
  async guard<T>(call: Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await this.orLoss(call);
    } catch (error) {
      return this.explain(call, error);
    }
    const fault = this.takeFault();
    if (fault) throw fault;
    return result;
  }

  /** A buffer that kernels read and write and that can be copied. @throws EngineError when it is larger than the device allows. */
  buffer(bytes: number, label: string): GPUBuffer {
    const limit = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (bytes > limit)
      throw new EngineError(
        'out-of-memory',
        `buffer ${label}: expected at most ${megabytes(limit)}, the largest this GPU takes; got ${megabytes(bytes)}`,
      );
    return this.device.createBuffer({
      label,
      size: align(bytes),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  write(buffer: GPUBuffer, data: HostArray): void {
    this.device.queue.writeBuffer(buffer, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  }

  async read(buffer: GPUBuffer, length: number): Promise<Float32Array> {
    const bytes = length * 4;
    const staging = this.device.createBuffer({
      size: align(bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const commands = this.device.createCommandEncoder();
      commands.copyBufferToBuffer(buffer, 0, staging, 0, align(bytes));
      this.device.queue.submit([commands.finish()]);
      await this.guard(staging.mapAsync(GPUMapMode.READ));
      return new Float32Array(staging.getMappedRange(0, align(bytes)).slice(0, bytes));
    } finally {
      staging.destroy();
    }
  }

  /** The buffer that holds `data`, uploaded once however many use it. */
  resident(data: HostArray, label: string): GPUBuffer {
    let entry = this.residents.get(data);
    if (!entry) {
      entry = { buffer: this.buffer(data.byteLength, label), users: 0 };
      this.write(entry.buffer, data);
      this.residents.set(data, entry);
    }
    entry.users++;
    return entry.buffer;
  }
  releaseResident(data: HostArray): void {
    const entry = this.residents.get(data);
    if (!entry || --entry.users > 0) return;
    this.residents.delete(data);
    entry.buffer.destroy();
  }

  /** Runs `allocate`; @throws EngineError, after `undo`, when it throws or the device had no memory for it. */
  async allocating<T>(what: string, allocate: () => T, undo: () => void): Promise<T> {
    this.device.pushErrorScope('out-of-memory');
    const made = await Promise.resolve()
      .then(allocate)
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
    const shortage = await this.device.popErrorScope().catch(() => null);
    if ('value' in made && !shortage) return made.value;
    undo();
    throw 'error' in made
      ? made.error
      : new EngineError('out-of-memory', `${what}: the GPU had no memory left (${shortage?.message})`);
  }

  /** Releases every session of this device: a new one beside old ones fails. */
  async close(): Promise<void> {
    await this.strict.clear();
    await this.lenient.clear();
    for (const { buffer } of this.residents.values()) buffer.destroy();
    this.residents.clear();
  }

  private orLoss<T>(call: Promise<T>): Promise<T> {
    if (this.loss) return Promise.reject(this.loss);
    return new Promise<T>((resolve, reject) => {
      this.waiting.add(reject);
      call.then(resolve, reject).finally(() => this.waiting.delete(reject));
    });
  }
  private lossError(): EngineError {
    return this.loss ?? new EngineError('device-lost', 'the graphics device was lost');
  }
  private takeFault(): EngineError | null {
    const { fault } = this;
    this.fault = null;
    if (!fault) return null;
    return 'GPUOutOfMemoryError' in globalThis && fault instanceof GPUOutOfMemoryError
      ? new EngineError('out-of-memory', `the GPU had no memory left (${fault.message})`)
      : new EngineError('internal', `the GPU refused a command (${fault.message})`);
  }

  /** An error that came with a loss is the loss; a call that outlives the device has frozen the module. */
  private async explain(call: Promise<unknown>, error: unknown): Promise<never> {
    const settled = call.then(
      () => true,
      () => true,
    );
    await Promise.race([this.device.lost, delay(200)]);
    if (!this.isLost) throw this.takeFault() ?? error;
    if (!(await Promise.race([settled, delay(STUCK_MS).then(() => false)])))
      throw new EngineError('crash', `the engine stopped answering after ${this.lossError().message}`);
    throw this.lossError();
  }
}

/** onnxruntime puts file, line and condition before what went wrong. */
const lastSentence = (error: unknown): string => toWire(error).message.split(' was false. ').at(-1)!.trim();

let current: Promise<Gpu> | null = null;

/** The device, opened when it is first needed and again after a loss. @throws EngineError */
export async function openGpu(): Promise<Gpu> {
  const before = current && (await current.catch(() => null));
  if (before && !before.isLost) return before;
  await before?.close();
  current = Gpu.open();
  try {
    return await current;
  } catch (error) {
    current = null;
    const wrapped = during('opening the GPU', error);
    throw wrapped.kind === 'internal' ? new EngineError('unsupported', wrapped.message, { cause: error }) : wrapped;
  }
}

/** Bytes of constants that released sessions left on the device. */
export async function strandedBytes(): Promise<number> {
  const gpu = current && (await current.catch(() => null));
  return gpu && !gpu.isLost ? gpu.strict.releasedBytes + gpu.lenient.releasedBytes : 0;
}

/** Destroys the device, as a driver reset would. For tests. @throws EngineError when none is open. */
export async function loseDevice(): Promise<void> {
  if (!current) throw new EngineError('internal', 'loseDevice: expected an open device; got none');
  const { device } = await current;
  device.destroy();
  await device.lost;
}

const align = (bytes: number) => Math.max(16, Math.ceil(bytes / 16) * 16);
const delay = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
