// Opens the lab: kernel machines of infinitely wide networks, seed by seed; nothing is trained.
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import { checkClaims } from './claims.ts';
import { tasksOf } from './measure.ts';
import { meta } from './meta.ts';
import { octantCells, regionsOf } from './octant-map.ts';
import { activationOf, armNetworks, type Knobs, type Network } from './rules.ts';

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  const { knobs, seeds } = ctx;
  const yours: Network = { activation: activationOf(knobs), depth: knobs.depth };
  const label = `yours: ${yours.activation.name}, depth ${knobs.depth.toLocaleString('en')}`;
  const perSeed = tasksOf(0, knobs, yours, () => {}).length;

  async function* loop(sink: Parameters<CustomRun['loop']>[0]): AsyncGenerator<{ done: number }> {
    let done = 0;
    ctx.picture('octant', drawOctant(seeds[0], knobs.noise));
    for (const seed of seeds) {
      ctx.status(`kernels of seed ${seed}`);
      const tasks = tasksOf(seed, knobs, yours, (arm, metric, step, value) =>
        sink.point(arm, seed, metric, step, value),
      );
      for (const task of tasks) {
        task();
        yield { done: ++done };
      }
    }
  }
  return {
    arms: meta.arms.map((arm) => (arm.id === 'yours' ? { ...arm, label } : arm)),
    total: perSeed * seeds.length,
    loop,
    claims: checkClaims,
    shortfall: shortfallOf(meta, knobs, { atDefault: ['n', 'd', 'noise'] }),
  };
}

/** The gallery's picture: regions of the activation with power 2 at depth 100,000, on 400 points. */
function drawOctant(seed: number, noise: number) {
  return regionsOf(octantCells(32), armNetworks(2).optimal, { seed, n: 400, noise });
}

export const lab: LabModule<Knobs> = { custom, trainingGraphs: () => [] };
