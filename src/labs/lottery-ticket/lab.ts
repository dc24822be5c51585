// Opens the lab: loads the images, reads the knobs, hands the rounds to the race.
import { prng } from '../../util/prng.ts';
import type { TrainingGraph, CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { checkClaims } from './claims.ts';
import { meta } from './meta.ts';
import { trainStep, type Widths } from './model.ts';
import { SIDE } from './shape.ts';
import { Race, type Plan, type Sets } from './race.ts';

type Knobs = KnobsOf<typeof meta.controls>;
const TRAIN = 8000;
const VALIDATION = 2000;
const TEST = 4000;

export const planOf = ({ prune, rounds, steps, rewind, rate, reinit }: Knobs): Plan => ({
  prune: prune / 100,
  rounds,
  steps,
  rewind: rewind === 'random' ? 'random' : Number(rewind),
  rate,
  keepSigns: reinit === 'signs',
});

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  ctx.status('loading Fashion-MNIST');
  const [train, validation, test] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: TRAIN, size: SIDE }),
    ctx.data.split('fashion', 'validation', { rows: VALIDATION, size: SIDE }),
    ctx.data.split('fashion', 'test', { rows: TEST, size: SIDE }),
  ]);
  const race = new Race(ctx, planOf(ctx.knobs), { train, validation, test } satisfies Sets);
  return {
    arms: meta.arms,
    total: race.total,
    loop: (sink) => race.loop(sink),
    save: () => race.save(),
    load: (saved) => race.load(saved),
    claims: checkClaims,
    shortfall: shortfallOf(meta, ctx.knobs, {
      steps: { now: ctx.knobs.steps, full: meta.controls.steps.default },
      atDefault: ['prune', 'rewind', 'rate', 'reinit'],
    }),
  };
}

/** Two seeds of two arms of a small network under a random mask, for the contract test. */
function trainingGraphs(): TrainingGraph[] {
  const widths: Widths = { inputs: 6, hidden: [5, 4], classes: 3 };
  const seeds = 2;
  const arms = 2;
  const batch = 3;
  const rows = 8;
  const data = prng(2, 'sample');
  const step = (residency: 'host' | 'device') => trainStep({ seeds, arms, batch, rows, residency, widths });
  const P = step('host').params.length;
  const mask = Float32Array.from({ length: seeds * arms * P }, () => Number(data.next() < 0.7));
  return [
    {
      name: 'stacked, masked networks',
      build(residency) {
        const { program, params } = step(residency);
        return {
          program,
          init: program.zeroState(params.init(...Array.from({ length: seeds * arms }, (_, s) => prng(s, 'init')))),
        };
      },
      sources: {
        train: data.uniforms(rows * widths.inputs),
        'train-labels': Int32Array.from({ length: rows }, () => data.int(widths.classes)),
        mask,
      },
      feeds: (random, program) => ({
        pick: random.permutation(rows).slice(0, seeds * batch),
        ...program.rates(1, 1e-3),
      }),
    },
  ];
}

export const lab: LabModule<Knobs> = { custom, trainingGraphs };
