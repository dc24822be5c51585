// The globe's own training: the sweep's temperatures with z in three dimensions, on the first seed. It has no cells.
import type { LabContext, Trial } from '../_kit/contract/lab.ts';
import { Embedder, weightsOf } from './embedder.ts';
import { GLOBE_ENCODER, trainStep, type ArmSpec } from './model.ts';
import type { Sets } from './sets.ts';
import { advance, disposeAll, type RunKnobs } from './trial.ts';

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

export interface GlobeParts {
  arms: readonly ArmSpec[];
  sets: Sets;
  batch: number;
  steps: number;
  chunk: number;
}

export async function openGlobe(
  ctx: LabContext<RunKnobs>,
  { arms, sets, batch, steps, chunk }: GlobeParts,
): Promise<Trial> {
  const { engine, knobs } = ctx;
  const seed = ctx.seeds[0];
  const { globe } = sets;
  const size = Math.min(BATCH, batch);
  const { program, params } = trainStep({
    arms,
    encoder: GLOBE_ENCODER,
    shape: sets,
    batch: size,
    rows: sets.train.rows,
    alpha: knobs.alpha,
    residency: engine.residency,
  });
  const init = arms.map(() => ctx.prng(seed, 'globe-init'));
  const stepper = await engine.stepper(program, program.zeroState(params.init(...init), params.initBuffers(...init)), {
    train: sets.train.values,
  });
  const embedder = await Embedder.open(
    engine,
    { stack: arms.length, encoder: GLOBE_ENCODER, shape: sets, chunk },
    globe,
  );
  const draws = ctx.prng(seed, 'globe');
  const still = {
    taus: arms.map((a) => a.tau),
    points: globe.rows,
    labels: globe.labels,
    thumbs: base64(globe.thumbs),
    thumbSide: globe.thumbSide,
    ...(globe.classes && { classes: globe.classes }),
  };
  return {
    cells: [],
    advance: (count) => advance(ctx, { stepper, program, draws, sets, batch: size, steps }, count),
    evaluate: async () => [],
    async draw(step) {
      const z = await embedder.run(await weightsOf(stepper), globe.rows);
      ctx.picture('globe', {
        step,
        ...still,
        positions: z.map((o) => Array.from(o.z, (v) => Math.round(v * 1000) / 1000)),
      } satisfies GlobePicture);
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
