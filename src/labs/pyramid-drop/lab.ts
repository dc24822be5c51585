// Opens the lab: examines the two shipped models under all arms, or trains one with and without drops; answers questions on demand.
import { packedBatch } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import { loadSprites, type Sprites } from '../../data/scenes/sprites.ts';
import type { Scene } from '../../data/scenes/scene.ts';
import { prng } from '../../util/prng.ts';
import type { TrainingGraph, CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { ask, checkAsk } from './ask.ts';
import { plansOf } from './arms.ts';
import { Course } from './course.ts';
import { exampleRgb } from './example.ts';
import { meta } from './meta.ts';
import type { VlmSpec } from './model.ts';
import { openModel } from './models.ts';
import type { Cut } from '../../own-model/schedule.ts';
import { feedsOf, pointersOf, trainGraph, type TrainOptions } from './train-graph.ts';
import { trainLive } from './train-live.ts';

type Knobs = KnobsOf<typeof meta.controls>;
type Context = LabContext<Knobs>;

async function custom(ctx: Context): Promise<CustomRun> {
  const shortfall = shortfallOf(meta, ctx.knobs, {
    atDefault: ['mode', 'stages', 'lambda', 'firstCut', 'rule', 'positions', 'look'],
  });
  if (ctx.knobs.mode === 'train') return { arms: meta.arms, ...trainLive(ctx, ctx.knobs), shortfall };
  ctx.status('loading the two models');
  await Promise.all([openModel(ctx, 'vanilla'), openModel(ctx, 'pdrop')]);
  const course = new Course(ctx, ctx.knobs, await spritesOf(ctx));
  return {
    arms: meta.arms,
    total: course.total,
    loop: (sink) => course.loop(sink),
    claims: course.claims,
    shortfall,
  };
}

/** The emoji that the knob `look` asks for; none for drawn shapes. */
async function spritesOf({ data, knobs: { look } }: Context): Promise<Sprites | undefined> {
  if (look === 'shapes') return undefined;
  if (loaded?.look !== look) loaded = { look, sprites: await loadSprites(data, look) };
  return loaded.sprites;
}
let loaded: { look: string; sprites: Sprites } | null = null;

const queries: LabModule<Knobs>['queries'] = {
  /** { rgb: 48 x 48 x 3 bytes, words: tokens } -> what every arm keeps and answers under the present knobs. */
  ask: async (ctx, payload) => {
    const { rgb, words } = checkAsk(payload);
    return ask(ctx, plansOf(ctx.knobs).plans, rgb, words);
  },
  /** A scene -> its 48 x 48 x 3 bytes under the knob `look`. */
  draw: async (ctx, scene) => exampleRgb(scene as Scene, await spritesOf(ctx)),
};

/** The training graphs at a size that float64 can check: packed questions, and single questions with drops. */
function trainingGraphs(): TrainingGraph[] {
  const tiny: VlmSpec = { grid: { size: 48, patch: 12 }, width: 8, heads: 2, hidden: 12, encoderLayers: 1, layers: 4 };
  const sample = (
    name: string,
    batch: number,
    perImage: number,
    cuts: readonly Cut[],
    rest: Pick<TrainOptions, 'pointers' | 'positions'> = {},
  ): TrainingGraph => ({
    name,
    build() {
      const { program, params } = trainGraph(tiny, { batch, perImage, cuts, ...rest });
      return { program, init: program.zeroState(params.init(prng(1, 'sample')).map((v) => 3 * v)) };
    },
    feeds(random, program) {
      const given = packedBatch(random, {
        grid: tiny.grid,
        batch,
        perImage,
        types: rest.pointers ? ['relation', 'extreme'] : QUESTION_TYPES,
      });
      return {
        ...feedsOf(given),
        ...(rest.pointers ? { ...pointersOf(given), pointing: 0.5 } : {}),
        auxiliary: 0.3,
        ...program.rates(1, 1e-3),
      };
    },
  });
  const cuts = [
    { layer: 1, keep: 9 },
    { layer: 3, keep: 5 },
  ];
  return [
    sample('packed questions', 2, 3, []),
    sample('single questions with drops', 2, 1, cuts),
    sample('single questions with drops, positions kept', 2, 1, cuts, { positions: 'original' }),
    sample('packed questions with pointers', 2, 2, [], { pointers: true }),
  ];
}

export const lab: LabModule<Knobs> = { custom, seedsApart: true, queries, trainingGraphs };
