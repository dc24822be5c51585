// Opens the lab: loads the images and hands the rounds to the race.
import { prng } from '../../util/prng.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { CustomRun, LabContext, LabModule, TrainingGraph } from '../_kit/contract/lab.ts';
import { checkClaims } from './claims.ts';
import { meta } from './meta.ts';
import { trainStep, type Widths } from './model.ts';
import { Race, type Knobs } from './race.ts';
import { SIDE } from './shape.ts';

const ROWS = { train: 8000, validation: 2000, test: 4000 };

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  ctx.status('loading Fashion-MNIST');
  const split = (name: keyof typeof ROWS) => ctx.data.split('fashion', name, { rows: ROWS[name], size: SIDE });
  const [train, validation, test] = await Promise.all([split('train'), split('validation'), split('test')]);
  const race = new Race(ctx, { train, validation, test });
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
function tinyGraph(): TrainingGraph {
  const widths: Widths = { inputs: 6, hidden: [5, 4], classes: 3 };
  const sizes = { seeds: 2, arms: 2, batch: 3, rows: 8, widths };
  const data = prng(2, 'sample');
  const mask = (length: number) => Float32Array.from({ length }, () => Number(data.next() < 0.7));
  return {
    name: 'stacked, masked networks',
    build(residency) {
      const { program, params } = trainStep({ ...sizes, residency });
      return { program, init: program.zeroState(params.init(...[0, 1, 2, 3].map((s) => prng(s, 'init')))) };
    },
    sources: {
      images: data.uniforms(sizes.rows * widths.inputs),
      labels: Int32Array.from({ length: sizes.rows }, () => data.int(widths.classes)),
      mask: mask(4 * trainStep({ ...sizes, residency: 'host' }).params.length),
    },
    feeds: (random, program) => ({
      pick: random.permutation(sizes.rows).slice(0, sizes.seeds * sizes.batch),
      ...program.rates(1, 1e-3),
    }),
  };
}

export const lab: LabModule<Knobs> = { custom, trainingGraphs: () => [tinyGraph()] };
