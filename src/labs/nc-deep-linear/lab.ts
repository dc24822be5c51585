// Opens the lab: free features under linear layers, five arms a seed, in plain numbers.
import type { StepperState } from '../../engine/engine.ts';
import { bitsToDoubles, doublesToBits } from '../../util/float-bits.ts';
import { logSteps } from '../../util/log-steps.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import { joinStates, splitStates } from '../_kit/run/join-states.ts';
import type { CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { FLOOR, horizonOf, tasksOf, type ArmId } from './arms.ts';
import { checkClaims } from './claims.ts';
import { collapseOf, diagonalOf, isSimplex, shapeDistance } from './collapse.ts';
import { meta } from './meta.ts';
import { FreeFeatures } from './model.ts';
import { leastLoss, leastLossWithBias, predict } from './theory.ts';

type Knobs = KnobsOf<typeof meta.controls>;
type Sink = Parameters<CustomRun['loop']>[0];

const CHUNK = 25;
const POINTS_PER_DECADE = 9;

interface Cell {
  arm: ArmId;
  seed: number;
  model: FreeFeatures;
  /** Least of (loss - least loss) / least loss over all steps so far. */
  deepest: number;
}

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  const { first, second, third, depth, lambda, width } = ctx.knobs;
  const sizes = [first, second, third];
  const tasks = tasksOf({ sizes, depth, lambda, width });
  const horizon = horizonOf(lambda);
  const cells: Cell[] = ctx.seeds.flatMap((seed) =>
    meta.arms.map(({ id }) => ({
      arm: id as ArmId,
      seed,
      model: new FreeFeatures(tasks[id as ArmId], ctx.prng(seed, 'start')),
      deepest: Infinity,
    })),
  );
  if (width < sizes.length) ctx.notice('Fewer dimensions than classes: the closed form does not hold.');

  async function* loop(sink: Sink): AsyncGenerator<{ done: number }> {
    ctx.status('training');
    const done = () => ({ done: cells.reduce((sum, { model }) => sum + model.steps, 0) });
    if (done().done === 0) for (const cell of cells) report(cell, sink);
    for (const stop of logSteps(horizon, POINTS_PER_DECADE))
      for (const cell of cells) {
        const { model } = cell;
        if (model.steps >= stop) continue;
        while (model.steps < stop) {
          advance(cell, Math.min(CHUNK, stop - model.steps));
          if (model.steps < stop) yield done();
        }
        report(cell, sink);
        if (stop === horizon) reportEnd(cell, sink);
        if (cell.arm === 'imbalanced' && cell.seed === ctx.seeds[0]) ctx.picture('gram', gramPicture(model));
        yield done();
      }
  }

  return {
    arms: meta.arms,
    total: cells.length * horizon,
    loop,
    save: async () => save(cells),
    load: async (saved) => load(saved, cells),
    claims: checkClaims,
    shortfall: shortfallOf(meta, ctx.knobs, { atDefault: ['first', 'second', 'third', 'depth', 'lambda', 'width'] }),
  };
}

function advance(cell: Cell, count: number): void {
  const least = leastOf(cell.model);
  for (let i = 0; i < count; i++) {
    cell.model.step();
    if (least !== null) cell.deepest = Math.min(cell.deepest, (cell.model.loss - least) / least);
  }
}

/** The closed-form minimum of the loss; null for cross-entropy, which has none, and where it does not hold. */
export function leastOf({ task, K }: FreeFeatures): number | null {
  if (task.loss !== 'squared' || task.width < K) return null;
  return task.hasBias ? leastLossWithBias(task) : leastLoss(task);
}

function report({ arm, seed, model }: Cell, sink: Sink): void {
  const { nc1, nc2Means, nc2Rows, nc3 } = collapseOf(model);
  // a logarithmic axis has no zero: the start stands at half a step
  const at = Math.max(0.5, model.steps);
  for (const [metric, value] of Object.entries({ nc1, nc2Means, nc2Rows, nc3 }))
    sink.point(arm, seed, metric, at, Math.max(FLOOR, value));
}

function reportEnd({ arm, seed, model, deepest }: Cell, sink: Sink): void {
  const least = leastOf(model);
  const { means, rows, gram } = collapseOf(model);
  const K = model.K;
  const values: Record<string, number> = {
    balancedFrame: shapeDistance(gram, diagonalOf(means.map(() => 1))),
    lastMean: means[K - 1] / means[0],
    lastRow: rows[K - 1] / rows[0],
  };
  if (!isSimplex(model)) {
    const wanted = predict(model.task);
    values.meanError = worst(
      means,
      wanted.map((c) => c.mean),
    );
    values.rowError = worst(
      rows,
      wanted.map((c) => c.row),
    );
  }
  if (least !== null) {
    values.gap = Math.max(FLOOR, (model.differentiate() - least) / least);
    values.deepest = deepest;
  }
  for (const [metric, value] of Object.entries(values)) sink.point(arm, seed, metric, model.steps, value);
}

/** Largest relative error; of a class that should vanish, its length over the longest. */
function worst(lengths: readonly number[], wanted: readonly number[]): number {
  const longest = Math.max(...wanted);
  return Math.max(...lengths.map((l, k) => Math.abs(l - wanted[k]) / (wanted[k] || longest)));
}

const gramPicture = (model: FreeFeatures) => {
  const { gram } = collapseOf(model);
  const names = Array.from({ length: model.K }, (_, k) => `class ${k + 1}`);
  const values = Array.from(gram, (v) => Number(v.toPrecision(4)));
  return {
    rows: model.K,
    cols: model.K,
    values,
    rowLabels: names,
    colLabels: names,
    signed: true,
    digits: 4,
    square: true,
  };
};

const save = (cells: readonly Cell[]): StepperState =>
  joinStates(
    cells.map(({ model, deepest }) => {
      const { steps, arrays } = model.save();
      return { steps, arrays: { ...arrays, deepest: doublesToBits([deepest]) } };
    }),
  );
function load(saved: StepperState, cells: readonly Cell[]): void {
  splitStates(saved, cells.length).forEach((state, i) => {
    cells[i].model.load(state);
    [cells[i].deepest] = bitsToDoubles(state.arrays.deepest);
  });
}

export const lab: LabModule<Knobs> = { custom, seedsApart: true, trainingGraphs: () => [] };
