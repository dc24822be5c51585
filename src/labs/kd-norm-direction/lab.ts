// The lab: what the students of a run are, what they see, and what is measured and drawn.
import { batchOrder } from '../../util/epochs.ts';
import { prng } from '../../util/prng.ts';
import type { DataSplit } from '../../data/types.ts';
import type { LabContext, RunContext } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { armsPlan, type TrainedModel } from '../_kit/train/arms-plan.ts';
import { FASHION_TEACHERS } from '../_kit/train/fashion-teachers.ts';
import type { Arm } from '../_kit/train/model-graph.ts';
import { tinyImages } from '../_kit/train/tiny-images.ts';
import { trainedArms, type Held } from '../_kit/train/trained-arms.ts';
import { checkClaims } from './claims.ts';
import * as compass from './compass.ts';
import { classMeans, randomDirections, unitRows } from './directions.ts';
import { confusion, measure, ownMeanAccuracy, type Sample } from './measures.ts';
import { meta } from './meta.ts';
import { CLASSES, FEATURE, SIDE } from './network.ts';
import { imagesOf, student, studentChannels, studentStep, TERMS, type Student, type Term } from './student.ts';
import { askTeacher, type TeacherAnswers } from './teacher-answers.ts';

type Knobs = KnobsOf<typeof meta.controls>;

export const RATE = 0.05;
export const BATCH = 64;
/** The distillation terms grow to full weight over this share of the run. */
const RAMP = 0.1;
const CHUNK = 500;
const EVALUATIONS = 9;
/** Steps at which the compass takes a look beside the evaluations: features turn most at the start. */
const GLIMPSES = [10, 25, 50];
const CLASS_NAMES = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Boot'];
const TEACHER_ARM = 'teacher';

/** Arms that train. The terms whose weight is not zero are an arm's kind, the weights its numbers. */
export function armSpecs({
  wKd,
  wNd,
  wCosine,
  wNorm,
  dkdOthers,
}: Pick<Knobs, 'wKd' | 'wNd' | 'wCosine' | 'wNorm' | 'dkdOthers'>): Arm<Term[]>[] {
  const weights: Record<string, Partial<Record<Term, number>>> = {
    nd: { kd: wKd, nd: wNd },
    kd: { kd: wKd },
    cosine: { kd: wKd, cosine: wCosine },
    norm: { kd: wKd, norm: wNorm },
    dkd: { dkdTarget: 1, dkdOthers },
    ce: {},
  };
  return meta.arms
    .filter((a) => a.id !== TEACHER_ARM)
    .map((info) => {
      const numbers = Object.fromEntries(TERMS.map((term) => [term, weights[info.id][term] ?? 0]));
      return { ...info, kind: TERMS.filter((term) => numbers[term] !== 0), numbers };
    });
}

/** What a run is made of. */
interface Setup {
  knobs: Knobs;
  student: Student;
  batch: number;
  train: DataSplit;
  test: DataSplit;
  /** Its answers for the held images are asked for when the first model is measured: training need not wait for them. */
  teacher: { train: TeacherAnswers; test: () => Promise<TeacherAnswers> };
  /** Unit rows [10, 64]. */
  directions: Float32Array;
}

async function load(ctx: LabContext<Knobs>, held: Held): Promise<Setup> {
  const { knobs } = ctx;
  ctx.status('loading Fashion-MNIST');
  const [train, test, model] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: CLASSES * knobs.perClass }),
    ctx.data.split('fashion', held),
    ctx.data.file(FASHION_TEACHERS[0]),
  ]);
  let asked: Promise<TeacherAnswers> | undefined;
  const teacher = {
    train: await askTeacher(ctx, model, train, 'training'),
    test: () => (asked ??= askTeacher(ctx, model, test, 'test')),
  };
  const directions =
    knobs.means === 'random'
      ? randomDirections(prng(0, 'kd-norm-direction', 'random spokes'))
      : unitRows(classMeans(teacher.train.features, train.labels));
  return { knobs, student: studentOf(knobs), batch: BATCH, train, test, teacher, directions };
}
const studentOf = ({ width, adapter }: Knobs): Student => ({
  channels: studentChannels(width),
  adapter: adapter === 'side' ? 'side' : 'main',
});

export const sourcesOf = ({
  train,
  teacher,
  directions,
}: Pick<Setup, 'train' | 'directions'> & { teacher: Pick<Setup['teacher'], 'train'> }) => ({
  images: train.values,
  labels: train.labels,
  teacherLogits: teacher.train.logits,
  teacherNorm: teacher.train.norms,
  directions,
});

function plan(setup: Setup) {
  const { knobs, student: spec, batch, train, test, teacher, directions } = setup;
  const { steps, temperature } = knobs;
  const lastWidth = spec.channels[spec.channels.length - 1];
  const picture = compassOf(setup);
  const ownMean = (features: ArrayLike<number>, tested: Sample) =>
    ownMeanAccuracy({ features, labels: train.labels }, tested);
  return armsPlan({
    arms: armSpecs(knobs),
    shown: meta.arms,
    steps,
    evaluations: EVALUATIONS,
    train: {
      batch,
      rate: RATE,
      sources: sourcesOf(setup),
      step: (graph) => studentStep(graph, { student: spec, temperature }),
      feeds(stream) {
        const rows = batchOrder(stream('batches'), train.rows, batch);
        const drops = stream('keep');
        const keep = (t: number) => drops.fork(t).uniforms(batch * lastWidth);
        return (t) => ({
          pick: rows(t),
          ramp: Math.min(1, t / (RAMP * steps)),
          ...(spec.adapter === 'side' ? { keep: keep(t).map((u) => Number(u >= 0.5)) } : {}),
        });
      },
    },
    read: {
      network: (graph) => student(graph.params, imagesOf(graph), spec, true),
      sets: {
        train: { rows: train.rows, sources: { images: train.values } },
        test: { rows: test.rows, sources: { images: test.values } },
        arrows: { rows: Math.min(compass.ARROWS, test.rows), sources: { images: test.values } },
      },
      chunk: CHUNK,
    },
    async measure(model) {
      const { features } = await model.read('train');
      const tested = await sampleOf(setup, await model.read('test'));
      return { ...measure(tested, directions), ownMean: ownMean(features, tested), loss: model.last.ce };
    },
    async draw(model, ctx) {
      picture.send(ctx, model, await sampleOf(setup, await model.read('test')), true);
    },
    glimpse: {
      at: GLIMPSES,
      async draw(model, ctx) {
        picture.send(ctx, model, await sampleOf(setup, await model.read('arrows')), false);
      },
    },
    open: (ctx) => ctx.picture('means', picture.means),
    references: {
      // its own accuracy, and where its features point
      async [TEACHER_ARM](ctx) {
        const tested = await sampleOf(setup, await teacher.test());
        picture.send(ctx, { arm: { id: TEACHER_ARM }, step: 0 }, tested, true);
        return { ...measure(tested, directions), ownMean: ownMean(teacher.train.features, tested) };
      },
    },
    compose: { compass: picture.join },
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, {
      steps: { now: steps, full: meta.controls.steps.default },
      atDefault: ['wKd', 'wNd', 'wCosine', 'wNorm', 'temperature', 'perClass', 'width', 'means', 'adapter'],
    }),
  });
}

/** The first rows of the test set, as many as there are answers. */
const sampleOf = async (
  { test, teacher }: Setup,
  { features, logits }: Pick<TeacherAnswers, 'features' | 'logits'>,
): Promise<Sample> => ({
  features,
  logits,
  labels: test.labels.subarray(0, logits.length / CLASSES),
  teacherNorms: (await teacher.test()).norms,
});

/** The compass rose and the table of its spokes. */
function compassOf({ knobs, test, directions }: Setup) {
  const matrix = compass.cosineMatrix(directions);
  const order = compass.circleOrder(matrix, CLASSES);
  const names = order.map((c) => CLASS_NAMES[c]);
  const still = {
    classes: CLASS_NAMES,
    order,
    labels: Array.from(test.labels.subarray(0, compass.ARROWS)),
    directions: knobs.means === 'random' ? ('random' as const) : ('teacher' as const),
  };
  return {
    means: {
      rows: CLASSES,
      cols: CLASSES,
      values: order.flatMap((r) => order.map((c) => Math.round(100 * matrix[r * CLASSES + c]) / 100)),
      rowLabels: names,
      colLabels: names,
      min: -1,
      max: 1,
      signed: true,
      digits: 2,
    },
    send(
      ctx: RunContext,
      { arm, step }: { arm: { id: string }; step: number } | TrainedModel,
      sample: Sample,
      isWhole: boolean,
    ) {
      const part: compass.CompassPart = {
        arm: arm.id,
        frame: compass.compassFrame(step, sample, directions, order),
        ...(isWhole ? { confusion: confusion(sample.logits, sample.labels) } : {}),
      };
      ctx.part('compass', compass.compassKey(part), part);
    },
    join: (parts: ReadonlyMap<string, unknown>) =>
      compass.joinCompass(still, meta.arms, [...parts.values()] as compass.CompassPart[]),
  };
}

/** Eight images that the teacher has answered at random. */
function tiny(knobs: Knobs, adapter: Student['adapter']): Setup {
  const random = prng(2, 'tiny', adapter);
  const rows = 8;
  const images = tinyImages({ rows, side: SIDE });
  const answers: TeacherAnswers = {
    logits: random.normals(rows * CLASSES, 3),
    norms: random.uniforms(rows, 0.5, 4),
    features: random.normals(rows * FEATURE),
  };
  return {
    knobs,
    student: { channels: [2, 3, 4], adapter },
    batch: 3,
    train: images,
    test: images,
    teacher: { train: answers, test: async () => answers },
    directions: randomDirections(random),
  };
}

export const lab = trainedArms(meta, {
  load,
  plan,
  tiny: { 'all arms': (knobs) => tiny(knobs, 'main'), 'side branch': (knobs) => tiny(knobs, 'side') },
  tune: {
    metric: 'accuracy',
    grid: [0.25, 0.5, 1, 1.5, 2, 3, 4, 6],
    // the weight of KD serves KD++ and both halves too
    knobs: { ce: null, kd: 'wKd', nd: 'wNd', cosine: 'wCosine', norm: 'wNorm', dkd: 'dkdOthers' },
  },
});
