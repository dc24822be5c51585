// The engine that a lab sees: opens train steps and inference graphs on one backend and keeps account of them.
import type { Engine, HostArray, Runner, Stepper, Backend } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import type { Tensor } from '../../graph/graph.ts';
import { compile, type Compiled } from './compile.ts';
import { openGpu, type Gpu } from '../device/device.ts';
import { during, EngineError } from '../wire/errors.ts';
import { GpuStepper } from './gpu-stepper.ts';
import { HostStepper } from './host-stepper.ts';
import { planInputs, type InputPlan, type InputType } from './inputs.ts';
import { ModelRunner } from './model-runner.ts';
import { ortLock } from './mutex.ts';
import { loadedFlavours, loadOrt, nativeThreads, type Ort, type OrtTensor } from './ort.ts';
import { sameBytes, SessionPool } from './sessions.ts';

export interface TrainGraph {
  name: string;
  nodes: number;
  before: number;
  bytes: Uint8Array;
}

export interface RuntimeEngine extends Engine {
  /** The different train-step graphs opened so far. */
  graphs(): TrainGraph[];
  /** Called when a train-step graph is opened that was not known before. */
  onGraph?: () => void;
  /** Resolves when the engine is there; fails with what kept it from starting. */
  readonly ready: Promise<void>;
  /** Waits until the device has done what it was given. */
  settle(): Promise<void>;
  /** Steppers and runners that are open now. */
  readonly openCount: number;
  /** Disposes whatever is still open. */
  dispose(): Promise<void>;
}

/** What differs between backends. */
interface Backing {
  readonly ort: Ort;
  programs(): SessionPool;
  foreign(): SessionPool;
  readonly gpu?: Gpu;
}

/** @throws EngineError when the backend does not exist here. */
export async function openEngine(backend: Backend): Promise<RuntimeEngine> {
  const engine = startEngine(backend);
  await engine.ready;
  return engine;
}

/** An engine that can be handed out while it is fetched and started; what is opened on it waits. */
export function startEngine(backend: Backend): RuntimeEngine {
  return new LabEngine(backend, backend === 'webgpu' ? gpuBacking() : hostBacking(backend));
}

async function gpuBacking(): Promise<Backing> {
  const gpu = await openGpu();
  return { ort: gpu.ort, gpu, programs: () => gpu.strict, foreign: () => gpu.lenient };
}

async function hostBacking(backend: 'cpu' | 'wasm'): Promise<Backing> {
  try {
    // the JSPI build holds the CPU kernels too: no second download when it is there already
    const ort = await loadOrt(backend === 'cpu' ? 'native' : loadedFlavours().includes('jspi') ? 'jspi' : 'wasm');
    const pool = hostPool(ort, backend);
    return { ort, programs: () => pool, foreign: () => pool };
  } catch (error) {
    throw during(`starting the ${backend} engine`, error);
  }
}

/** Native threads sleep while they wait instead of spinning: long runs share the machine with others. */
const SHARE_CORES = { extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } } };
const pools = new Map<Ort, SessionPool>();
function hostPool(ort: Ort, provider: 'cpu' | 'wasm'): SessionPool {
  let pool = pools.get(ort);
  if (!pool)
    pools.set(
      ort,
      (pool = new SessionPool(ort, ortLock, {
        executionProviders: [provider],
        logSeverityLevel: 3,
        ...(provider === 'cpu' ? { ...SHARE_CORES, intraOpNumThreads: nativeThreads() } : {}),
      })),
    );
  return pool;
}

class LabEngine implements RuntimeEngine {
  readonly backend: Backend;
  readonly residency: 'device' | 'host';
  onGraph?: () => void;
  readonly ready: Promise<void>;
  private readonly backing: Promise<Backing>;
  private readonly open = new Set<{ dispose(): Promise<void> }>();
  private readonly trainGraphs: Compiled[] = [];
  constructor(backend: Backend, backing: Promise<Backing>) {
    this.backend = backend;
    this.backing = backing;
    this.residency = backend === 'webgpu' ? 'device' : 'host';
    this.ready = backing.then(() => undefined);
    this.ready.catch(() => undefined);
  }
  get openCount(): number {
    return this.open.size;
  }

  async stepper(
    program: Program,
    init: Record<string, Float32Array>,
    sources?: Record<string, HostArray>,
  ): Promise<Stepper> {
    const plan = planProgram(
      program,
      program.state.map((s) => s.input),
      sources,
    );
    const compiled = compile(program);
    const backing = await this.backing;
    const { ort, gpu } = backing;
    const lease = await backing.programs().acquire(compiled.bytes);
    this.remember(compiled);
    try {
      const parts = { lock: ortLock, lease, plan, program, init };
      const stepper: Stepper = gpu
        ? await GpuStepper.open({ ...parts, gpu, closed: () => this.open.delete(stepper) })
        : new HostStepper({ ...parts, ort, closed: () => this.open.delete(stepper) });
      this.open.add(stepper);
      return stepper;
    } catch (error) {
      await lease.release();
      throw during('opening the training step', error);
    }
  }

  async runner(model: Program | Uint8Array, sources?: Record<string, HostArray>): Promise<Runner> {
    const backing = await this.backing;
    const { ort, gpu } = backing;
    const isForeign = model instanceof Uint8Array;
    const plan = isForeign ? undefined : planProgram(model, [], sources);
    const lease = await (isForeign ? backing.foreign() : backing.programs()).acquire(
      isForeign ? model : compile(model).bytes,
    );
    const fixed = Object.fromEntries(
      (plan?.resident ?? []).map(({ type, data }) => [type.name, residentTensor(type, data, ort, gpu)]),
    );
    const runner: Runner = new ModelRunner({
      ort,
      lock: ortLock,
      lease,
      plan,
      fixed,
      guard: gpu && ((call) => gpu.guard(call)),
      closed: () => {
        this.open.delete(runner);
        if (gpu) for (const { data } of plan?.resident ?? []) gpu.releaseResident(data);
      },
    });
    this.open.add(runner);
    return runner;
  }

  graphs(): TrainGraph[] {
    return this.trainGraphs.map(({ bytes, nodes, before }, i) => ({
      name: i === 0 ? 'train-step' : `train-step-${i + 1}`,
      bytes,
      nodes,
      before,
    }));
  }

  async settle(): Promise<void> {
    const { gpu } = await this.backing;
    if (gpu) await ortLock.run(() => gpu.guard(gpu.device.queue.onSubmittedWorkDone()));
  }

  async dispose(): Promise<void> {
    for (const item of [...this.open]) await item.dispose().catch(() => undefined);
    this.open.clear();
  }

  private remember(compiled: Compiled): void {
    if (this.trainGraphs.some(({ bytes }) => sameBytes(bytes, compiled.bytes))) return;
    this.trainGraphs.push(compiled);
    this.onGraph?.();
  }
}

function planProgram(program: Program, state: string[], sources?: Record<string, HostArray>): InputPlan {
  const inputs = [...program.graph.inputs].map(([name, t]) => inputType(name, t));
  return planInputs({ inputs, state, batches: program.batches, sources, unused: program.unused });
}

function inputType(name: string, { dtype, shape }: Tensor): InputType {
  if (dtype !== 'float32' && dtype !== 'int32')
    throw new EngineError('internal', `input ${name}: expected float32 or int32; got ${dtype}`);
  return { name, dtype, shape };
}

function residentTensor(type: InputType, data: HostArray, ort: Ort, gpu?: Gpu): OrtTensor {
  if (gpu)
    return ort.Tensor.fromGpuBuffer(gpu.resident(data, `data ${type.name}`), {
      dataType: type.dtype as 'float32',
      dims: type.shape,
    });
  return new ort.Tensor(type.dtype as 'float32', data as Float32Array, type.shape);
}
