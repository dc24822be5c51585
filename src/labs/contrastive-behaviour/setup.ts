// What a run is made of: its length, its pictures, and the feeds that training and measuring take from them.
import { drawViews, VIEW_NUMBERS } from '../../data/augment.ts';
import type { Prng } from '../../util/prng.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { budget } from '../_kit/train/budget.ts';
import type { meta } from './meta.ts';
import type { Encoder } from './model.ts';
import type { Pictures, Sets, Sizes } from './sets.ts';

export type Knobs = KnobsOf<typeof meta.controls>;

/** Adam's first rate, best for every arm on validation pictures (README); it falls to zero along half a cosine. */
export const RATE = 3e-3;

/** Steps that the claims are about. */
export const FULL_STEPS = 1600;

interface Length {
  steps: number;
  batch: number;
  evaluations: number;
  sizes: Sizes;
}
/** What the knobs `budget` and `batch` stand for. */
export const lengthOf = (ctx: Pick<LabContext<Knobs>, 'knobs' | 'engine'>): Length => {
  const { batch } = ctx.knobs;
  return budget<Length>(ctx, {
    full: {
      steps: FULL_STEPS,
      batch,
      evaluations: 6,
      sizes: { probe: 2000, validation: 1000, test: 5000, spread: 1000, globe: 300, chunk: 250 },
    },
    short: {
      steps: 100,
      batch: Math.max(32, batch / 2),
      evaluations: 4,
      sizes: { probe: 1000, validation: 500, test: 500, spread: 500, globe: 300, chunk: 250 },
    },
    glimpse: {
      steps: 6,
      batch: Math.max(8, batch / 16),
      evaluations: 1,
      sizes: { probe: 200, validation: 100, test: 100, spread: 100, globe: 100, chunk: 100 },
    },
  });
};

/** What a run is made of. */
export interface Setup extends Length {
  knobs: Knobs;
  encoder: Encoder;
  sets: Sets;
}

/** Pictures and views of a step: the same for every arm of a seed. */
export const feedsOf =
  (draws: Prng, { sets, knobs }: Setup, batch: number) =>
  (t: number) => {
    const at = draws.fork(t);
    return { pick: sets.pairs(at, batch), views: drawViews(at, 2 * batch, knobs.strength, sets.side) };
  };
/** Scales 1, shifts 0, brightness 1, and a cut-out that is nowhere. */
const STILL = [1, 1, 0, 0, 1, 0, 0, -1];
const untouched = (count: number): Float32Array =>
  Float32Array.from({ length: count * VIEW_NUMBERS }, (_, i) => STILL[i % VIEW_NUMBERS]);

/** The first `rows` pictures, untouched. */
export const readSet = ({ values }: Pick<Pictures, 'values'>, rows: number) => ({
  rows,
  sources: { images: values },
  feeds: (_from: number, count: number) => ({ views: untouched(count) }),
});
