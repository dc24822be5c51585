// A lab of arms that train on equal terms, from one description: the experiment, its tiny graphs for the contract test, its tuning.
import { prng } from '../../../util/prng.ts';
import type { Experiment, LabContext, LabModule, RunContext, TrainingGraph, Trial, Tuning } from '../contract/lab.ts';
import { defaultKnobs } from '../contract/knobs.ts';
import type { Control, KnobsOf, LabMeta } from '../contract/meta.ts';
import type { ArmsPlan } from './arms-plan.ts';
import { ArmsGraphs, armsRate, armsStep, examplesOf, meansOf, openArms } from './arms-trial.ts';
import type { Arm } from './model-graph.ts';
import { firstState, wanted } from './trainer.ts';

/** The split that plays the test set: validation while hyperparameters are chosen. */
export type Held = 'test' | 'validation';

export interface ArmsLab<K, Setup> {
  /** Data and sizes of a run. `held` names the split to measure on. */
  load(ctx: LabContext<K>, held: Held): Promise<Setup>;
  /** A pure function of the setup. Write `plan: (setup) => armsPlan({...})`. */
  plan(setup: Setup): ArmsPlan;
  /** Tiny setups by name, for the contract test, from the default knobs: a few rows, narrow networks. */
  tiny: Readonly<Record<string, (knobs: K) => Setup>>;
  /** What `npm run tune` tries. */
  tune?: TunePlan<K>;
}

/** Equal effort: the same values, seeds and steps for each arm. */
export interface TunePlan<K> {
  metric: string;
  better?: 'up' | 'down';
  grid: readonly number[];
  /** The knob of each arm, in the order of tuning; null leaves an arm alone. Every arm's own rate unless told. */
  knobs?: Readonly<Record<string, (keyof K & string) | 'rate' | null>>;
}

/**
 * The module of a lab, `export const lab = trainedArms(meta, { load, plan, tiny })`. Where the engine keeps data on the
 * device, the arms of a seed that share `model` train stacked in one graph; on the host each arm of a seed has a trial of its own, and
 * arms of one kind share a graph of equal bytes. All arms of a seed start from equal weights and see equal batches.
 *
 * @example
 * plan: ({ knobs, train, test, width }) => armsPlan({
 *   arms: [
 *     { id: 'plain', label: 'cross-entropy', role: 'baseline', kind: 'plain' },
 *     { id: 'smooth', label: 'smoothed', role: 'method', kind: 'smooth', numbers: { share: knobs.share } },
 *   ],
 *   steps: 400,
 *   evaluations: 8,
 *   train: {
 *     batch: 64,
 *     rate: 0.05,
 *     sources: { images: train.values, labels: train.labels },
 *     step(graph) {
 *       const y = oneHot(graph.rows('labels', []), 10); // [B, 10]
 *       const logits = network(graph, width); // [S, B, 10]
 *       const { loss } = graph.each((kind, part) => ({
 *         loss: kind === 'plain' ? crossEntropy(part(logits), y) : smoothed(part(logits), y, part(graph.number('share'))),
 *       }));
 *       return { loss, optimiser: sgd({ momentum: 0.9 }) };
 *     },
 *     feeds(stream) {
 *       const rows = batchOrder(stream('batches'), train.rows, 64);
 *       return (t) => ({ pick: rows(t) });
 *     },
 *   },
 *   read: {
 *     network: (graph) => ({ logits: network(graph, width) }),
 *     sets: { test: { rows: test.rows, sources: { images: test.values } } },
 *     chunk: 500,
 *   },
 *   async measure(model) {
 *     const { logits } = await model.read('test');
 *     return { accuracy: correct(logits, test.labels), loss: model.last.loss };
 *   },
 *   claims,
 *   shortfall: shortfallOf(meta, knobs, { atDefault: ['share'] }),
 * })
 */
export function trainedArms<C extends Record<string, Control>, Setup>(
  meta: LabMeta<C>,
  lab: ArmsLab<KnobsOf<C>, Setup>,
): LabModule<KnobsOf<C>> {
  const tiny = (name: string) => lab.plan(lab.tiny[name](defaultKnobs(meta) as KnobsOf<C>));
  return {
    experiment: async (ctx) => experimentOf(ctx, lab.plan(await lab.load(ctx, 'test'))),
    trainingGraphs: () => Object.keys(lab.tiny).flatMap((name) => tinyGraphs(name, tiny(name))),
    ...(lab.tune ? { tune: tuningOf(lab, lab.tune, tiny(Object.keys(lab.tiny)[0]).arms) } : {}),
  };
}

/** The experiment of a plan. */
export function experimentOf(ctx: RunContext, plan: ArmsPlan): Experiment {
  const shown = [...(plan.shown ?? plan.arms)].map(({ id, label, role, x }) => ({
    id,
    label,
    role,
    ...(x === undefined ? {} : { x }),
  }));
  // one graph for all arms where dispatches cost; one per arm where arithmetic does, so that the curves race
  const groups = ctx.engine.residency === 'device' ? stacks(plan.arms) : plan.arms.map((arm) => [arm]);
  const graphs = new ArmsGraphs(plan, ctx.engine.residency);
  plan.open?.(ctx);
  return {
    arms: shown,
    steps: plan.steps,
    evalEvery: Math.ceil(plan.steps / plan.evaluations),
    trials: [
      ...ctx.seeds.flatMap((seed) => groups.map((arms) => () => openArms(ctx, graphs, arms, seed))),
      ...Object.entries(plan.references ?? {}).map(
        ([arm, measure]) =>
          () =>
            referenceTrial(ctx, arm, measure),
      ),
      ...(plan.beside ?? []).map((open) => () => open(ctx)),
    ],
    compose: plan.compose,
    finish: plan.finish,
    claims: plan.claims,
    shortfall: plan.shortfall,
  };
}

/** Arms that can share a graph. */
function stacks(arms: readonly Arm[]): Arm[][] {
  const groups = new Map<string, Arm[]>();
  for (const arm of arms) {
    const group = groups.get(arm.model ?? '') ?? [];
    groups.set(arm.model ?? '', [...group, arm]);
  }
  return [...groups.values()];
}

/** An arm that never trains, for every seed. */
async function referenceTrial(
  ctx: RunContext,
  arm: string,
  measure: NonNullable<ArmsPlan['references']>[string],
): Promise<Trial> {
  const measured = await measure(ctx);
  return {
    cells: ctx.seeds.map((seed) => ({ arm, seed })),
    advance: async () => undefined,
    evaluate: async () => ctx.seeds.map(() => meansOf(measured)),
    examples: async () => ctx.seeds.map(() => examplesOf(measured)),
    save: async () => ({ steps: 0, arrays: {} }),
    load: async () => undefined,
    dispose: async () => undefined,
  };
}

/** One graph for each stack of a tiny plan. */
function tinyGraphs(name: string, plan: ArmsPlan): TrainingGraph[] {
  const groups = stacks(plan.arms);
  return groups.map((arms) => ({
    name: groups.length > 1 ? `${name}, ${arms.map((a) => a.id).join(' and ')}` : name,
    build(residency) {
      const step = armsStep(plan.train, arms, residency);
      const stream = (path: string) => prng(1, path);
      const starts = arms.map(() => stream('init'));
      const extra = plan.train.state?.(arms.length, stream) ?? {};
      return { program: step.program, init: { ...firstState(step, starts), ...extra } };
    },
    sources: { ...plan.train.sources },
    feeds(random, program) {
      const { numbers } = armsStep(plan.train, arms, 'host');
      const feeds = plan.train.feeds((path) => random.fork(path));
      return {
        ...wanted(program, { ...numbers, ...feeds(1) }),
        ...program.rates(1, armsRate(plan, arms)(1), plan.train.groups?.(1)),
      };
    },
    frozen: plan.train.frozen,
  }));
}

function tuningOf<K, Setup>(
  lab: ArmsLab<K, Setup>,
  { metric, better, grid, knobs }: TunePlan<K>,
  arms: readonly Arm[],
): Tuning<K> {
  const ids = knobs ? Object.keys(knobs) : arms.map((a) => a.id);
  return {
    metric,
    better: better ?? 'up',
    grid,
    arms: ids.map((id) => ({
      id,
      label: arms.find((a) => a.id === id)?.label ?? id,
      knob: knobs ? knobs[id] : 'rate',
    })),
    async experiment(ctx, id, rate) {
      const plan = lab.plan(await lab.load(ctx, 'validation'));
      const alone = plan.arms.filter((a) => a.id === id).map((a) => (rate === undefined ? a : { ...a, rate }));
      return experimentOf(ctx, { ...plan, arms: alone, references: {}, beside: [], open: undefined, draw: undefined });
    },
  };
}
