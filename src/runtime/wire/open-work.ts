// A lab's work as the kit drives it: its experiment, or its own loop, once for all seeds or once for each.
import type { LabContext, LabModule } from '../../labs/_kit/contract/lab.ts';
import type { RunJob } from '../../labs/_kit/run/job.ts';
import { unitsOf, type Share } from '../../labs/_kit/run/share.ts';
import { EngineError } from './errors.ts';

/** For a share of a lab with loops of its own, arms and claims come from the first loop of that share. */
export async function openWork(
  lab: LabModule,
  ctx: LabContext,
  share: Share = { index: 0, of: 1 },
): Promise<RunJob['work']> {
  if (lab.experiment) return lab.experiment(ctx);
  const { custom } = lab;
  if (!custom) throw new EngineError('internal', 'lab: expected an experiment or a loop of its own; got neither');
  const isApart = lab.seedsApart && ctx.engine.residency === 'host';
  const contexts = isApart ? ctx.seeds.map((seed, i) => ({ ...ctx, seeds: [seed], ...(i > 0 ? UNSEEN : {}) })) : [ctx];
  const [at = 0] = unitsOf(share, contexts.length);
  const first = await custom(contexts[at]);
  return {
    arms: first.arms,
    claims: first.claims,
    shortfall: first.shortfall,
    loops: contexts.map((own, i) => async () => (i === at ? first : custom(own))),
  };
}
/** Pictures come from the first seed. */
const UNSEEN = { picture: () => undefined, part: () => undefined, isUnseen: true };

/** Units of the whole run. */
export const countOf = (work: RunJob['work']): number => ('trials' in work ? work.trials : work.loops).length;
