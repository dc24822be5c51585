// How sure an effect is: its estimate, standard error and degrees of freedom.
import { deviation, mean } from '../../../util/stats.ts';
import { studentQuantile } from '../../../util/student-t.ts';
import type { Effect } from './effect.ts';

/** What a claim generalises over: new trainings (and new test examples), new test examples for the models at hand, or nothing. */
export type Replicates = 'training' | 'test' | 'exact';

export interface Estimate {
  value: number;
  /** Null where the values do not tell it. */
  se: number | null;
  df: number;
  /** Part of the variance that more seeds do not lessen, since all share the test examples. */
  shared: number;
}

/**
 * Estimate of an effect with S seeds. With values per example, d[s][i] of N examples that all seeds share, by the two-way layout
 * Var = max(MSs, MSs + MSi - MSr) / (S N), with Satterthwaite's degrees of freedom; with one value a seed, by the usual t over seeds.
 * A claim about the models at hand rests on the examples alone: Var = MSi / (S N), df = N - 1.
 */
export function estimate(effect: Effect, replicates: Replicates, resolution = effect.resolution): Estimate {
  const { values, rows } = effect;
  const value = mean(values);
  const S = values.length;
  const unknown = { value, se: null, df: 0, shared: 0 };
  if (replicates === 'exact') return unknown;
  const found = rows
    ? replicates === 'test'
      ? overExamples(rows)
      : S > 1
        ? overBoth(rows)
        : null
    : S > 1
      ? { variance: deviation(values) ** 2 / S, df: S - 1, shared: 0 }
      : null;
  if (!found) return unknown;
  // values that differ by less than they can show tell no spread of zero
  const floor = resolution ** 2 / 12 / S;
  const variance = Math.max(found.variance, floor);
  if (!(variance > rounding(values))) return unknown;
  return { value, se: Math.sqrt(variance), df: found.df, shared: found.shared };
}

/** Variance that float64 sums of these values make by themselves. */
const rounding = (values: readonly number[]): number => (1e-14 * Math.max(0, ...values.map(Math.abs))) ** 2;

interface MeanSquares {
  S: number;
  N: number;
  /** Of seeds, of examples, of what is left. */
  seeds: number;
  examples: number;
  rest: number;
}

/** Mean squares of a two-way layout with one value a cell. */
export function meanSquares(rows: readonly Float64Array[]): MeanSquares {
  const S = rows.length;
  const N = rows[0].length;
  const bySeed = rows.map(mean);
  const byExample = Float64Array.from({ length: N }, (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / S);
  const all = mean(bySeed);
  let rest = 0;
  rows.forEach((row, s) => {
    for (let i = 0; i < N; i++) rest += (row[i] - bySeed[s] - byExample[i] + all) ** 2;
  });
  return {
    S,
    N,
    seeds: N * deviation(bySeed) ** 2,
    examples: S * deviation(byExample) ** 2,
    rest: S > 1 && N > 1 ? rest / ((S - 1) * (N - 1)) : 0,
  };
}

function overBoth(rows: readonly Float64Array[]) {
  const { S, N, seeds, examples, rest } = meanSquares(rows);
  const shared = Math.max(0, examples - rest);
  const both = seeds + shared;
  const spread = seeds ** 2 / (S - 1) + (shared > 0 ? examples ** 2 / (N - 1) + rest ** 2 / ((S - 1) * (N - 1)) : 0);
  return { variance: both / (S * N), df: spread > 0 ? both ** 2 / spread : S - 1, shared: shared / (S * N) };
}

function overExamples(rows: readonly Float64Array[]) {
  const { S, N, examples, rest } = meanSquares(rows);
  const shared = S > 1 ? Math.max(0, examples - rest) : 0;
  return { variance: examples / (S * N), df: N - 1, shared: shared / (S * N) };
}

/** Half-width of a one-sided end at `level`. */
export const reach = (level: number, { se, df }: { se: number; df: number }): number => studentQuantile(level, df) * se;
