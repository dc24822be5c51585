// Opens the lab: networks of three output scales and the linearised one, on the same data and from the same neurons, in plain numbers.
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { joinStates, splitStates } from '../_kit/run/join-states.ts';
import { logSteps } from '../../util/log-steps.ts';
import type { FramedPicture, ScatterPicture } from '../../pictures/payloads.ts';
import { ARMS, DIMENSIONS, HORIZON, POINTS_PER_DECADE } from './arms.ts';
import { checkClaims } from './claims.ts';
import { cloudOf } from './cloud.ts';
import { gramOf, kernelRegressionLoss, kernelTargetAlignment } from './kernel.ts';
import { meta } from './meta.ts';
import { drawProblem, largestRate, type Problem } from './problem.ts';
import { Training } from './training.ts';

type Knobs = KnobsOf<typeof meta.controls>;
type Sink = Parameters<CustomRun['loop']>[0];

/** Steps between two looks at the world. */
const CHUNK = 60;
/** The arm whose neurons are drawn. */
const SHOWN = 'lazy';

interface Cell {
  arm: string;
  seed: number;
  training: Training;
}

/** One draw for all arms of a seed. */
function problemsOf(ctx: LabContext<Knobs>, seed: number): (alpha: number) => Problem {
  const { epsilon, samples, width, mix, rate } = ctx.knobs;
  const setting = { D: DIMENSIONS, P: samples, N: width, alpha: 1, epsilon, mix, rate };
  const drawn = drawProblem(ctx.prng(seed, 'toy'), setting);
  return (alpha) => {
    const most = largestRate({ ...setting, alpha });
    return { ...drawn, setting: { ...setting, alpha, rate: Math.min(rate, most) } };
  };
}

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  const problems = new Map(ctx.seeds.map((seed) => [seed, problemsOf(ctx, seed)]));
  const cells: Cell[] = ctx.seeds.flatMap((seed) =>
    ARMS.map(({ id, alpha, isLinearised }) => ({
      arm: id,
      seed,
      training: new Training(problems.get(seed)!(alpha), isLinearised),
    })),
  );
  warnOfRates(ctx);
  const stops = logSteps(HORIZON, POINTS_PER_DECADE);
  let cloud: FramedPicture<ScatterPicture> = { frames: [] };

  const draw = (cell: Cell) => {
    if (cell.arm !== SHOWN || cell.seed !== ctx.seeds[0] || cell.training.hasDiverged) return;
    cloud = { frames: [...cloud.frames.filter((f) => f.step < cell.training.steps), cloudOf(cell.training)] };
    ctx.picture('cloud', cloud);
  };

  async function* loop(sink: Sink): AsyncGenerator<{ done: number }> {
    ctx.status('training');
    const done = () => ({ done: cells.reduce((sum, { training }) => sum + training.steps, 0) });
    if (done().done === 0)
      for (const cell of cells) {
        reportCurves(cell, sink);
        draw(cell);
      }
    for (const stop of stops)
      for (const cell of cells) {
        const { training } = cell;
        if (training.steps >= stop) continue;
        while (training.steps < stop) {
          training.advance(Math.min(CHUNK, stop - training.steps));
          // the stop itself counts once it is reported
          if (training.steps < stop) yield done();
        }
        reportCurves(cell, sink);
        if (stop === HORIZON) reportEnd(cell, sink);
        draw(cell);
        yield done();
      }
    for (const seed of ctx.seeds) reportKernel(problems.get(seed)!(1), seed, sink);
  }

  return {
    arms: meta.arms,
    total: cells.length * HORIZON,
    loop,
    save: async () => joinStates(cells.map(({ training }) => training.save())),
    load: async (saved) => splitStates(saved, cells.length).forEach((state, i) => cells[i].training.load(state)),
    claims: checkClaims,
    shortfall: shortfallOf(meta, ctx.knobs, { atDefault: ['epsilon', 'samples', 'width', 'mix', 'rate'] }),
  };
}

function warnOfRates({ knobs, notice }: LabContext<Knobs>): void {
  const { samples, epsilon, rate } = knobs;
  const capped = ARMS.filter(({ alpha }) => largestRate({ D: DIMENSIONS, P: samples, alpha, epsilon }) < rate);
  if (capped.length)
    notice(`The learning rate is lowered to stay stable for: ${capped.map(({ label }) => label).join(', ')}.`);
}

function reportCurves({ arm, seed, training }: Cell, sink: Sink): void {
  // a logarithmic axis has no zero: the start stands at half a step
  const at = Math.max(0.5, training.steps);
  sink.point(arm, seed, 'train', at, training.train);
  sink.point(arm, seed, 'test', at, training.test);
  sink.point(arm, seed, 'alignment', at, training.network.alignment);
}

/** Times and what stood at the end. A network that never generalised counts as generalising at the last step. */
function reportEnd({ arm, seed, training }: Cell, sink: Sink): void {
  const { fit, generalise, network } = training;
  const isOpen = Number.isNaN(generalise);
  const { variance, y } = network.problem;
  const rich = training.hasDiverged ? NaN : training.rich;
  const values: Record<string, number> = {
    fit,
    generalise: training.hasDiverged ? NaN : isOpen ? HORIZON : generalise,
    unfinished: isOpen ? 1 : 0,
    rich,
    riseAtFit: training.riseAt(fit),
    growth: training.normAtGeneralise / training.normAtFit,
    linear: network.testLoss.linear / variance,
    trace: network.testLoss.trace / variance,
    misalignment: network.testLoss.misalignment / variance,
    kernel: kernelTargetAlignment(gramOf(network), y),
  };
  values.delay = values.generalise / fit;
  values.late = rich / fit;
  for (const [metric, value] of Object.entries(values)) sink.point(arm, seed, metric, HORIZON, value);
}

/** A level that no training reaches: it is drawn from end to end. */
function reportKernel(problem: Problem, seed: number, sink: Sink): void {
  const share = kernelRegressionLoss(problem) / problem.variance;
  for (const step of [0.5, HORIZON]) sink.point('kernel', seed, 'test', step, share);
}

export const lab: LabModule<Knobs> = { custom, seedsApart: true, trainingGraphs: () => [] };
