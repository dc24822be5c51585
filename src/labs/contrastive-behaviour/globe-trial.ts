// The globe's own training: the sweep's temperatures with z in three dimensions, on the first seed. It has no cells.
import { cosine } from '../../optim/schedules.ts';
import { toBase64 } from '../../util/base64.ts';
import type { RunContext, Trial } from '../_kit/contract/lab.ts';
import { armsStep } from '../_kit/train/arms-trial.ts';
import type { Arm, ArmsGraph } from '../_kit/train/model-graph.ts';
import { openReadout } from '../_kit/train/readout.ts';
import { openTrainer } from '../_kit/train/trainer.ts';
import { contrastiveStep, embed, GLOBE_ENCODER, type Kind } from './model.ts';
import { feedsOf, RATE, readSet, type Setup } from './setup.ts';

/** What the globe's view draws. Positions: one Float32Array or number list [points * 3] per temperature. */
export interface GlobePicture {
  step: number;
  taus: number[];
  points: number;
  positions: ArrayLike<number>[];
  labels: ArrayLike<number>;
  /** Bytes [points, side, side], base64. */
  thumbs: string;
  thumbSide: number;
  /** Names of the classes; absent: the ten of Fashion-MNIST. */
  classes?: string[];
}
const BATCH = 128;

export async function openGlobe(ctx: RunContext, setup: Setup, all: readonly Arm<Kind>[]): Promise<Trial> {
  const { sets, steps, knobs, sizes } = setup;
  const { globe } = sets;
  const arms = all.filter((a) => a.kind === 'contrastive');
  const seed = ctx.seeds[0];
  const network = { encoder: GLOBE_ENCODER, shape: sets };
  const train = {
    batch: Math.min(BATCH, setup.batch),
    sources: { train: sets.train.values },
    step: (graph: ArmsGraph<Kind>) => contrastiveStep(graph, { ...network, alpha: knobs.alpha }),
  };
  const { numbers, ...step } = armsStep(train, arms, ctx.engine.residency);
  const feeds = feedsOf(ctx.prng(seed, 'globe'), setup, train.batch);
  const rate = cosine(RATE, steps);
  const trainer = await openTrainer(ctx, {
    steps: { train: step },
    starts: arms.map(() => ctx.prng(seed, 'globe-init')),
    sources: train.sources,
    feeds: (t) => ({ ...numbers, ...feeds(t) }),
    rate,
  });
  const readout = openReadout(ctx.engine, arms.length, {
    network: (graph) => embed(graph, network),
    sets: { globe: readSet(globe, globe.rows) },
    chunk: sizes.chunk,
  });
  const still = {
    taus: arms.map((a) => a.x!),
    points: globe.rows,
    labels: globe.labels,
    thumbs: toBase64(globe.thumbs),
    thumbSide: globe.thumbSide,
    ...(globe.classes && { classes: globe.classes }),
  };
  return {
    cells: [],
    advance: (count) => trainer.advance(count),
    evaluate: async () => [],
    async draw(at) {
      const models = await readout.read(await trainer.weights(), 'globe');
      ctx.picture('globe', {
        step: at,
        ...still,
        positions: models.map(({ z }) => Array.from(z, (v) => Math.round(v * 1000) / 1000)),
      } satisfies GlobePicture);
    },
    save: () => trainer.save(),
    load: (saved) => trainer.load(saved),
    async dispose() {
      await trainer.dispose();
      await readout.dispose();
    },
  };
}
