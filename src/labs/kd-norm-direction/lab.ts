// Drives the lab: asks the teacher once, then one trial per arm on the CPU, all arms of a seed stacked in one graph on a GPU.
import { prng, type Prng } from '../../util/prng.ts';
import { cosine } from '../../optim/schedules.ts';
import type { TrainProgram } from '../../optim/program.ts';
import { RowRunner } from '../_kit/train/row-runner.ts';
import type { DataSplit } from '../../data/types.ts';
import type { Feeds, Stepper, StepperState } from '../../engine/engine.ts';
import type { TrainingGraph, Experiment, LabContext, LabModule, Trial } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { ArmInfo, KnobsOf } from '../_kit/contract/meta.ts';
import { askTeacher, classMeans, randomDirections, unitRows, type Answers, type Teacher } from './ask-teacher.ts';
import { checkClaims } from './claims.ts';
import { ARROWS, circleOrder, compassFrame, cosineMatrix, type CompassArm, type CompassPicture } from './compass.ts';
import { confusion, measure, ownMeanAccuracy, type Sample } from './measures.ts';
import { meta } from './meta.ts';
import { CLASSES, SIDE } from './network.ts';
import { embedStep, studentChannels, trainStep, type ArmSpec, type Student, type Weights } from './student.ts';

type Knobs = KnobsOf<typeof meta.controls>;
type Context = LabContext<Knobs>;

export const RATE = 0.05;
export const BATCH = 64;
export const TEST = 2000;
/** The distillation terms grow to full weight over this share of the run. */
const RAMP = 0.1;
const CHUNK = 500;
const EVALUATIONS = 9;
/** Steps at which the compass takes a look beside the evaluations: features turn most at the start. */
const GLIMPSES = [10, 25, 50];
const CLASS_NAMES = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Boot'];
const NONE: Weights = { kd: 0, nd: 0, cosine: 0, norm: 0, dkdTarget: 0, dkdOthers: 0 };
const TEACHER_ARM = 'teacher';

export function armSpecs({
  wKd,
  wNd,
  wCosine,
  wNorm,
  dkdOthers,
}: Pick<Knobs, 'wKd' | 'wNd' | 'wCosine' | 'wNorm' | 'dkdOthers'>): ArmSpec[] {
  const weights: Record<string, Partial<Weights>> = {
    nd: { kd: wKd, nd: wNd },
    kd: { kd: wKd },
    cosine: { kd: wKd, cosine: wCosine },
    norm: { kd: wKd, norm: wNorm },
    dkd: { dkdTarget: 1, dkdOthers },
    ce: {},
  };
  return meta.arms
    .filter((a) => a.id !== TEACHER_ARM)
    .map(({ id, label }) => ({ id, label, weights: { ...NONE, ...weights[id] } }));
}

interface TrialParts {
  ctx: Context;
  shared: Shared;
  arms: readonly ArmSpec[];
  seed: number;
  program: TrainProgram;
  stepper: Stepper;
  onTrain: RowRunner;
  onTest: RowRunner;
  rowsOf: (t: number) => Int32Array;
}
/** All that the trials of a run share. */
interface Shared {
  train: DataSplit;
  test: DataSplit;
  student: Student;
  teacher: Teacher;
  /** Unit rows [10, 64]. */
  directions: Float32Array;
  order: number[];
  compass: CompassPicture;
}

async function experiment(ctx: Context): Promise<Experiment> {
  const { knobs, engine, seeds } = ctx;
  ctx.status('loading Fashion-MNIST');
  const [train, test] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: CLASSES * knobs.perClass }),
    ctx.data.split('fashion', 'test', { rows: TEST }),
  ]);
  const specs = armSpecs(knobs);
  const student: Student = {
    channels: studentChannels(knobs.width),
    adapter: knobs.adapter === 'side' ? 'side' : 'main',
  };
  let shared: Promise<Shared> | undefined;
  const open = () => (shared ??= prepare(ctx, train, test, student));
  // one graph for all arms where dispatches cost; one per arm where arithmetic does, so that the curves race
  const groups = engine.residency === 'device' ? [specs] : specs.map((s) => [s]);
  const trials: Experiment['trials'] = seeds.flatMap((seed) =>
    groups.map((arms) => async () => StudentTrial.open(ctx, await open(), arms, seed)),
  );
  trials.push(async () => teacherTrial(ctx, await open()));
  return {
    arms: [...meta.arms] as ArmInfo[],
    steps: knobs.steps,
    evalEvery: knobs.steps / EVALUATIONS,
    trials,
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, {
      steps: { now: knobs.steps, full: meta.controls.steps.default },
      atDefault: ['wKd', 'wNd', 'wCosine', 'wNorm', 'temperature', 'perClass', 'width', 'means', 'adapter'],
    }),
  };
}

/** Asks the teacher, finds the spokes, and sends the pictures that training does not change. */
async function prepare(ctx: Context, train: DataSplit, test: DataSplit, student: Student): Promise<Shared> {
  const teacher = await askTeacher(ctx, train, test);
  const isRandom = ctx.knobs.means === 'random';
  const directions = isRandom
    ? randomDirections(prng(0, 'kd-norm-direction', 'random spokes'))
    : unitRows(classMeans(teacher.train.features, train.labels));
  const matrix = cosineMatrix(directions);
  const order = circleOrder(matrix, CLASSES);
  const names = order.map((c) => CLASS_NAMES[c]);
  ctx.picture('means', {
    rows: CLASSES,
    cols: CLASSES,
    values: order.flatMap((r) => order.map((c) => Math.round(100 * matrix[r * CLASSES + c]) / 100)),
    rowLabels: names,
    colLabels: names,
    min: -1,
    max: 1,
    signed: true,
    digits: 2,
  });
  const compass: CompassPicture = {
    classes: CLASS_NAMES,
    order,
    labels: Array.from(test.labels.subarray(0, ARROWS)),
    directions: isRandom ? 'random' : 'teacher',
    arms: [],
  };
  return { train, test, student, teacher, directions, order, compass };
}

/** Rows of step t = 1, 2, ...: all images in a new order each time round, the same for every arm of a seed. */
export function batchOrder(random: Prng, rows: number, batch: number): (t: number) => Int32Array {
  let epoch = -1;
  let order: Int32Array = new Int32Array();
  const rowAt = (position: number): number => {
    const now = Math.floor(position / rows);
    if (now !== epoch) {
      epoch = now;
      order = random.fork(now).permutation(rows);
    }
    return order[position % rows];
  };
  return (t) => Int32Array.from({ length: batch }, (_, i) => rowAt((t - 1) * batch + i));
}

interface FeedParts {
  pick: Int32Array;
  keep: Prng;
  steps: number;
  rate: number;
  batch: number;
  width: number;
}
/** What this program wants to be fed at step t. */
function feedsAt(program: TrainProgram, t: number, { pick, keep, steps, rate, batch, width }: FeedParts): Feeds {
  const feeds: Feeds = { pick, ...program.rates(t, rate) };
  const { inputs } = program.graph;
  if (inputs.has('ramp')) feeds.ramp = Math.min(1, t / (RAMP * steps));
  if (inputs.has('keep'))
    feeds.keep = keep
      .fork(t)
      .uniforms(batch * width)
      .map((u) => Number(u >= 0.5));
  return feeds;
}

export const sourcesOf = ({ values, labels }: DataSplit, { logits, norms }: Answers, directions: Float32Array) => ({
  images: values,
  labels,
  teacherLogits: logits,
  teacherNorm: norms,
  directions,
});

/** One graph's worth of students: the arms of one seed that train together. */
class StudentTrial implements Trial {
  readonly cells: Trial['cells'];
  private readonly parts: TrialParts;
  private constructor(parts: TrialParts) {
    this.parts = parts;
    this.cells = parts.arms.map(({ id }) => ({ arm: id, seed: parts.seed }));
  }
  static async open(ctx: Context, shared: Shared, arms: readonly ArmSpec[], seed: number): Promise<StudentTrial> {
    const { engine } = ctx;
    const { residency } = engine;
    const { train, test, student, teacher, directions } = shared;
    const stack = arms.length;
    const { program, params } = trainStep({
      arms,
      student,
      batch: BATCH,
      rows: train.rows,
      temperature: ctx.knobs.temperature,
      residency,
    });
    // every arm starts from the same weights
    const starts = arms.map(() => ctx.prng(seed, 'init'));
    const init = program.zeroState(params.init(...starts), params.initBuffers(...starts));
    const stepper = await engine.stepper(program, init, sourcesOf(train, teacher.train, directions));
    const embedder = (set: DataSplit) =>
      RowRunner.open(engine, {
        program: embedStep({ stack, student, batch: CHUNK, rows: set.rows, residency }),
        sources: { images: set.values },
        batch: CHUNK,
        stack,
      });
    return new StudentTrial({
      ctx,
      shared,
      arms,
      seed,
      program,
      stepper,
      onTrain: await embedder(train),
      onTest: await embedder(test),
      rowsOf: batchOrder(ctx.prng(seed, 'batches'), train.rows, BATCH),
    });
  }

  async advance(count: number): Promise<void> {
    const {
      ctx,
      program,
      stepper,
      rowsOf,
      seed,
      shared: {
        student: { channels },
      },
    } = this.parts;
    const { steps } = ctx.knobs;
    const rates = cosine(RATE, steps);
    const fixed = { keep: ctx.prng(seed, 'keep'), steps, batch: BATCH, width: channels[channels.length - 1] };
    for (let i = 0; i < count && !ctx.signal.aborted; i++) {
      const t = stepper.steps + 1;
      await stepper.step(feedsAt(program, t, { ...fixed, pick: rowsOf(t), rate: rates(t) }));
      if (this.isDrawn && GLIMPSES.includes(t)) await this.glimpse();
    }
  }

  async evaluate(step: number): Promise<Record<string, number>[]> {
    const { shared, arms, stepper, onTrain, onTest } = this.parts;
    const { train, test, teacher, directions } = shared;
    const state = await this.state();
    const last = stepper.steps > 0 ? await stepper.metrics() : null;
    const trained = await onTrain.run(state, train.rows);
    const tested = await onTest.run(state, test.rows);
    return arms.map((arm, s) => {
      const sample = sampleOf(tested[s] as never, test, teacher.test);
      if (this.isDrawn) note(shared, arm, step, sample).confusion = confusion(sample.logits, sample.labels);
      const values = {
        ...measure(sample, directions),
        ownMean: ownMeanAccuracy({ features: trained[s].features, labels: train.labels }, sample),
      };
      return last ? { ...values, loss: last[arms.length + s] } : values;
    });
  }
  async draw(): Promise<void> {
    if (this.isDrawn) this.parts.ctx.picture('compass', { ...this.parts.shared.compass });
  }

  save() {
    return this.parts.stepper.save();
  }
  load(saved: StepperState) {
    return this.parts.stepper.load(saved);
  }
  async dispose(): Promise<void> {
    for (const item of [this.parts.stepper, this.parts.onTrain, this.parts.onTest]) await item.dispose();
  }

  /** The compass shows the first seed. */
  private get isDrawn(): boolean {
    return this.parts.seed === this.parts.ctx.seeds[0];
  }
  private async state() {
    return { theta: await this.parts.stepper.read('theta'), buffers: await this.parts.stepper.read('buffers') };
  }
  private async glimpse(): Promise<void> {
    const { shared, arms, stepper, onTest } = this.parts;
    const seen = await onTest.run(await this.state(), ARROWS);
    seen.forEach((out, s) =>
      note(shared, arms[s], stepper.steps, sampleOf(out as never, shared.test, shared.teacher.test)),
    );
  }
}

/** The first rows of a set, as many as there are logits. */
const sampleOf = (
  { features, logits }: Pick<Answers, 'features' | 'logits'>,
  { labels }: DataSplit,
  { norms }: Answers,
): Sample => ({ features, logits, labels: labels.subarray(0, logits.length / CLASSES), teacherNorms: norms });

/** Adds a frame to the compass of an arm, in the page's order of arms. */
function note(
  { compass, directions, order }: Shared,
  { id, label }: Pick<ArmSpec, 'id' | 'label'>,
  step: number,
  sample: Sample,
): CompassArm {
  const known = compass.arms.find((a) => a.id === id);
  const arm: CompassArm = known ?? { id, label, frames: [], confusion: [] };
  arm.frames = [...arm.frames.filter((f) => f.step < step), compassFrame(step, sample, directions, order)];
  const place = (a: CompassArm) => meta.arms.findIndex((m) => m.id === a.id);
  if (!known) compass.arms = [...compass.arms, arm].sort((a, b) => place(a) - place(b));
  return arm;
}

/** The teacher as an arm that never moves: its own accuracy, and where its features point. */
function teacherTrial(ctx: Context, shared: Shared): Trial {
  const { teacher, train, test, directions } = shared;
  const sample = sampleOf(teacher.test, test, teacher.test);
  const values = {
    ...measure(sample, directions),
    ownMean: ownMeanAccuracy({ features: teacher.train.features, labels: train.labels }, sample),
  };
  note(
    shared,
    meta.arms.find((a) => a.id === TEACHER_ARM)!,
    0,
    sample,
  ).confusion = confusion(sample.logits, sample.labels);
  return {
    cells: ctx.seeds.map((seed) => ({ arm: TEACHER_ARM, seed })),
    advance: async () => undefined,
    evaluate: async () => ctx.seeds.map(() => ({ ...values })),
    save: async () => ({ steps: 0, arrays: {} }),
    load: async () => undefined,
    dispose: async () => undefined,
  };
}

/** Tiny graphs for the contract test: all arms stacked, and one arm with the side branch. */
function trainingGraphs(): TrainingGraph[] {
  const rows = 8;
  const batch = 3;
  const all = armSpecs({ wKd: 1, wNd: 2, wCosine: 2, wNorm: 2, dkdOthers: 2 });
  const sample = (name: string, arms: readonly ArmSpec[], student: Student): TrainingGraph => {
    const random = prng(2, 'sample', name);
    return {
      name,
      build(residency) {
        const { program, params } = trainStep({ arms, student, batch, rows, temperature: 4, residency });
        const starts = arms.map(() => prng(1, 'init'));
        return { program, init: program.zeroState(params.init(...starts), params.initBuffers(...starts)) };
      },
      sources: {
        images: random.uniforms(rows * SIDE * SIDE),
        labels: Int32Array.from({ length: rows }, (_, i) => i),
        teacherLogits: random.normals(rows * CLASSES, 3),
        teacherNorm: random.uniforms(rows, 0.5, 4),
        directions: randomDirections(random),
      },
      feeds: (draw, program) =>
        feedsAt(program, 1, {
          pick: draw.sample(rows, batch),
          keep: draw,
          steps: 10,
          rate: RATE,
          batch,
          width: student.channels[2],
        }),
    };
  };
  return [
    sample('all arms stacked', all, { channels: [2, 3, 4], adapter: 'main' }),
    sample('side branch', all.slice(0, 1), { channels: [2, 3, 4], adapter: 'side' }),
  ];
}

export const lab: LabModule<Knobs> = { experiment, trainingGraphs };
