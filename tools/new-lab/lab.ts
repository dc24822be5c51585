// Drives the lab: one trial per arm and seed, on equal terms.
import { relu } from '../../graph/builder.ts';
import { Graph } from '../../graph/graph.ts';
import { accuracy } from '../../losses/accuracy.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { linear } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { Batches, inferenceProgram, trainProgram, type Residency } from '../../optim/program.ts';
import { sgd } from '../../optim/sgd.ts';
import { prng } from '../../util/prng.ts';
import { claim } from '../_kit/claims/claim.ts';
import { paired } from '../_kit/claims/effect.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { TrainingGraph, Experiment, LabContext, LabModule, Trial } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';
import { meta } from './meta.ts';

type Knobs = KnobsOf<typeof meta.controls>;
const SIZE = 14;
const PIXELS = SIZE * SIZE;
const CLASSES = 10;
const HIDDEN = 32;
const BATCH = 64;
const ROWS = 2000;
const TEST = 1000;
const STEPS = 100;

interface Shape {
  rows: number;
  batch: number;
  hidden: number;
}

/** Logits and targets of the rows that the feed `pick` names. */
function model(p: Params, batches: Batches, { rows, batch, hidden }: Shape) {
  const x = batches.rows('images', rows, [PIXELS], 'pick', [batch]); // [B, 196]
  const y = oneHot(batches.rows('labels', rows, [], 'pick', [batch], 'int32'), CLASSES); // [B, 10]
  return { logits: linear(p, 'out', relu(linear(p, 'hidden', x, hidden)), CLASSES), y };
}
function trainStep(shape: Shape, momentum: number, residency: Residency) {
  const g = new Graph();
  const p = new Params(g);
  const batches = new Batches(g, residency);
  const { logits, y } = model(p, batches, shape);
  return {
    params: p,
    program: trainProgram({ params: p, loss: crossEntropy(logits, y), optimiser: sgd({ momentum }), batches }),
  };
}
function testStep(shape: Shape, residency: Residency) {
  const g = new Graph();
  const p = new Params(g);
  const batches = new Batches(g, residency);
  const { logits, y } = model(p, batches, shape);
  return inferenceProgram({ params: p, outputs: { accuracy: accuracy(logits, y) }, batches });
}

async function experiment(ctx: LabContext<Knobs>): Promise<Experiment> {
  ctx.status('loading Fashion-MNIST');
  const [train, test] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: ROWS, size: SIZE }),
    ctx.data.split('fashion', 'test', { rows: TEST, size: SIZE }),
  ]);
  const open = async (arm: string, seed: number): Promise<Trial> => {
    const { engine, knobs } = ctx;
    const shape = { rows: ROWS, batch: BATCH, hidden: HIDDEN };
    const { params, program } = trainStep(shape, arm === 'plain' ? 0 : knobs.momentum, engine.residency);
    const stepper = await engine.stepper(program, program.zeroState(params.init(ctx.prng(seed, 'init'))), {
      images: train.values,
      labels: train.labels,
    });
    const tester = await engine.runner(testStep({ ...shape, rows: TEST, batch: TEST }, engine.residency), {
      images: test.values,
      labels: test.labels,
    });
    const everyTestRow = Int32Array.from({ length: TEST }, (_, i) => i);
    const batches = ctx.prng(seed, 'batches');
    return {
      cells: [{ arm, seed }],
      async advance(count) {
        for (let i = 0; i < count && !ctx.signal.aborted; i++) {
          const t = stepper.steps + 1;
          await stepper.step({ pick: batches.fork(t).sample(ROWS, BATCH), ...program.rates(t, knobs.rate) });
        }
      },
      async evaluate() {
        const result = await tester.run({ theta: await stepper.read('theta'), pick: everyTestRow });
        return [{ accuracy: result.accuracy[0], ...(stepper.steps ? { loss: (await stepper.metrics())[0] } : {}) }];
      },
      save: () => stepper.save(),
      load: (saved) => stepper.load(saved),
      async dispose() {
        await stepper.dispose();
        await tester.dispose();
      },
    };
  };
  return {
    arms: meta.arms,
    steps: STEPS,
    evalEvery: 20,
    trials: ctx.seeds.flatMap((seed) => meta.arms.map((a) => () => open(a.id, seed))),
    claims,
    shortfall: shortfallOf(meta, ctx.knobs, { atDefault: ['rate', 'momentum'] }),
  };
}

/** Decide the margin before the first run, and never move it afterwards. */
const claims = (arms: ArmResult[]): ClaimResult[] => [
  claim(
    'gain',
    'Momentum ahead in test accuracy',
    paired(arms, 'momentum', 'plain', 'accuracy'),
    { atLeast: 0.01 },
    { required: true, replicates: 'training', resolution: 1 / TEST },
  ),
];

/** A tiny instance for the contract test. */
function trainingGraphs(): TrainingGraph[] {
  const shape = { rows: 5, batch: 4, hidden: 3 };
  return [
    {
      name: 'momentum',
      build(residency) {
        const { params, program } = trainStep(shape, 0.9, residency);
        return { program, init: program.zeroState(params.init(prng(1, 'init'))) };
      },
      sources: { images: prng(2, 'images').uniforms(shape.rows * PIXELS), labels: Int32Array.of(0, 3, 9, 1, 0) },
      feeds: (random, program) => ({ pick: random.sample(shape.rows, shape.batch), ...program.rates(1, 0.1) }),
    },
  ];
}

export const lab: LabModule<Knobs> = { experiment, trainingGraphs };
