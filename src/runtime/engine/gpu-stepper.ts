// A train step on WebGPU: state in two sets of buffers that take turns as input and output; nothing is read back unasked.
import type { Feeds, HostArray, Stepper, StepperState } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import { size } from '../../util/shape.ts';
import type { Gpu } from '../device/device.ts';
import { during, EngineError } from '../wire/errors.ts';
import { knownState, noMetrics, stateArray, stateTypes } from './host-stepper.ts';
import { bindFeeds, type InputPlan, type InputType } from './inputs.ts';
import type { Mutex } from './mutex.ts';
import type { OrtTensor } from './ort.ts';
import type { Lease } from './sessions.ts';

/** Steps that may wait in the GPU's queue; more would only hide how long they take. */
const QUEUED_STEPS = 8;

interface Slot {
  type: InputType;
  buffer: GPUBuffer;
  tensor: OrtTensor;
}
type Slots = Map<string, Slot>;

export interface GpuStepperParts {
  gpu: Gpu;
  lock: Mutex;
  lease: Lease;
  plan: InputPlan;
  program: Program;
  init: Record<string, Float32Array>;
  closed(): void;
}

export class GpuStepper implements Stepper {
  private count = 0;
  private open = true;
  private current = 0;
  private hasMetrics = false;
  private readonly queued: Promise<unknown>[] = [];
  private readonly types: Map<string, InputType>;
  private readonly parts: GpuStepperParts;
  /** Gives back each buffer that was taken. */
  private readonly cleanup: (() => void)[];
  private readonly states: [Slots, Slots];
  private readonly feeds: Slots;
  private readonly fixed: Record<string, OrtTensor>;
  private readonly metricsSlot: Slot | null;

  static open(parts: GpuStepperParts): Promise<GpuStepper> {
    const cleanup: (() => void)[] = [];
    const undoAll = () => {
      for (const undo of cleanup) undo();
    };
    return parts.lock.run(() =>
      parts.gpu.allocating('opening the training step', () => new GpuStepper(parts, cleanup), undoAll),
    );
  }
  private constructor(parts: GpuStepperParts, cleanup: (() => void)[]) {
    this.parts = parts;
    this.cleanup = cleanup;
    const { plan, program, init } = parts;
    this.types = stateTypes(program);
    const initial = [...this.types].map(([name, type]) => [name, stateArray(type, init[name])] as const);
    this.states = [this.slots(this.types.values(), 'state a'), this.slots(this.types.values(), 'state b')];
    this.feeds = this.slots([...plan.fed, ...plan.gathered.map((g) => g.type)], 'feed');
    this.fixed = Object.fromEntries(
      plan.resident.map(({ type, data }) => [type.name, this.tensor(type, this.resident(type, data))]),
    );
    const metrics = program.metrics && program.graph.outputs.get(program.metrics.output);
    this.metricsSlot = metrics
      ? this.slot({ name: program.metrics!.output, dtype: metrics.dtype, shape: metrics.shape }, 'metrics')
      : null;
    for (const [name, value] of initial) this.put(name, value);
  }
  get steps(): number {
    return this.count;
  }

  step(feeds: Feeds): Promise<void> {
    return this.turn('training step', async () => {
      const { gpu, lease, plan } = this.parts;
      while (this.queued.length >= QUEUED_STEPS) await gpu.guard(this.queued.shift()!);
      for (const { type, data } of bindFeeds(plan, feeds)) gpu.write(this.feeds.get(type.name)!.buffer, data);
      await gpu.guard(lease.session.run(this.inputs(), this.outputs()));
      this.queued.push(gpu.device.queue.onSubmittedWorkDone().catch(() => undefined));
      this.current = 1 - this.current;
      this.hasMetrics = true;
      this.count++;
    });
  }

  metrics(): Promise<Float32Array> {
    return this.turn('metrics', () => {
      if (!this.metricsSlot || !this.hasMetrics) return noMetrics();
      return this.parts.gpu.read(this.metricsSlot.buffer, size(this.metricsSlot.type.shape));
    });
  }

  read(state: string): Promise<Float32Array> {
    return this.turn('read', () => {
      const type = knownState(this.types, state);
      return this.parts.gpu.read(this.states[this.current].get(state)!.buffer, size(type.shape));
    });
  }

  write(state: string, value: Float32Array): Promise<void> {
    return this.turn('write', async () => {
      this.put(state, stateArray(knownState(this.types, state), value));
    });
  }

  async save(): Promise<StepperState> {
    const arrays: Record<string, Float32Array> = {};
    for (const name of this.types.keys()) arrays[name] = await this.read(name);
    return { steps: this.count, arrays };
  }

  async load(saved: StepperState): Promise<void> {
    for (const name of this.types.keys()) await this.write(name, saved.arrays[name]);
    this.count = saved.steps;
    this.hasMetrics = false;
  }

  async dispose(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    const { lease, lock, closed } = this.parts;
    await lease.release();
    await lock.run(() => {
      for (const undo of this.cleanup) undo();
    });
    closed();
  }

  private inputs(): Record<string, OrtTensor> {
    const inputs = { ...this.fixed };
    for (const [name, { tensor }] of this.states[this.current])
      if (this.parts.program.graph.inputs.has(name)) inputs[name] = tensor;
    for (const [name, { tensor }] of this.feeds) inputs[name] = tensor;
    return inputs;
  }
  private outputs(): Record<string, OrtTensor> {
    const next = this.states[1 - this.current];
    const outputs: Record<string, OrtTensor> = {};
    for (const { input, output } of this.parts.program.state) outputs[output] = next.get(input)!.tensor;
    if (this.metricsSlot) outputs[this.metricsSlot.type.name] = this.metricsSlot.tensor;
    return outputs;
  }
  private put(name: string, value: HostArray): void {
    this.parts.gpu.write(this.states[this.current].get(name)!.buffer, value);
  }

  private slots(types: Iterable<InputType>, role: string): Slots {
    return new Map([...types].map((type) => [type.name, this.slot(type, role)]));
  }
  private slot(type: InputType, role: string): Slot {
    const buffer = this.parts.gpu.buffer(size(type.shape) * 4, `${role} ${type.name}`);
    this.cleanup.push(() => buffer.destroy());
    return { type, buffer, tensor: this.tensor(type, buffer) };
  }
  private resident(type: InputType, data: HostArray): GPUBuffer {
    const { gpu } = this.parts;
    const buffer = gpu.resident(data, `data ${type.name}`);
    this.cleanup.push(() => gpu.releaseResident(data));
    return buffer;
  }
  private tensor(type: InputType, buffer: GPUBuffer): OrtTensor {
    return this.parts.gpu.ort.Tensor.fromGpuBuffer(buffer, { dataType: type.dtype as 'float32', dims: type.shape });
  }
  private turn<T>(what: string, task: () => Promise<T>): Promise<T> {
    return this.parts.lock.run(async () => {
      if (!this.open) throw new EngineError('internal', `${what}: expected an open stepper; got a disposed one`);
      try {
        return await task();
      } catch (error) {
        throw during(what, error);
      }
    });
  }
}
