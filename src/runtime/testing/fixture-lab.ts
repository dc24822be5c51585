// A lab for the runtime's own tests: two learning rates race to the mean of 64 seeded points, in a graph of a few nodes.
import { add, gather, mul, reduceMean, reduceSum, sub } from '../../graph/builder.ts';
import { Graph } from '../../graph/graph.ts';
import { type Engine } from '../../engine/engine.ts';
import { type Program } from '../../graph/program.ts';
import { claim } from '../../labs/_kit/claims/claim.ts';
import { paired } from '../../labs/_kit/claims/effect.ts';
import { type LabContext, type LabModule, type Trial } from '../../labs/_kit/contract/lab.ts';
import { defineMeta } from '../../labs/_kit/contract/meta.ts';
import { type ArmResult, type ClaimResult } from '../../labs/_kit/contract/result.ts';
import type { LoadedLab } from '../wire/lab-host.ts';

const ROWS = 64;
const WIDTH = 4;
const BATCH = 8;

export const meta = defineMeta({
  slug: 'fixture',
  version: 1,
  paper: { number: 1, title: 'A fixture', authors: 'nobody', venue: 'none', year: 2026 },
  family: 'optimisation',
  title: 'Fixture',
  claim: 'Larger steps arrive sooner.',
  question: '',
  caption: '',
  method: [],
  equations: [],
  controls: {
    steps: {
      kind: 'number',
      label: 'steps',
      help: 'Steps of each arm.',
      min: 1,
      max: 100_000,
      step: 1,
      default: 40,
      integer: true,
    },
    evalEvery: {
      kind: 'number',
      label: 'cadence',
      help: 'Steps between evaluations.',
      min: 1,
      max: 100_000,
      step: 1,
      default: 10,
      integer: true,
    },
    failAt: {
      kind: 'number',
      label: 'fail at',
      help: 'Step at which the lab breaks; 0 for never.',
      min: 0,
      max: 1000,
      step: 1,
      default: 0,
      integer: true,
    },
  },
  arms: [
    { id: 'fast', label: 'fast', role: 'method' },
    { id: 'slow', label: 'slow', role: 'baseline' },
  ],
  metrics: { gap: { label: 'gap', better: 'down', help: 'Squared distance to the mean of all points.' } },
  views: [],
  deviations: [],
  tryThis: [],
  data: [],
  seeds: 1,
  cost: { cpuSeconds: 1, steps: 80 },
});

/** w' = w - rate * (w - mean of the batch); metric: squared length of that difference. */
export function meanProgram(residency: Engine['residency']): Program {
  const graph = new Graph();
  const w = graph.input('w', [WIDTH]);
  const rate = graph.input('rate', []);
  const x =
    residency === 'host'
      ? graph.input('x', [BATCH, WIDTH])
      : gather(graph.input('points', [ROWS, WIDTH]), graph.input('rows', [BATCH], 'int32'));
  const gap = reduceMean(sub(w, x), [0]);
  graph.output("w'", sub(w, mul(rate, gap)));
  graph.output('metrics', add(reduceSum(mul(gap, gap), [0], true), 0));
  return {
    graph,
    state: [{ input: 'w', output: "w'" }],
    batches: residency === 'host' ? [{ input: 'x', source: 'points', index: 'rows' }] : [],
    metrics: { output: 'metrics', labels: ['gap'] },
  };
}

async function openTrial(ctx: LabContext, arm: string, seed: number): Promise<Trial> {
  const points = ctx.prng(seed, 'points').normals(ROWS * WIDTH);
  const rate = arm === 'fast' ? 0.3 : 0.03;
  const mean = Float32Array.from({ length: WIDTH }, (_, c) => {
    let sum = 0;
    for (let r = 0; r < ROWS; r++) sum += points[r * WIDTH + c];
    return sum / ROWS;
  });
  const stepper = await ctx.engine.stepper(
    meanProgram(ctx.engine.residency),
    { w: new Float32Array(WIDTH).fill(3) },
    { points },
  );
  return {
    cells: [{ arm, seed }],
    advance: async (count) => {
      for (let i = 0; i < count; i++) {
        if (stepper.steps + 1 === ctx.knobs.failAt) throw new Error('the fixture was told to fail');
        await stepper.step({ rows: ctx.prng(seed, 'rows', stepper.steps).sample(ROWS, BATCH), rate });
      }
    },
    evaluate: async () => [{ gap: (await stepper.read('w')).reduce((sum, v, i) => sum + (v - mean[i]) ** 2, 0) }],
    draw: async (step) => ctx.part('where', `${arm} ${seed}`, { step, w: await stepper.read('w') }),
    save: () => stepper.save(),
    load: (saved) => stepper.load(saved),
    dispose: () => stepper.dispose(),
  };
}

const claims = (arms: ArmResult[]): ClaimResult[] => [
  claim(
    'sooner',
    'the fast arm ends nearer',
    paired(arms, 'slow', 'fast', 'gap'),
    { atLeast: 0 },
    { required: true, replicates: 'exact' },
  ),
];

export const lab: LabModule = {
  experiment: async (ctx) => ({
    arms: meta.arms,
    steps: Number(ctx.knobs.steps),
    evalEvery: Number(ctx.knobs.evalEvery),
    claims,
    shortfall: null,
    compose: { where: (parts) => Object.fromEntries([...parts].sort(([a], [b]) => a.localeCompare(b))) },
    trials: meta.arms.flatMap((arm) => ctx.seeds.map((seed) => () => openTrial(ctx, arm.id, seed))),
  }),
  queries: {
    double: async (ctx, payload) => {
      const graph = new Graph();
      graph.output('y', mul(graph.input('x', [1]), 2));
      const runner = await ctx.engine.runner({ graph, state: [], batches: [] });
      const { y } = await runner.run({ x: Number(payload) });
      await runner.dispose();
      return y[0];
    },
  },
  trainingGraphs: () => [],
};

/** The same race as a loop of its own, one unit of work a step; seeds are apart. */
export const loopingLab: LoadedLab = {
  meta,
  lab: {
    ...lab,
    experiment: undefined,
    seedsApart: true,
    async custom(ctx) {
      const trials = await Promise.all(
        meta.arms.flatMap((arm) => ctx.seeds.map((seed) => openTrial(ctx, arm.id, seed))),
      );
      const steps = Number(ctx.knobs.steps);
      let done = 0;
      return {
        arms: meta.arms,
        total: steps,
        claims,
        shortfall: null,
        async *loop(sink) {
          while (done < steps) {
            done++;
            for (const trial of trials) {
              await trial.advance(1);
              const [{ gap }] = await trial.evaluate(done);
              const [{ arm, seed }] = trial.cells;
              sink.point(arm, seed, 'gap', done, gap);
            }
            yield { done };
          }
          for (const trial of trials) await trial.dispose();
        },
        save: async () => ({
          steps: done,
          arrays: Object.fromEntries(
            await Promise.all(trials.map(async (trial, i) => [`w${i}`, (await trial.save()).arrays.w])),
          ),
        }),
        load: async ({ steps: at, arrays }) => {
          done = at;
          for (const [i, trial] of trials.entries()) await trial.load({ steps: at, arrays: { w: arrays[`w${i}`] } });
        },
      };
    },
  },
};

export const fixtureLab: LoadedLab = { meta, lab };
