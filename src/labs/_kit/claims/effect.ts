// Effects that claims are about: one number a seed, and where arms gave values per test example, that number example by example.
import { correlation as pearson, ranks } from '../../../util/stats.ts';
import type { ArmResult } from '../contract/result.ts';

export interface Effect {
  /** The effect in each seed; NaN where a value is missing. Logarithms where `isRatio`. */
  values: number[];
  /** [seeds][examples]: rows whose means are `values`; absent unless every seed has them. */
  rows?: Float64Array[];
  /** What is missing, in words: "accuracy of kd, seed 2". */
  missing: string[];
  isRatio: boolean;
  /** Smallest step between two values that a seed can have; 0 where unknown. */
  resolution: number;
}

type Arms = readonly ArmResult[];
/** Arm id -> its factor in a sum. */
export type Weights = Readonly<Record<string, number>>;

/** One arm's metric as it is. */
export const level = (arms: Arms, arm: string, metric: string): Effect => contrast(arms, { [arm]: 1 }, metric);

/** Arm a minus arm b, seed by seed. */
export const paired = (arms: Arms, a: string, b: string, metric: string): Effect =>
  contrast(arms, { [a]: 1, [b]: -1 }, metric);

/** Sum over arms of weight times metric. */
export function contrast(arms: Arms, weights: Weights, metric: string): Effect {
  return combine(
    arms,
    weights,
    metric,
    (x) => x,
    () => 1,
  );
}

/** Arm a over arm b, seed by seed, for metrics above zero; intervals are taken on logarithms. */
export function ratio(arms: Arms, a: string, b: string, metric: string): Effect {
  const logs = combine(arms, { [a]: 1, [b]: -1 }, metric, Math.log, (x) => 1 / x);
  return { ...logs, isRatio: true, resolution: 0 };
}

/** Slope of a metric over the arms' `x`, seed by seed, by least squares; with `log` over log x. Every arm named must have an x. */
export function trend(arms: Arms, ids: readonly string[], metric: string, { log = false } = {}): Effect {
  const at = positions(arms, ids, log);
  const middle = at.reduce((a, b) => a + b, 0) / at.length;
  const square = at.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  return contrast(arms, Object.fromEntries(ids.map((id, i) => [id, (at[i] - middle) / square])), metric);
}

/** Rank correlation of a metric with the arms' `x`, seed by seed. */
export function rankCorrelation(arms: Arms, ids: readonly string[], metric: string): Effect {
  const at = ranks(positions(arms, ids, false));
  const cells = cellsOf(arms, ids, metric);
  const n = ids.length;
  return {
    ...perSeed(
      cells.seeds.map((_, s) => pearson(at, ranks(cells.finals.map((of) => of[s])))),
      // an exchange of two neighbours
      12 / (n * (n * n - 1)),
    ),
    missing: cells.missing,
  };
}

/** An effect that a lab computed itself, one value a seed. `resolution`: smallest step between two values, 0 where unknown. */
export const perSeed = (values: readonly number[], resolution = 0): Effect => ({
  values: [...values],
  missing: values.flatMap((v, s) => (Number.isFinite(v) ? [] : [`seed no. ${s + 1}`])),
  isRatio: false,
  resolution,
});

/** Name under which a loop of its own gives a metric's values per example at a step: `accuracy@7`. */
export const exampleKey = (metric: string, step: number): string => `${metric}@${step}`;

/**
 * The arms as they were at a step: their series' values there in place of the final ones, NaN where a seed has none, and the values
 * per example that were given for that step.
 */
export function atStep(arms: Arms, step: number): ArmResult[] {
  return arms.map((arm) => {
    const metrics = [...new Set(arm.series.flatMap((seed) => Object.keys(seed)))];
    const valueAt = (metric: string) =>
      arm.series.map((seed) => seed[metric]?.findLast(([at]) => at === step)?.[1] ?? NaN);
    const given = metrics.filter((metric) => arm.examples?.[exampleKey(metric, step)]);
    return {
      ...arm,
      final: Object.fromEntries(metrics.map((metric) => [metric, valueAt(metric)])),
      examples: Object.fromEntries(given.map((metric) => [metric, arm.examples![exampleKey(metric, step)]])),
    };
  });
}

// ---------------------------------------------------------------- cells

function positions(arms: Arms, ids: readonly string[], log: boolean): number[] {
  return ids.map((id) => {
    const x = arms.find((arm) => arm.id === id)?.x ?? NaN;
    return log ? Math.log(x) : x;
  });
}

interface Cells {
  seeds: string[];
  /** [arms][seeds] */
  finals: number[][];
  /** [arms][seeds] */
  examples: (Float32Array | null)[][];
  missing: string[];
}

function cellsOf(arms: Arms, ids: readonly string[], metric: string): Cells {
  const chosen = ids.map((id) => arms.find((arm) => arm.id === id));
  const some = chosen.find((arm) => arm?.series.length || arm?.final[metric]?.length);
  const count = Math.max(0, ...chosen.map((arm) => arm?.final[metric]?.length ?? arm?.series.length ?? 0));
  const seeds = Array.from({ length: count }, (_, s) => (some?.seeds ? `seed ${some.seeds[s]}` : `seed no. ${s + 1}`));
  const finals = chosen.map((arm) => seeds.map((_, s) => arm?.final[metric]?.[s] ?? NaN));
  const examples = chosen.map((arm) => seeds.map((_, s) => arm?.examples?.[metric]?.[s] ?? null));
  const missing = finals.flatMap((of, a) =>
    of.flatMap((v, s) => (Number.isFinite(v) ? [] : [`${metric} of ${chosen[a]?.label ?? ids[a]}, ${seeds[s]}`])),
  );
  return { seeds, finals, examples, missing: count ? missing : [`${metric} of ${ids.join(', ')}`] };
}

/** Sum over arms of weight * f(metric); rows per example are the same to first order: w (f(mean) + f'(mean) (value - mean)). */
function combine(
  arms: Arms,
  weights: Weights,
  metric: string,
  f: (x: number) => number,
  slope: (x: number) => number,
): Effect {
  const ids = Object.keys(weights);
  const factors = Object.values(weights);
  const { seeds, finals, examples, missing } = cellsOf(arms, ids, metric);
  const values = seeds.map((_, s) => factors.reduce((sum, w, a) => sum + w * f(finals[a][s]), 0));
  const lengths = new Set(examples.flat().map((row) => row?.length ?? 0));
  const effect = { values, missing, isRatio: false, resolution: 0 };
  if (lengths.size !== 1 || lengths.has(0)) return effect;
  const [N] = lengths;
  const rows = seeds.map((_, s) =>
    Float64Array.from({ length: N }, (_row, i) =>
      factors.reduce((sum, w, a) => {
        const x = finals[a][s];
        return sum + w * (f(x) + slope(x) * (examples[a][s]![i] - x));
      }, 0),
    ),
  );
  const isCount = examples.flat().every((row) => row!.every(Number.isInteger));
  return { ...effect, rows, resolution: isCount ? 1 / N : 0 };
}
