// Trains one stack of models: steps with their feeds and rates, metrics by name and model, saving and loading.
// Several train steps may take turns on the same weights (two objectives, each with its own optimiser).
import type { Feeds, Stepper, StepperState } from '../../../engine/engine.ts';
import type { Params } from '../../../nn/params.ts';
import type { GroupSteps } from '../../../optim/groups.ts';
import type { TrainProgram } from '../../../optim/program.ts';
import { invariant, unknownName } from '../../../util/invariant.ts';
import type { Prng } from '../../../util/prng.ts';
import { size } from '../../../util/shape.ts';
import type { RunContext } from '../contract/lab.ts';
import type { Sources } from './model-graph.ts';

/** A train step and the parameters it was built with. */
export interface TrainStep {
  program: TrainProgram;
  params: Params;
}

export interface TrainerSpec {
  /** One train step, or several by name that take turns on the same weights: their layers in the same order. */
  steps: Readonly<Record<string, TrainStep>>;
  /** The step at t = 1, 2, ...; needed where there are several. */
  turn?(t: number): string;
  /** One generator per stacked model, equal ones for equal starts. */
  starts: readonly Prng[];
  /** First values that are given instead of drawn: weights of an earlier phase, extra state. */
  init?: Readonly<Record<string, Float32Array>>;
  sources?: Sources;
  /** Feeds at t = 1, 2, ..., without rates; names that the step does not know are left out. */
  feeds(t: number): Feeds;
  /** One rate, or one per stacked model. */
  rate(t: number): number | readonly number[];
  /** Rates, step counts and switches of parameter groups at t, where the step has any. */
  groups?(t: number): GroupSteps;
}

/** Read at one moment: inputs of an inference graph. */
export interface Weights {
  theta: Float32Array;
  buffers?: Float32Array;
}

export interface Trainer {
  /** Steps done. */
  readonly steps: number;
  readonly stack: number;
  readonly params: Params;
  /** Trains `count` steps, fewer when the run is stopped. */
  advance(count: number): Promise<void>;
  /** Metrics of the last step, one value per model; empty before the first. */
  metrics(): Promise<Record<string, Float32Array>>;
  /** `theta` names the state that plays the weights: `ema` for their moving average. */
  weights(theta?: string): Promise<Weights>;
  read(state: string): Promise<Float32Array>;
  write(state: string, value: Float32Array): Promise<void>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}

/** States that all steps of a trainer share. */
const SHARED = ['theta', 'buffers', 'ema', 'mask'];

/** @throws Error when steps that take turns have weights of different lengths. */
export async function openTrainer(ctx: Pick<RunContext, 'engine' | 'signal'>, spec: TrainerSpec): Promise<Trainer> {
  const names = Object.keys(spec.steps);
  const length = spec.steps[names[0]].params.length;
  for (const name of names)
    invariant(
      spec.steps[name].params.length === length,
      () => `trainer: expected steps with ${length} weights each; got ${spec.steps[name].params.length} in "${name}"`,
    );
  const steppers = new Map<string, Stepper>();
  try {
    for (const name of names) steppers.set(name, await openStepper(ctx, spec, spec.steps[name]));
  } catch (error) {
    for (const stepper of steppers.values()) await stepper.dispose();
    throw error;
  }
  return new TurnTrainer(ctx.signal, spec, steppers);
}

function openStepper({ engine }: Pick<RunContext, 'engine'>, spec: TrainerSpec, step: TrainStep): Promise<Stepper> {
  const { program } = step;
  const init = firstState(step, spec.starts);
  const states = new Set(program.state.map((s) => s.input));
  for (const [name, value] of Object.entries(spec.init ?? {})) if (states.has(name)) init[name] = value;
  // what a step does not gather or read would only cost memory
  const used = new Set([...program.graph.inputs.keys(), ...program.batches.map((b) => b.source)]);
  const sources = Object.fromEntries(Object.entries(spec.sources ?? {}).filter(([name]) => used.has(name)));
  return engine.stepper(program, init, sources);
}

/** First values of a train step's state. */
export function firstState({ program, params }: TrainStep, starts: readonly Prng[]): Record<string, Float32Array> {
  return program.zeroState(params.init(...starts), params.initBuffers(...starts));
}

/** What this step wants of `feeds`. */
export function wanted({ graph, batches }: TrainProgram, feeds: Feeds): Feeds {
  const known = new Set([...graph.inputs.keys(), ...batches.map((b) => b.index)]);
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => known.has(name)));
}

/** Feeds of the optimiser; one rate serves all stacked models. */
function ratesOf(program: TrainProgram, t: number, rate: number | readonly number[], groups?: GroupSteps): Feeds {
  return Object.fromEntries(
    Object.entries(program.rates(t, rate, groups)).map(([name, values]) => {
      const wants = size(program.graph.inputs.get(name)?.shape ?? [values.length]);
      return [name, values.length === 1 && wants > 1 ? new Float32Array(wants).fill(values[0]) : values];
    }),
  );
}

class TurnTrainer implements Trainer {
  private readonly signal: AbortSignal;
  private readonly spec: TrainerSpec;
  private readonly steppers: ReadonlyMap<string, Stepper>;
  /** The step that holds the present weights. */
  private current: string;
  private hasMetrics = false;

  constructor(signal: AbortSignal, spec: TrainerSpec, steppers: ReadonlyMap<string, Stepper>) {
    this.signal = signal;
    this.spec = spec;
    this.steppers = steppers;
    this.current = Object.keys(spec.steps)[0];
  }
  get steps(): number {
    let sum = 0;
    for (const stepper of this.steppers.values()) sum += stepper.steps;
    return sum;
  }
  get params(): Params {
    return this.spec.steps[this.current].params;
  }
  get stack(): number {
    return this.params.stack ?? 1;
  }
  private get stepper(): Stepper {
    return this.steppers.get(this.current)!;
  }

  async advance(count: number): Promise<void> {
    const { spec, signal } = this;
    for (let i = 0; i < count && !signal.aborted; i++) {
      const t = this.steps + 1;
      if (spec.turn) await this.hand(spec.turn(t));
      const { program } = spec.steps[this.current];
      // an optimiser counts its own steps
      const rates = ratesOf(program, this.stepper.steps + 1, spec.rate(t), spec.groups?.(t));
      await this.stepper.step({ ...wanted(program, spec.feeds(t)), ...rates });
      this.hasMetrics = true;
    }
  }

  async metrics(): Promise<Record<string, Float32Array>> {
    if (!this.hasMetrics) return {};
    const values = await this.stepper.metrics();
    return metricsByName(this.spec.steps[this.current].program.metrics!.labels, values, this.stack);
  }

  async weights(theta = 'theta'): Promise<Weights> {
    const read = this.stepper.read(theta);
    if (!this.params.bufferLength) return { theta: await read };
    return { theta: await read, buffers: await this.stepper.read('buffers') };
  }
  read(state: string): Promise<Float32Array> {
    return this.stepper.read(state);
  }
  write(state: string, value: Float32Array): Promise<void> {
    return this.stepper.write(state, value);
  }

  /** `steps` counts all; each step's own count and state carry its name where there are several. */
  async save(): Promise<StepperState> {
    if (this.steppers.size === 1) return this.stepper.save();
    const arrays: Record<string, Float32Array> = {
      turn: Float32Array.of([...this.steppers.keys()].indexOf(this.current)),
    };
    for (const [name, stepper] of this.steppers) {
      const saved = await stepper.save();
      arrays[`${name}/steps`] = Float32Array.of(saved.steps);
      for (const [state, value] of Object.entries(saved.arrays)) arrays[`${name}/${state}`] = value;
    }
    return { steps: this.steps, arrays };
  }
  async load(saved: StepperState): Promise<void> {
    this.hasMetrics = false;
    if (this.steppers.size === 1) return this.stepper.load(saved);
    this.current = [...this.steppers.keys()][saved.arrays.turn[0]];
    for (const [name, stepper] of this.steppers) {
      const own = Object.entries(saved.arrays).filter(([key]) => key.startsWith(`${name}/`));
      const arrays = Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1), value]));
      await stepper.load({ steps: saved.arrays[`${name}/steps`][0], arrays });
    }
  }

  async dispose(): Promise<void> {
    for (const stepper of this.steppers.values()) await stepper.dispose();
  }

  /** Hands the weights to another step. */
  private async hand(to: string): Promise<void> {
    if (to === this.current) return;
    const next = this.steppers.get(to) ?? unknownName('train step', to, this.steppers.keys());
    const states = (name: string) => this.spec.steps[name].program.state.map((s) => s.input);
    const kept = states(this.current).filter((s) => SHARED.includes(s) && states(to).includes(s));
    for (const state of kept) await next.write(state, await this.stepper.read(state));
    this.current = to;
  }
}

/** Values by metric, one per model; a metric that all models share is repeated. */
export function metricsByName(
  labels: readonly string[],
  values: Float32Array,
  stack: number,
): Record<string, Float32Array> {
  const named: Record<string, Float32Array> = {};
  labels.forEach((label, i) => {
    const [name, model] = label.split('#');
    const row = (named[name] ??= new Float32Array(stack));
    if (model === undefined) row.fill(values[i]);
    else row[Number(model)] = values[i];
  });
  return named;
}
