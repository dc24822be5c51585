// A trial of trained arms: one graph's worth of models of one seed that train, are measured and are drawn together.
import { cosine } from '../../../optim/schedules.ts';
import { trainProgram, type Residency } from '../../../optim/program.ts';
import { unknownName } from '../../../util/invariant.ts';
import { mean } from '../../../util/stats.ts';
import type { RunContext, Trial } from '../contract/lab.ts';
import type { ArmsPlan, Measured, Streams, TrainedModel, TrainPlan } from './arms-plan.ts';
import { ArmsGraph, type Arm } from './model-graph.ts';
import { openReadout, type Answers, type Readout, type ReadPrograms } from './readout.ts';
import { openTrainer, type Trainer, type TrainStep } from './trainer.ts';

/** What the trials of a run build once: graphs, which nothing changes afterwards. */
export class ArmsGraphs {
  readonly plan: ArmsPlan;
  readonly residency: Residency;
  private readonly steps = new Map<string, ArmsStep>();
  private readonly reads = new Map<string, ReadPrograms>();

  constructor(plan: ArmsPlan, residency: Residency) {
    this.plan = plan;
    this.residency = residency;
  }

  /** The train step of these arms, with their own numbers. */
  step(arms: readonly Arm[]): ArmsStep {
    const key = JSON.stringify([arms[0].model, arms.map((a) => a.kind)]);
    const known = this.steps.get(key) ?? armsStep(this.plan.train, arms, this.residency);
    this.steps.set(key, known);
    return { ...known, numbers: numbersOf(arms, Object.keys(known.numbers)) };
  }
  /** The graphs that read models of this kind. */
  reading(arms: readonly Arm[]): ReadPrograms {
    const model = arms[0].model ?? '';
    const known = this.reads.get(model) ?? new Map();
    this.reads.set(model, known);
    return known;
  }
}

export interface ArmsStep extends TrainStep {
  /** The arms' numbers, which every step is fed. */
  numbers: Record<string, Float32Array>;
}

/** The train step of stacked arms. Arms of equal kinds give equal bytes. */
export function armsStep<Kind>(
  { batch, sources, step }: Pick<TrainPlan<Kind>, 'batch' | 'sources' | 'step'>,
  arms: readonly Arm<Kind>[],
  residency: Residency,
): ArmsStep {
  const graph = new ArmsGraph(arms, { batch, residency, sources });
  const objective = step(graph);
  const { params, batches } = graph;
  return {
    params,
    numbers: numbersOf(arms, [...graph.numberNames]),
    program: trainProgram({ ...objective, params, batches, ratePerModel: arms.length > 1 }),
  };
}

/** Numbers by name, one value per arm. */
function numbersOf(arms: readonly Arm[], names: readonly string[]): Record<string, Float32Array> {
  const valueOf = ({ id, numbers = {} }: Arm, name: string) =>
    numbers[name] ?? unknownName(`number of arm "${id}"`, name, Object.keys(numbers));
  return Object.fromEntries(names.map((name) => [name, Float32Array.from(arms, (arm) => valueOf(arm, name))]));
}

/** One rate per arm at t = 1, 2, ... */
export function armsRate<Kind>({ train, steps }: ArmsPlan<Kind>, arms: readonly Arm<Kind>[]): (t: number) => number[] {
  const schedule = train.schedule ?? ((rate: number) => cosine(rate, steps));
  const schedules = arms.map((arm) => schedule(arm.rate ?? train.rate, steps, arm));
  return (t) => schedules.map((s) => s(t));
}

/** Opens the train step; what measures is opened at the first evaluation. */
export async function openArms(
  ctx: RunContext,
  graphs: ArmsGraphs,
  arms: readonly Arm[],
  seed: number,
): Promise<Trial> {
  const { plan } = graphs;
  const stream: Streams = (name) => ctx.prng(seed, name);
  const { numbers, ...step } = graphs.step(arms);
  const feeds = plan.train.feeds(stream);
  const trainer = await openTrainer(ctx, {
    steps: { train: step },
    // equal weights for every arm
    starts: arms.map(() => stream('init')),
    init: plan.train.state?.(arms.length, stream),
    sources: plan.train.sources,
    feeds: (t) => ({ ...numbers, ...feeds(t) }),
    rate: armsRate(plan, arms),
    groups: plan.train.groups,
  });
  const readout = openReadout(ctx.engine, arms.length, { ...plan.read, model: arms[0].model }, graphs.reading(arms));
  return new ArmsTrial({ ctx, plan, arms, seed, trainer, readout });
}

interface Parts {
  ctx: RunContext;
  plan: ArmsPlan;
  arms: readonly Arm[];
  seed: number;
  trainer: Trainer;
  readout: Readout<string, string>;
}

class ArmsTrial implements Trial {
  readonly cells: Trial['cells'];
  private readonly parts: Parts;
  /** Models as they stand, until the next step. */
  private standing: Promise<TrainedModel[]> | null = null;
  private measured: Measured[] | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    this.cells = parts.arms.map(({ id }) => ({ arm: id, seed: parts.seed }));
  }

  async advance(count: number): Promise<void> {
    const { ctx, plan, trainer } = this.parts;
    const end = trainer.steps + count;
    while (trainer.steps < end && !ctx.signal.aborted) {
      const stops = this.isDrawn ? (plan.glimpse?.at ?? []).filter((t) => t > trainer.steps && t < end) : [];
      const stop = Math.min(end, ...stops);
      await this.train(stop - trainer.steps);
      if (this.isDrawn && plan.glimpse?.at.includes(stop) && trainer.steps === stop)
        for (const model of await this.models()) await plan.glimpse.draw(model, ctx);
    }
  }

  async evaluate(): Promise<Record<string, number>[]> {
    this.measured = await this.measure();
    return this.measured.map(meansOf);
  }

  async draw(): Promise<void> {
    const { ctx, plan } = this.parts;
    if (this.isDrawn && plan.draw) for (const model of await this.models()) await plan.draw(model, ctx);
  }

  async examples(): Promise<Record<string, Float32Array>[]> {
    return (this.measured ?? (await this.measure())).map(examplesOf);
  }

  save() {
    return this.parts.trainer.save();
  }
  load(saved: Parameters<Trial['load']>[0]) {
    this.forget();
    return this.parts.trainer.load(saved);
  }
  async dispose(): Promise<void> {
    this.forget();
    await this.parts.trainer.dispose();
    await this.parts.readout.dispose();
  }

  /** Pictures show the first seed. */
  private get isDrawn(): boolean {
    return this.parts.seed === this.parts.ctx.seeds[0];
  }
  private forget(): void {
    this.standing = this.measured = null;
  }
  private train(count: number): Promise<void> {
    this.forget();
    return this.parts.trainer.advance(count);
  }
  private async measure(): Promise<Measured[]> {
    const all: Measured[] = [];
    for (const model of await this.models()) all.push(await this.parts.plan.measure(model));
    return all;
  }
  private models(): Promise<TrainedModel[]> {
    return (this.standing ??= modelsOf(this.parts));
  }
}

/** The models of a stack at one moment; what one of them reads has been read for all. */
async function modelsOf({ plan, arms, seed, trainer, readout }: Parts): Promise<TrainedModel[]> {
  const metrics = await trainer.metrics();
  const weights = await trainer.weights(plan.read.theta);
  const sets = new Map<string, Promise<Answers<string>[]>>();
  const read = (set: string) => {
    const known = sets.get(set) ?? readout.read(weights, set);
    sets.set(set, known);
    return known;
  };
  return arms.map((arm, s) => ({
    arm,
    seed,
    step: trainer.steps,
    last: Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, values[s]])),
    read: async (set) => (await read(set))[s],
    parameter: async (name) => trainer.params.part(weights.theta, name, s),
  }));
}

/** A metric given per example is reported as its mean. */
export function meansOf(measured: Measured): Record<string, number> {
  const values = Object.entries(measured).filter(([, v]) => v !== undefined) as [string, number | Float32Array][];
  return Object.fromEntries(values.map(([name, v]) => [name, typeof v === 'number' ? v : mean(v)]));
}
export const examplesOf = (measured: Measured): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(measured).filter((entry): entry is [string, Float32Array] => entry[1] instanceof Float32Array),
  );
