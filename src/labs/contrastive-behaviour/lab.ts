// The lab: the arms of a run, what they see, what is measured on their embeddings, and the histogram of positives.
import { drawViews } from '../../data/augment.ts';
import { prng } from '../../util/prng.ts';
import { ridgeProbe } from '../../util/ridge-probe.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { ArmInfo } from '../_kit/contract/meta.ts';
import { armsPlan } from '../_kit/train/arms-plan.ts';
import type { Arm } from '../_kit/train/model-graph.ts';
import type { Answers } from '../_kit/train/readout.ts';
import { tinyImages } from '../_kit/train/tiny-images.ts';
import { trainedArms, type Held } from '../_kit/train/trained-arms.ts';
import { checkClaims, SWEEP, sweepId } from './claims.ts';
import { openGlobe } from './globe-trial.ts';
import { histogram, meanCosine, tolerance, uniformity } from './measures.ts';
import { meta } from './meta.ts';
import { contrastiveStep, embed, LAB_ENCODER, type Kind } from './model.ts';
import { loadEmojiSets, loadFashion, type Sets } from './sets.ts';
import { feedsOf, FULL_STEPS, lengthOf, RATE, readSet, type Knobs, type Setup } from './setup.ts';

const HISTOGRAM_BINS = 20;
const LOWEST = -0.25;

/** Neighbours of one kind share a loss: the sweep, whatever its temperatures, then the others. */
export function armSpecs({ tau, hardTau }: Pick<Knobs, 'tau' | 'hardTau'>): Arm<Kind>[] {
  const taus = SWEEP.includes(tau) ? SWEEP : [...SWEEP, tau];
  const arm = (id: string, label: string, kind: Kind, tau = 1): Arm<Kind> => ({
    id,
    label,
    role: meta.arms.find((a) => a.id === id)?.role ?? 'method',
    ...(kind === 'contrastive' ? { x: tau } : {}),
    kind,
    numbers: { inverseTau: 1 / tau },
  });
  return [
    ...taus.map((t) => arm(sweepId(t), `τ = ${t}`, 'contrastive', t)),
    arm('hard-contrastive', 'hard contrastive', 'hard-contrastive', hardTau),
    arm('simple', 'simple', 'simple'),
    arm('hard-simple', 'hard simple', 'hard-simple'),
  ];
}
/** In the order of the page: colours follow it. */
const shownArms = (specs: readonly Arm<Kind>[]): ArmInfo[] => [
  ...meta.arms,
  ...specs.filter((s) => !meta.arms.some((a) => a.id === s.id)),
];

async function load(ctx: LabContext<Knobs>, held: Held): Promise<Setup> {
  const { knobs } = ctx;
  const isEmoji = knobs.data === 'emoji';
  const length = lengthOf(ctx);
  ctx.status(isEmoji ? 'loading the emoji set' : 'loading Fashion-MNIST');
  const sets = await (isEmoji ? loadEmojiSets : loadFashion)(ctx.data, length.sizes);
  return {
    knobs,
    ...length,
    encoder: { ...LAB_ENCODER, z: Number(knobs.z) },
    sets: held === 'test' ? sets : { ...sets, test: sets.validation },
  };
}

function plan(setup: Setup) {
  const { knobs, encoder, sets, sizes, steps, batch, evaluations } = setup;
  const arms = armSpecs(knobs);
  const shown = shownArms(arms);
  const spread = Math.min(sizes.spread, sets.test.rows);
  const network = { encoder, shape: sets };
  const positives = prng(0, 'positives');
  return armsPlan({
    arms,
    shown,
    steps,
    evaluations,
    train: {
      batch,
      rate: RATE,
      sources: { train: sets.train.values },
      step: (graph) => contrastiveStep(graph, { ...network, alpha: knobs.alpha }),
      feeds: (stream) => feedsOf(stream('batches'), setup, batch),
    },
    read: {
      network: (graph) => embed(graph, network),
      sets: {
        train: readSet(sets.train, sizes.probe),
        validation: readSet(sets.validation, sets.validation.rows),
        test: readSet(sets.test, sets.test.rows),
        // the other view of the first test pictures
        shifted: {
          rows: spread,
          sources: { images: sets.test.values },
          feeds: (from, count) => ({ views: drawViews(positives.fork(from), count, knobs.strength, sets.side) }),
        },
      },
      chunk: sizes.chunk,
    },
    async measure(model) {
      const train = await model.read('train');
      const validation = await model.read('validation');
      const test = await model.read('test');
      const { loss, entropy, positive } = model.last;
      return {
        ...measure({ train, validation, test }, sets, sizes.probe, spread, encoder.z),
        loss,
        entropy,
        positive,
      };
    },
    async draw(model, ctx) {
      const [test, shifted] = [await model.read('test'), await model.read('shifted')];
      const cosines = rowDots(test.z, shifted.z, spread, encoder.z);
      const shares = histogram(cosines, HISTOGRAM_BINS, LOWEST, 1).map((n) => n / spread);
      ctx.part('positives', model.arm.id, shares);
    },
    beside: [(ctx) => openGlobe(ctx, setup, arms)],
    compose: { positives: (parts) => histogramPicture(parts as ReadonlyMap<string, number[]>, shown) },
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, {
      steps: { now: steps, full: FULL_STEPS },
      atDefault: ['data', 'alpha', 'batch', 'strength', 'z'],
    }),
  });
}

function measure(
  { train, validation, test }: Record<'train' | 'validation' | 'test', Answers<'h' | 'z'>>,
  sets: Sets,
  rows: number,
  spread: number,
  D: number,
) {
  const H = train.h.length / rows;
  const labels = sets.test.labels;
  const probe = ridgeProbe(
    { values: train.h, labels: sets.train.labels.subarray(0, rows) },
    { values: validation.h, labels: sets.validation.labels },
    { values: test.h, labels },
    H,
    sets.classes,
  );
  return {
    // per test picture: 1 where the probe is right
    probe: Float32Array.from(probe.predictions, (guess, i) => Number(guess === labels[i])),
    uniformity: -uniformity(test.z, spread, D),
    tolerance: tolerance(test.z, labels, spread, D),
    collapse: meanCosine(test.z, spread, D),
  };
}

function rowDots(a: Float32Array, b: Float32Array, rows: number, D: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let s = 0;
    for (let d = 0; d < D; d++) s += a[i * D + d] * b[i * D + d];
    return s;
  });
}
function histogramPicture(parts: ReadonlyMap<string, number[]>, arms: readonly ArmInfo[]) {
  const shown = arms.filter((a) => parts.has(a.id));
  const bins = Array.from({ length: HISTOGRAM_BINS }, (_, i) => LOWEST + ((1 - LOWEST) * (i + 0.5)) / HISTOGRAM_BINS);
  return {
    rows: shown.length,
    cols: HISTOGRAM_BINS,
    values: shown.flatMap((a) => parts.get(a.id)!),
    digits: 2,
    rowLabels: shown.map((a) => a.label),
    colLabels: bins.map((b) => b.toFixed(2).replace('-', '−')),
    xLabel: 'cosine of the two views',
    min: 0,
  };
}

/** Six pictures and a narrow encoder. Embeddings that coincide would leave the choice of hard negatives to rounding: stripes differ. */
function tiny(knobs: Knobs, channels: number): Setup {
  const side = 28;
  const rows = 6;
  const pictures = tinyImages({ rows, channels, side });
  const globe = { ...pictures, labels: Array.from(pictures.labels), thumbs: new Uint8Array(rows * 196), thumbSide: 14 };
  return {
    knobs: { ...knobs, alpha: 0.5 },
    encoder: { channels: [4, 6, 8], hidden: 8, z: 4 },
    steps: 100,
    batch: 4,
    evaluations: 1,
    sizes: { probe: rows, validation: rows, test: rows, spread: rows, globe: rows, chunk: rows },
    sets: {
      side,
      channels,
      mean: 0.5,
      deviation: 0.35,
      classes: rows,
      train: pictures,
      validation: pictures,
      test: pictures,
      globe,
      pairs: (random, n) => {
        const pick = random.sample(rows, n);
        return Int32Array.from({ length: 2 * n }, (_, i) => pick[i % n]);
      },
    },
  };
}
export const lab = trainedArms(meta, {
  load,
  plan,
  tiny: { 'all arms': (knobs) => tiny(knobs, 1), 'all arms, in colour': (knobs) => tiny(knobs, 3) },
  tune: { metric: 'probe', grid: [1e-3, 3e-3, 1e-2] },
});
