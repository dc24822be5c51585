// A train step on the CPU (WebAssembly or native): state in host arrays that each run replaces.
import type { Feeds, Stepper, StepperState } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import { showType } from '../../graph/op.ts';
import { sameShape, size } from '../../util/shape.ts';
import { during, EngineError } from '../wire/errors.ts';
import { bindFeeds, type InputPlan, type InputType } from './inputs.ts';
import type { Mutex } from './mutex.ts';
import type { Ort, OrtTensor } from './ort.ts';
import type { Lease } from './sessions.ts';

export interface StepperParts {
  ort: Ort;
  lock: Mutex;
  lease: Lease;
  plan: InputPlan;
  program: Program;
  init: Record<string, Float32Array>;
  closed(): void;
}

export class HostStepper implements Stepper {
  private count = 0;
  private open = true;
  private last: Float32Array | null = null;
  private readonly state = new Map<string, OrtTensor>();
  private readonly fixed: Record<string, OrtTensor> = {};
  private readonly types: Map<string, InputType>;
  private readonly parts: StepperParts;
  constructor(parts: StepperParts) {
    this.parts = parts;
    this.types = stateTypes(parts.program);
    for (const [name, type] of this.types) this.state.set(name, this.tensor(type, stateArray(type, parts.init[name])));
    for (const { type, data } of parts.plan.resident) this.fixed[type.name] = this.tensor(type, data);
  }
  get steps(): number {
    return this.count;
  }

  step(feeds: Feeds): Promise<void> {
    return this.turn('training step', async () => {
      const { program, lease, plan } = this.parts;
      const inputs: Record<string, OrtTensor> = { ...this.fixed };
      for (const [name, tensor] of this.state) if (program.graph.inputs.has(name)) inputs[name] = tensor;
      for (const { type, data } of bindFeeds(plan, feeds)) inputs[type.name] = this.tensor(type, data);
      const outputs = await lease.session.run(inputs, fetched(program));
      for (const { input, output } of program.state) this.state.set(input, outputs[output]);
      if (program.metrics) this.last = outputs[program.metrics.output].data as Float32Array;
      this.count++;
    });
  }

  metrics(): Promise<Float32Array> {
    return this.turn('metrics', async () => this.last?.slice() ?? noMetrics());
  }

  read(state: string): Promise<Float32Array> {
    return this.turn('read', async () => {
      knownState(this.types, state);
      return (this.state.get(state)!.data as Float32Array).slice();
    });
  }

  write(state: string, value: Float32Array): Promise<void> {
    return this.turn('write', async () => {
      const type = knownState(this.types, state);
      this.state.set(state, this.tensor(type, stateArray(type, value)));
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
    this.last = null;
  }

  async dispose(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.state.clear();
    await this.parts.lease.release();
    this.parts.closed();
  }

  private tensor(type: InputType, data: Float32Array | Int32Array): OrtTensor {
    return new this.parts.ort.Tensor(type.dtype as 'float32', data as Float32Array, type.shape);
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

/** Names of the outputs that a step needs. */
export const fetched = (program: Program): string[] => [
  ...program.state.map((s) => s.output),
  ...(program.metrics ? [program.metrics.output] : []),
];

/** Types of the states. An input that no node reads may be absent. @throws EngineError unless inputs and outputs agree and are float32. */
export function stateTypes({ graph, state }: Program): Map<string, InputType> {
  return new Map(
    state.map(({ input, output }) => {
      const to = graph.outputs.get(output);
      const from = graph.inputs.get(input) ?? to;
      if (!from || !to)
        throw new EngineError(
          'internal',
          `state ${input}: expected output "${output}"; got outputs ${[...graph.outputs.keys()].join(', ')}`,
        );
      if (from.dtype !== 'float32' || to.dtype !== 'float32' || !sameShape(from.shape, to.shape)) {
        throw new EngineError(
          'internal',
          `state ${input}: expected float32 of one shape; got ${showType(from)} -> ${showType(to)}`,
        );
      }
      return [input, { name: input, dtype: 'float32', shape: from.shape }];
    }),
  );
}

/** A copy of `value`, checked. */
export function stateArray(type: InputType, value: Float32Array | undefined): Float32Array {
  const length = size(type.shape);
  if (value?.length !== length)
    throw new EngineError(
      'internal',
      `state ${type.name}: expected ${length} values; got ${value ? value.length : 'nothing'}`,
    );
  return value.slice();
}

export function knownState(types: Map<string, InputType>, name: string): InputType {
  return types.get(name) ?? unknownState(types, name);
}
function unknownState(types: Map<string, InputType>, name: string): never {
  throw new EngineError('internal', `unknown state "${name}"; known: ${[...types.keys()].join(', ')}`);
}
export function noMetrics(): never {
  throw new EngineError(
    'internal',
    'metrics: expected a program with metrics and at least one step since it was opened or loaded; got none',
  );
}
