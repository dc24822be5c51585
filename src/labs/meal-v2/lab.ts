// The lab: a student is pre-trained with labels in the first half of the steps; in the second half each arm goes on in its own way.
import { mirrored } from '../../data/tasks/mirrored.ts';
import { loadFashionTask } from '../../data/tasks/load-labelled.ts';
import { takeRows, type TaskSplit } from '../../data/tasks/task.ts';
import { cosine, type Schedule } from '../../optim/schedules.ts';
import { batchOrder } from '../../util/epochs.ts';
import { divergences, entropies, softmaxRows } from '../../util/measures/probabilities.ts';
import { argmaxRows } from '../../util/measures/rows.ts';
import { prng } from '../../util/prng.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { LabContext, RunContext } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { armsPlan, type Measured, type TrainedModel } from '../_kit/train/arms-plan.ts';
import { correct } from '../_kit/train/correct.ts';
import { askFashionTeacher, FASHION_TEACHERS } from '../_kit/train/fashion-teachers.ts';
import type { Arm } from '../_kit/train/model-graph.ts';
import { tinyImages } from '../_kit/train/tiny-images.ts';
import { trainedArms, type Held } from '../_kit/train/trained-arms.ts';
import { checkClaims } from './claims.ts';
import { ensembleOf, type Averaging, type Ensemble } from './ensemble.ts';
import { meta } from './meta.ts';
import { cornersOf, joinSky, skyRows, stillSky, type SkyFrame } from './sky.ts';
import { CLASSES, judge, SIDE, student, studentStep, type ArmNumbers } from './student.ts';

type Knobs = KnobsOf<typeof meta.controls>;

const BATCH = 64;
/** First rate of the pre-training. */
const RATE = 0.1;
/** First rates of the second half, chosen on validation data: of soft answers, and where labels are among the targets. */
const LATE_RATE = 0.4;
const LABEL_RATE = 0.8;
const CHANNELS = [8, 16, 32];
/** Two in each half. */
const EVALUATIONS = 4;
/** Looks at the sky beside them, as shares of the run. */
const GLIMPSES = [0.03, 0.08, 0.16, 0.38, 0.52, 0.55, 0.6, 0.68, 0.84];
const CHUNK = 500;

interface Setup {
  knobs: Knobs;
  channels: readonly number[];
  batch: number;
  /** Steps of each half. */
  half: number;
  arms: readonly Arm[];
  train: TaskSplit;
  test: TaskSplit;
  teachers: { train: Ensemble; test: Ensemble };
}

/** Hard-label shares, weights and starts of all arms. */
export function armSpecs({ labelShare, decay, smoothing }: Pick<Knobs, 'labelShare' | 'decay' | 'smoothing'>): Arm[] {
  const usual: ArmNumbers = { before: 1, after: 0, awake: 1, smooth: 0, decay: 0, side: 0 };
  const own: Record<string, Partial<ArmNumbers>> = {
    soft: {},
    hard: { after: 1 },
    hardDecay: { after: 1, decay },
    half: { after: labelShare },
    smooth: { after: 1, smooth: smoothing },
    softDecay: { decay },
    code: { side: 1 },
    adversarial: { side: -1 },
    scratch: { awake: 0 },
    scratchLong: { before: 0 },
  };
  return meta.arms
    .filter(({ id }) => id in own)
    .map((info) => ({
      ...info,
      kind: 'student',
      model: own[info.id].side ? 'judge' : '',
      numbers: { ...usual, ...own[info.id] },
      rate: own[info.id].after ? LABEL_RATE : LATE_RATE,
    }));
}

async function load(ctx: LabContext<Knobs>, held: Held): Promise<Setup> {
  const { knobs } = ctx;
  ctx.status('loading Fashion-MNIST');
  const task = await loadFashionTask(ctx.data, { rows: { train: knobs.images } });
  const models = await Promise.all(FASHION_TEACHERS.slice(0, knobs.teachers).map((file) => ctx.data.file(file)));
  const train = mirrored(task.train);
  const test = task[held];
  const ask = async (split: TaskSplit, what: string) => {
    const answers = [];
    for (const model of models) answers.push(await askFashionTeacher(ctx, model, split, what));
    return ensembleOf(answers, knobs.averaging as Averaging, CLASSES);
  };
  const teachers = { train: await ask(train, 'training'), test: await ask(test, 'test') };
  return { knobs, channels: CHANNELS, batch: BATCH, half: knobs.half, arms: armSpecs(knobs), train, test, teachers };
}

/** Cosine to zero in each half; an arm that starts at random weights has one cosine over all its steps. */
function scheduleOf(half: number): (rate: number, steps: number, arm: Arm) => Schedule {
  return (rate, steps, { id }) => {
    if (id === 'scratchLong') return cosine(rate, steps);
    const first = cosine(RATE, half);
    const second = cosine(rate, half);
    return (t) => (t <= half ? first(t) : second(t - half));
  };
}

function plan(setup: Setup) {
  const { knobs, channels, batch, half, arms, train, test, teachers } = setup;
  const sky = skyRows(teachers.test.soft, test.labels);
  const still = stillSky(sky, teachers.test.soft, test);
  const guesses = argmaxRows(teachers.test.soft, CLASSES);
  const measure = (probabilities: Float32Array): Measured => ({
    accuracy: correct(probabilities, test.labels),
    agreement: Float32Array.from(argmaxRows(probabilities, CLASSES), (guess, i) => Number(guess === guesses[i])),
    entropy: entropies(probabilities, CLASSES),
    distance: divergences(teachers.test.soft, probabilities, CLASSES),
  });
  async function draw({ arm, step, read }: TrainedModel<'logits', 'sky' | 'test'>, ctx: RunContext): Promise<void> {
    const { logits } = await read('sky');
    const frame: SkyFrame = { arm: arm.id, step, dots: cornersOf(softmaxRows(logits, CLASSES)) };
    ctx.part('sky', `${arm.id} ${step}`, frame);
  }
  const originals = train.rows / 2;
  return armsPlan({
    arms,
    shown: meta.arms,
    steps: 2 * half,
    evaluations: EVALUATIONS,
    train: {
      batch,
      rate: LATE_RATE,
      schedule: scheduleOf(half),
      sources: {
        images: train.values,
        labels: train.labels,
        soft: teachers.train.soft,
        meanLogits: teachers.train.meanLogits,
      },
      step: (graph) => studentStep(graph, channels),
      feeds(stream) {
        const rows = batchOrder(stream('batches'), originals, batch);
        const sides = stream('mirror');
        return (t) => {
          const side = sides.fork(t);
          return { pick: rows(t).map((row) => row + originals * side.int(2)), late: Number(t > half) };
        };
      },
    },
    read: {
      network(graph) {
        const logits = student(graph, channels, true);
        // its weights lie behind the student's
        if (graph.model === 'judge') judge(graph, logits);
        return { logits };
      },
      sets: {
        test: { rows: test.rows, sources: { images: test.values } },
        sky: { rows: sky.length, sources: { images: takeRows(test, sky).values } },
      },
      chunk: CHUNK,
    },
    async measure(model) {
      const { logits } = await model.read('test');
      return { ...measure(softmaxRows(logits, CLASSES)), told: model.step > half ? model.last.told : undefined };
    },
    draw,
    glimpse: { at: GLIMPSES.map((share) => Math.round(2 * half * share)), draw },
    references: { teachers: async () => measure(teachers.test.soft) },
    compose: { sky: (parts) => joinSky(still, meta.arms, [...parts.values()] as SkyFrame[]) },
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, {
      steps: { now: half, full: meta.controls.half.default },
      atDefault: ['teachers', 'averaging', 'labelShare', 'decay', 'smoothing', 'images'],
    }),
  });
}

/** Eight images that the teachers have answered at random. */
function tiny(knobs: Knobs): Setup {
  const rows = 8;
  const answers = [prng(2, 'tiny').normals(rows * CLASSES, 2), prng(3, 'tiny').normals(rows * CLASSES, 2)];
  const ensemble = ensembleOf(
    answers.map((logits) => ({ logits })),
    'probabilities',
    CLASSES,
  );
  const images = tinyImages({ rows, side: SIDE });
  return {
    knobs,
    channels: [2, 3, 4],
    batch: 3,
    // the one step of the contract test lies in the second half
    half: 0,
    // a reversed gradient is no derivative of the loss
    arms: armSpecs(knobs).filter(({ id }) => id !== 'adversarial'),
    train: images,
    test: images,
    teachers: { train: ensemble, test: ensemble },
  };
}

export const lab = trainedArms(meta, {
  load,
  plan,
  tiny: { 'second half': tiny },
  tune: { metric: 'accuracy', grid: [0.1, 0.2, 0.4, 0.8], knobs: { soft: 'rate', hard: 'rate', half: 'rate' } },
});
