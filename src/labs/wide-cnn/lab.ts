// Opens the lab: kernel regression with the kernels of infinitely wide networks, seed by seed; nothing is trained.
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { checkClaims } from './claims.ts';
import { STUDENTS, TEACHERS, tasksOf } from './measure.ts';
import { meta } from './meta.ts';
import { spectrumPicture } from './spectrum.ts';

type Knobs = KnobsOf<typeof meta.controls>;

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  const { knobs, seeds } = ctx;
  const { s1, ridge, noise } = knobs;
  const design = { s1, ridge, noise, depth: knobs.depth, most: Number(knobs.most) };

  async function* loop(sink: Parameters<CustomRun['loop']>[0]): AsyncGenerator<{ done: number }> {
    let done = 0;
    ctx.picture('spectrum', spectrumPicture({ kind: 'convolutional', layers: 3 }));
    for (const seed of seeds) {
      ctx.status(`targets and students of seed ${seed}`);
      const tasks = tasksOf(seed, design, (arm, metric, step, value) => sink.point(arm, seed, metric, step, value));
      for (const task of tasks) {
        task();
        yield { done: ++done };
      }
    }
  }
  return {
    arms: [...meta.arms],
    total: (TEACHERS.length + STUDENTS.length) * seeds.length,
    loop,
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, { atDefault: ['s1', 'depth', 'most', 'ridge', 'noise'] }),
  };
}

export const lab: LabModule<Knobs> = { custom, trainingGraphs: () => [] };
