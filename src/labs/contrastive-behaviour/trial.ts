// Trains the arms of one seed and measures them: probe on h, uniformity and tolerance on z, the positives' histogram.
import { drawViews } from '../../data/augment.ts';
import type { TrainProgram } from '../../optim/program.ts';
import { cosine } from '../../optim/schedules.ts';
import { ridgeProbe } from '../../util/ridge-probe.ts';
import type { Prng } from '../../util/prng.ts';
import type { Stepper } from '../../engine/engine.ts';
import type { LabContext, Trial } from '../_kit/contract/lab.ts';
import type { ArmInfo, KnobsOf } from '../_kit/contract/meta.ts';
import { Embedder, weightsOf, type Embedding } from './embedder.ts';
import { histogram, meanCosine, tolerance, uniformity } from './measures.ts';
import type { meta } from './meta.ts';
import { trainStep, type ArmSpec, type Encoder } from './model.ts';
import type { Pictures, Sets, Sizes } from './sets.ts';

export type RunKnobs = KnobsOf<typeof meta.controls>;
const HISTOGRAM_BINS = 20;
const LOWEST = -0.25;

interface Walk {
  stepper: Stepper;
  program: TrainProgram;
  draws: Prng;
  sets: Sets;
  batch: number;
  steps: number;
}

/** Pictures and views of step t: the same for every arm of a seed. */
export function feedsAt(draws: Prng, t: number, sets: Pick<Sets, 'pairs' | 'side'>, batch: number, strength: number) {
  const at = draws.fork(t);
  return { pick: sets.pairs(at, batch), views: drawViews(at, 2 * batch, strength, sets.side) };
}
/** Adam's first rate, best for every arm on validation pictures (README); it falls to zero along half a cosine. */
const RATE = 3e-3;
export const rateAt = (t: number, steps: number): number => cosine(RATE, steps)(t);

/** Trains `count` of `steps` steps unless the run is stopped. */
export async function advance(
  ctx: LabContext<RunKnobs>,
  { stepper, program, draws, sets, batch, steps }: Walk,
  count: number,
): Promise<void> {
  for (let i = 0; i < count && !ctx.signal.aborted; i++) {
    const t = stepper.steps + 1;
    await stepper.step({
      ...feedsAt(draws, t, sets, batch, ctx.knobs.strength),
      ...program.rates(t, rateAt(t, steps)),
    });
  }
}

export interface TrialParts {
  arms: readonly ArmSpec[];
  seed: number;
  encoder: Encoder;
  batch: number;
  steps: number;
  sets: Sets;
  sizes: Sizes;
  /** All arms of the run, in the order of the page. */
  shown: readonly ArmInfo[];
  /** Histograms of the newest evaluation, by arm; shared by all trials of the first seed. */
  pairs: Record<string, number[]>;
}

export async function openTrial(ctx: LabContext<RunKnobs>, parts: TrialParts): Promise<Trial> {
  const { arms, seed, encoder, batch, steps, sets, sizes, shown, pairs } = parts;
  const { engine, knobs } = ctx;
  const S = arms.length;
  const isFirst = seed === ctx.seeds[0];
  const { program, params } = trainStep({
    arms,
    encoder,
    shape: sets,
    batch,
    rows: sets.train.rows,
    alpha: knobs.alpha,
    residency: engine.residency,
  });
  // every arm starts from the same weights
  const init = arms.map(() => ctx.prng(seed, 'init'));
  const stepper = await engine.stepper(program, program.zeroState(params.init(...init), params.initBuffers(...init)), {
    train: sets.train.values,
  });
  const open = (set: Pictures) => Embedder.open(engine, { stack: S, encoder, shape: sets, chunk: sizes.chunk }, set);
  const draws = ctx.prng(seed, 'batches');
  const embedders = {
    train: await open(sets.train),
    validation: await open(sets.validation),
    test: await open(sets.test),
  };
  return {
    cells: arms.map((a) => ({ arm: a.id, seed })),
    advance: (count) => advance(ctx, { stepper, program, draws, sets, batch, steps }, count),
    async evaluate() {
      const weights = await weightsOf(stepper);
      const last = stepper.steps > 0 ? await stepper.metrics() : null;
      const spread = Math.min(sizes.spread, sets.test.rows);
      const train = await embedders.train.run(weights, sizes.probe);
      const validation = await embedders.validation.run(weights, sets.validation.rows);
      const test = await embedders.test.run(weights, sets.test.rows);
      if (isFirst) {
        const draw = (random: Prng, n: number) => drawViews(random, n, knobs.strength, sets.side);
        const shifted = await embedders.test.run(weights, spread, { draw, random: ctx.prng(0, 'positives') });
        arms.forEach((arm, s) => {
          pairs[arm.id] = histogram(rowDots(test[s].z, shifted[s].z, spread, encoder.z), HISTOGRAM_BINS, LOWEST, 1).map(
            (n) => n / spread,
          );
        });
      }
      return arms.map((_, s) => ({
        ...measure({ train: train[s], validation: validation[s], test: test[s] }, sets, sizes.probe, spread, encoder.z),
        ...(last && { loss: last[s], entropy: last[S + s], positive: last[2 * S + s] }),
      }));
    },
    async draw() {
      if (isFirst) ctx.picture('positives', histogramPicture(pairs, shown));
    },
    save: () => stepper.save(),
    load: (saved) => stepper.load(saved),
    dispose: () => disposeAll([stepper, ...Object.values(embedders)]),
  };
}

function measure(
  { train, validation, test }: Record<'train' | 'validation' | 'test', Embedding>,
  sets: Sets,
  rows: number,
  spread: number,
  D: number,
): Record<string, number> {
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
    probe: probe.accuracy,
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
function histogramPicture(pairs: Record<string, number[]>, arms: readonly ArmInfo[]) {
  const shown = arms.filter((a) => pairs[a.id]);
  const bins = Array.from({ length: HISTOGRAM_BINS }, (_, i) => LOWEST + ((1 - LOWEST) * (i + 0.5)) / HISTOGRAM_BINS);
  return {
    rows: shown.length,
    cols: HISTOGRAM_BINS,
    values: shown.flatMap((a) => pairs[a.id]),
    digits: 2,
    rowLabels: shown.map((a) => a.label),
    colLabels: bins.map((b) => b.toFixed(2).replace('-', '−')),
    xLabel: 'cosine of the two views',
    min: 0,
  };
}
export async function disposeAll(items: readonly { dispose(): Promise<void> }[]): Promise<void> {
  for (const item of items) await item.dispose();
}
