// Drives the lab: one trial per arm on the CPU, all arms of a seed stacked in one graph on a GPU, and the globe beside them.
import { prng } from '../../util/prng.ts';
import type { TrainingGraph, Experiment, LabContext, LabModule } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { ArmInfo } from '../_kit/contract/meta.ts';
import { checkClaims, SWEEP, sweepId } from './claims.ts';
import { openGlobe } from './globe-trial.ts';
import { meta } from './meta.ts';
import { LAB_ENCODER, trainStep, type ArmSpec, type Encoder } from './model.ts';
import { loadEmojiSets, loadFashion, type Sizes } from './sets.ts';
import { feedsAt, openTrial, rateAt, type RunKnobs } from './trial.ts';

interface Budget {
  steps: number;
  batch: number;
  evaluations: number;
  sizes: Sizes;
}

/** Steps that the claims are about. */
const FULL_STEPS = 1600;

/** What a run may cost; `auto` is short only on WebAssembly, where one thread does the work. */
export function budgetOf({ budget, batch }: RunKnobs, isWasm: boolean): Budget {
  if (budget === 'glimpse')
    return {
      steps: 6,
      batch: Math.max(8, batch / 16),
      evaluations: 1,
      sizes: { probe: 200, validation: 100, test: 100, spread: 100, globe: 100, chunk: 100 },
    };
  const isShort = budget === 'short' || (budget === 'auto' && isWasm);
  return isShort
    ? {
        steps: 100,
        batch: Math.max(32, batch / 2),
        evaluations: 4,
        sizes: { probe: 1000, validation: 500, test: 500, spread: 500, globe: 300, chunk: 250 },
      }
    : {
        steps: FULL_STEPS,
        batch,
        evaluations: 6,
        sizes: { probe: 2000, validation: 1000, test: 2000, spread: 1000, globe: 300, chunk: 250 },
      };
}

export function armSpecs({ tau, hardTau }: Pick<RunKnobs, 'tau' | 'hardTau'>): ArmSpec[] {
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
  const extra = specs
    .filter((s) => !meta.arms.some((a) => a.id === s.id))
    .map((s): ArmInfo => ({ id: s.id, label: s.label, role: 'method', x: s.tau }));
  return [...meta.arms, ...extra];
}

async function experiment(ctx: LabContext<RunKnobs>): Promise<Experiment> {
  const isEmoji = ctx.knobs.data === 'emoji';
  const specs = armSpecs(ctx.knobs);
  const shown = armInfos(specs);
  const { steps, batch, evaluations, sizes } = budgetOf(ctx.knobs, ctx.engine.backend === 'wasm');
  const encoder: Encoder = { ...LAB_ENCODER, z: Number(ctx.knobs.z) };
  ctx.status(isEmoji ? 'loading the emoji set' : 'loading Fashion-MNIST');
  const sets = await (isEmoji ? loadEmojiSets : loadFashion)(ctx.data, sizes);
  // one graph for all arms where dispatches cost; one per arm where arithmetic does, so that the curves race
  const groups = ctx.engine.residency === 'device' ? [specs] : specs.map((s) => [s]);
  const pairs: Record<string, number[]> = {};
  const trials = ctx.seeds.flatMap((seed) =>
    groups.map((arms) => () => openTrial(ctx, { arms, seed, encoder, batch, steps, sets, sizes, shown, pairs })),
  );
  trials.push(() =>
    openGlobe(ctx, { arms: specs.filter((s) => s.kind === 'contrastive'), sets, batch, steps, chunk: sizes.chunk }),
  );
  return {
    arms: shown,
    steps,
    evalEvery: Math.ceil(steps / evaluations),
    trials,
    claims: checkClaims,
    shortfall: shortfallOf(meta, ctx.knobs, {
      steps: { now: steps, full: FULL_STEPS },
      atDefault: ['data', 'alpha', 'batch', 'strength', 'z'],
    }),
  };
}

/** A tiny graph with every kind of loss, for the contract test. */
function sample(name: string, channels: number): TrainingGraph {
  const encoder: Encoder = { channels: [4, 6, 8], hidden: 8, z: 4 };
  const batch = 4;
  const rows = 6;
  const side = 28;
  const shape = { side, channels, mean: 0.5, deviation: 0.35 };
  const arms = armSpecs({ tau: 0.3, hardTau: 1 });
  return {
    name,
    build(residency) {
      const { program, params } = trainStep({ arms, encoder, shape, batch, rows, alpha: 0.5, residency });
      const init = arms.map(() => prng(1, 'init'));
      return { program, init: program.zeroState(params.init(...init), params.initBuffers(...init)) };
    },
    sources: { train: stripes(rows, channels, side) },
    feeds: (random, program) => ({
      ...feedsAt(
        random,
        1,
        {
          side,
          pairs: (at, n) => {
            const pick = at.sample(rows, n);
            return Int32Array.from({ length: 2 * n }, (_, i) => pick[i % n]);
          },
        },
        batch,
        1,
      ),
      ...program.rates(1, rateAt(1, 100)),
    }),
  };
}
/** Stripes of their own in every image: embeddings that coincide would leave the choice of hard negatives to rounding. */
const stripes = (rows: number, channels: number, side: number): Float32Array =>
  Float32Array.from({ length: rows * channels * side * side }, (_, i) => {
    const plane = Math.floor(i / side ** 2);
    const image = Math.floor(plane / channels);
    const y = Math.floor(i / side) % side;
    const x = i % side;
    return 0.5 + 0.5 * Math.sin(0.3 * (x * image + y * (rows - image)) + image + (plane % channels));
  });

export const lab: LabModule<RunKnobs> = {
  experiment,
  trainingGraphs: () => [sample('all arms stacked', 1), sample('all arms stacked, in colour', 3)],
};
