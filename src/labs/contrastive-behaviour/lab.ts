// Drives the lab: one trial per arm on the CPU, all arms of a seed stacked in one graph on a GPU, and the globe beside them.
import { drawViews } from '../../data/augment.ts';
import { ridgeProbe } from '../../util/ridge-probe.ts';
import type { DataSplit } from '../../data/types.ts';
import { prng, type Prng } from '../../util/prng.ts';
import type { ArmInfo, ContractSample, Experiment, KnobsOf, LabContext, LabModule, Runner, Trial } from '../_kit/contract.ts';
import { checkClaims, SWEEP, sweepId } from './claims.ts';
import { histogram, meanCosine, tolerance, uniformity } from './measures.ts';
import { meta } from './meta.ts';
import { embedStep, GLOBE_ENCODER, LAB_ENCODER, SIDE, trainStep, type ArmSpec, type Encoder } from './model.ts';

type Knobs = KnobsOf<typeof meta.controls>;
type Context = LabContext<Knobs>;

const RATE = 1e-3, UNLABELLED = 6000, PROBE_TRAIN = 2000, PROBE_VALIDATION = 1000, TEST = 2000, SPREAD = 1000, CHUNK = 500, CLASSES = 10;
const GLOBE = { points: 300, batch: 128, thumb: 14 }, HISTOGRAM_BINS = 20;

/** Steps and batch of a run; `auto` is short only on WebAssembly, where one thread does the work. */
export function budgetOf({ budget, batch }: Knobs, isWasm: boolean): { steps: number; batch: number } {
  const full = budget === 'full' || (budget === 'auto' && !isWasm);
  return full ? { steps: 400, batch } : { steps: 120, batch: Math.max(32, batch / 2) };
}

export function armSpecs({ tau, hardTau }: Knobs): ArmSpec[] {
  const taus = SWEEP.includes(tau) ? SWEEP : [...SWEEP, tau];
  return [
    ...taus.map((t): ArmSpec => ({ id: sweepId(t), label: `τ = ${t}`, kind: 'contrastive', tau: t })),
    { id: 'hard-contrastive', label: 'hard contrastive', kind: 'hard-contrastive', tau: hardTau },
    { id: 'simple', label: 'simple', kind: 'simple', tau: 1 },
    { id: 'hard-simple', label: 'hard simple', kind: 'hard-simple', tau: 1 },
  ];
}
/** In the order of the page: colours follow it. */
function armInfos(specs: readonly ArmSpec[]): ArmInfo[] {
  const extra = specs.filter((s) => !meta.arms.some((a) => a.id === s.id)).map((s): ArmInfo => ({ id: s.id, label: s.label, role: 'method', x: s.tau }));
  return [...meta.arms, ...extra];
}

interface Sets { train: DataSplit; validation: DataSplit; test: DataSplit }

async function experiment(ctx: Context): Promise<Experiment> {
  ctx.status('loading Fashion-MNIST');
  const [train, validation, test] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: UNLABELLED }), ctx.data.split('fashion', 'validation', { rows: PROBE_VALIDATION }), ctx.data.split('fashion', 'test', { rows: TEST }),
  ]);
  const sets = { train, validation, test }, specs = armSpecs(ctx.knobs), onGpu = ctx.engine.residency === 'device';
  const { steps, batch } = budgetOf(ctx.knobs, ctx.engine.backend === 'wasm'), encoder: Encoder = { ...LAB_ENCODER, z: Number(ctx.knobs.z) };
  // one graph for all arms where dispatches cost; one per arm where arithmetic does, so that the curves race
  const groups = onGpu ? [specs] : specs.map((s) => [s]);
  const pairs: Record<string, number[]> = {};
  const trials = ctx.seeds.flatMap((seed) => groups.map((arms) => () => openTrial(ctx, { arms, seed, encoder, batch, sets, pairs })));
  trials.push(() => openGlobe(ctx, specs.filter((s) => s.kind === 'contrastive'), sets));
  return { arms: armInfos(specs), steps, evalEvery: Math.ceil(steps / 6), trials, claims: checkClaims };
}

/** Draws the batch and its views of step t: the same for every arm of a seed. */
function feedsAt(random: Prng, t: number, rows: number, batch: number, strength: number) {
  const at = random.fork(t);
  return { pick: at.sample(rows, batch), views: drawViews(at, 2 * batch, strength) };
}

/** Embeds rows of one set with all stacked models, in chunks of equal size. */
class Embedder {
  private readonly runner: Runner;
  private readonly width: { h: number; z: number };
  private readonly stack: number;
  private constructor(runner: Runner, stack: number, encoder: Encoder) {
    this.runner = runner;
    this.stack = stack;
    this.width = { h: encoder.channels[encoder.channels.length - 1], z: encoder.z };
  }
  static async open(ctx: Context, stack: number, encoder: Encoder, set: DataSplit): Promise<Embedder> {
    const program = embedStep({ stack, encoder, batch: CHUNK, rows: set.rows, residency: ctx.engine.residency });
    return new Embedder(await ctx.engine.runner(program, { images: set.values }), stack, encoder);
  }
  /** @returns per stacked model: h [rows, H] and z [rows, Z] */
  async run(theta: Float32Array, rows: number, views: (from: number) => Float32Array = () => drawViews(NO_PRNG, CHUNK, 0)) {
    const out = Array.from({ length: this.stack }, () => ({ h: new Float32Array(rows * this.width.h), z: new Float32Array(rows * this.width.z) }));
    for (let from = 0; from < rows; from += CHUNK) {
      const n = Math.min(CHUNK, rows - from), pick = Int32Array.from({ length: CHUNK }, (_, i) => Math.min(from + i, rows - 1));
      const result = await this.runner.run({ theta, pick, views: views(from) });
      out.forEach((o, s) => { for (const key of ['h', 'z'] as const) {
        const w = this.width[key], at = s * CHUNK * w;
        o[key].set(result[key].subarray(at, at + n * w) as Float32Array, from * w);
      } });
    }
    return out;
  }
  dispose(): Promise<void> { return this.runner.dispose(); }
}

interface TrialParts { arms: readonly ArmSpec[]; seed: number; encoder: Encoder; batch: number; sets: Sets; /** Positive similarities of the newest evaluation, by arm; shared by all trials. */ pairs: Record<string, number[]> }

async function openTrial(ctx: Context, { arms, seed, encoder, batch, sets, pairs }: TrialParts): Promise<Trial> {
  const { engine, knobs } = ctx, S = arms.length;
  const { program, params } = trainStep({ arms, encoder, batch, rows: UNLABELLED, alpha: knobs.alpha, residency: engine.residency });
  // every arm starts from the same weights
  const theta = params.init(...arms.map(() => ctx.prng(seed, 'init')));
  const stepper = await engine.stepper(program, program.zeroState(theta), { train: sets.train.values });
  const embedders = { train: await Embedder.open(ctx, S, encoder, sets.train), validation: await Embedder.open(ctx, S, encoder, sets.validation), test: await Embedder.open(ctx, S, encoder, sets.test) };
  const draws = ctx.prng(seed, 'batches');
  return {
    cells: arms.map((a) => ({ arm: a.id, seed })),
    async advance(count) {
      for (let i = 0; i < count; i++) {
        if (ctx.signal.aborted) return;
        const t = stepper.steps + 1;
        await stepper.step({ ...feedsAt(draws, t, UNLABELLED, batch, knobs.strength), ...program.rates(t, RATE) });
      }
    },
    async evaluate() {
      const now = await stepper.read('theta'), last = stepper.steps > 0 ? await stepper.metrics() : null;
      const train = await embedders.train.run(now, PROBE_TRAIN), validation = await embedders.validation.run(now, PROBE_VALIDATION), test = await embedders.test.run(now, TEST);
      const shifted = await embedders.test.run(now, SPREAD, (from) => drawViews(ctx.prng(0, 'positives', from), CHUNK, knobs.strength));
      return arms.map((arm, s) => {
        const D = encoder.z, z = test[s].z, H = encoder.channels[encoder.channels.length - 1];
        if (seed === ctx.seeds[0]) pairs[arm.id] = histogram(rowDots(z, shifted[s].z, SPREAD, D), HISTOGRAM_BINS, -0.25, 1);
        const probe = ridgeProbe({ values: train[s].h, labels: sets.train.labels.subarray(0, PROBE_TRAIN) }, { values: validation[s].h, labels: sets.validation.labels }, { values: test[s].h, labels: sets.test.labels }, H, CLASSES);
        const values: Record<string, number> = {
          probe: probe.accuracy, uniformity: -uniformity(z, SPREAD, D), tolerance: tolerance(z, sets.test.labels, SPREAD, D), collapse: meanCosine(z, SPREAD, D),
        };
        if (last) { values.loss = last[s]; values.entropy = last[S + s]; values.positive = last[2 * S + s]; }
        return values;
      });
    },
    async draw() {
      if (seed === ctx.seeds[0]) ctx.picture('positives', histogramPicture(pairs, armInfos(armSpecs(knobs))));
    },
    save: () => stepper.save(),
    load: (saved) => stepper.load(saved),
    dispose: () => disposeAll([stepper, ...Object.values(embedders)]),
  };
}

/** Strength 0 draws nothing that depends on the generator but its place: any will do. */
const NO_PRNG = { next: () => 0.5 } as Prng;

function rowDots(a: Float32Array, b: Float32Array, rows: number, D: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => { let s = 0; for (let d = 0; d < D; d++) s += a[i * D + d] * b[i * D + d]; return s; });
}
function histogramPicture(pairs: Record<string, number[]>, arms: readonly ArmInfo[]) {
  const shown = arms.filter((a) => pairs[a.id]), bins = Array.from({ length: HISTOGRAM_BINS }, (_, i) => -0.25 + (1.25 * (i + 0.5)) / HISTOGRAM_BINS);
  return {
    rows: shown.length, cols: HISTOGRAM_BINS, values: shown.flatMap((a) => pairs[a.id].map((n) => n / SPREAD)), digits: 2,
    rowLabels: shown.map((a) => a.label), colLabels: bins.map((b) => b.toFixed(2)), xLabel: 'cosine of the two views', min: 0,
  };
}
async function disposeAll(items: readonly { dispose(): Promise<void> }[]): Promise<void> { for (const item of items) await item.dispose(); }

/** What the globe's view draws. Positions: one Float32Array or number list [points * 3] per temperature. */
export interface GlobePicture { step: number; taus: number[]; points: number; positions: ArrayLike<number>[]; labels: ArrayLike<number>; /** Bytes [points, 14, 14], base64. */ thumbs: string; thumbSide: number }

/** The globe: the sweep's temperatures with z in three dimensions, a small network, the first seed. It has no cells. */
async function openGlobe(ctx: Context, arms: readonly ArmSpec[], sets: Sets): Promise<Trial> {
  const { engine, knobs } = ctx, seed = ctx.seeds[0], { batch, points, thumb } = GLOBE;
  const { program, params } = trainStep({ arms, encoder: GLOBE_ENCODER, batch, rows: UNLABELLED, alpha: knobs.alpha, residency: engine.residency });
  const stepper = await engine.stepper(program, program.zeroState(params.init(...arms.map(() => ctx.prng(seed, 'globe-init')))), { train: sets.train.values });
  const embedder = await Embedder.open(ctx, arms.length, GLOBE_ENCODER, sets.test), draws = ctx.prng(seed, 'globe');
  const thumbs = await ctx.data.split('fashion', 'test', { rows: points, size: thumb });
  const still = { taus: arms.map((a) => a.tau), points, labels: Array.from(thumbs.labels), thumbs: base64(Uint8Array.from(thumbs.values, (v) => Math.round(v * 255))), thumbSide: thumb };
  return {
    cells: [],
    async advance(count) {
      for (let i = 0; i < count; i++) {
        if (ctx.signal.aborted) return;
        const t = stepper.steps + 1;
        await stepper.step({ ...feedsAt(draws, t, UNLABELLED, batch, knobs.strength), ...program.rates(t, RATE) });
      }
    },
    evaluate: async () => [],
    async draw(step) {
      const z = await embedder.run(await stepper.read('theta'), points);
      ctx.picture('globe', { step, ...still, positions: z.map((o) => Array.from(o.z, (v) => Math.round(v * 1000) / 1000)) } satisfies GlobePicture);
    },
    save: () => stepper.save(),
    load: (saved) => stepper.load(saved),
    dispose: () => disposeAll([stepper, embedder]),
  };
}

/** btoa takes a binary string; chunks keep the argument list short. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** A tiny graph with every kind of loss, for the contract test. */
function samples(): ContractSample[] {
  const encoder: Encoder = { channels: [4, 6, 8], hidden: 8, z: 4 }, batch = 4, rows = 6, arms = armSpecs({ tau: 0.3, hardTau: 1 } as Knobs);
  return [{
    name: 'all arms stacked',
    build(residency) {
      const { program, params } = trainStep({ arms, encoder, batch, rows, alpha: 0.5, residency });
      return { program, init: program.zeroState(params.init(...arms.map(() => prng(1, 'init')))) };
    },
    // stripes of their own in every image: embeddings that coincide would leave the choice of hard negatives to rounding
    sources: { train: Float32Array.from({ length: rows * SIDE * SIDE }, (_, i) => { const image = Math.floor(i / SIDE ** 2), y = Math.floor(i / SIDE) % SIDE, x = i % SIDE; return 0.5 + 0.5 * Math.sin(0.3 * (x * image + y * (rows - image)) + image); }) },
    feeds: (random, program) => ({ ...feedsAt(random, 1, rows, batch, 1), ...program.rates(1, RATE) }),
  }];
}

export const lab: LabModule<Knobs> = { experiment, samples };
