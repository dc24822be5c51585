// Choosing a strength without a single label: cross-validation over bags, judged by the bag-level loss.
import { bagMeans, interpolate, ridge, statistics, type Bags, type Statistics } from './estimate.ts';

const FOLDS = 5;
/** Ridge penalties to choose from. */
export const LAMBDAS: readonly number[] = [0.01, 0.03, 0.1, 0.3, 1, 3];

/** The bags a = fold, fold + FOLDS, ... alone. */
function fold({ d, m, k, x, means }: Bags, which: number): Bags {
  const chosen = Array.from({ length: m }, (_, a) => a).filter((a) => a % FOLDS === which);
  const n = m * k;
  const rows = chosen.length * k;
  const part = new Float64Array(d * rows);
  for (let j = 0; j < d; j++)
    chosen.forEach((a, c) => part.set(x.subarray(j * n + a * k, j * n + (a + 1) * k), j * rows + c * k));
  return { d, m: chosen.length, k, x: part, means: Float64Array.from(chosen, (a) => means[a]) };
}
/** Statistics of all bags but those of a part. */
function without(all: Statistics, part: Statistics): Statistics {
  const m = all.m - part.m;
  const rest = (a: Float64Array, b: Float64Array) => a.map((v, i) => (v * all.m - b[i] * part.m) / m);
  return { d: all.d, m, S: rest(all.S, part.S), Sb: rest(all.Sb, part.Sb), b: rest(all.b, part.b) };
}
/** Mean squared error on bag means. */
export function bagLoss(bags: Bags, theta: Float64Array): number {
  const mean = bagMeans(bags.x, bags.k);
  const f = new Float64Array(bags.m);
  for (let j = 0; j < bags.d; j++) for (let a = 0; a < bags.m; a++) f[a] += theta[j] * mean[j * bags.m + a];
  return f.reduce((s, v, a) => s + (v - bags.means[a]) ** 2, 0) / bags.m;
}

export interface Folds {
  k: number;
  parts: { held: Bags; rest: Statistics }[];
}
export function folds(bags: Bags, all: Statistics): Folds {
  const parts = Array.from({ length: Math.min(FOLDS, bags.m) }, (_, f) => {
    const held = fold(bags, f);
    return { held, rest: without(all, statistics(held)) };
  });
  return { k: bags.k, parts };
}
/** The candidate whose estimates on four fifths of the bags have the least mean bag-level loss on the other fifth. */
function chooseBy(
  { parts }: Folds,
  candidates: readonly number[],
  fit: (rest: Statistics, value: number) => Float64Array,
): number {
  const loss = candidates.map((value) => parts.reduce((s, { held, rest }) => s + bagLoss(held, fit(rest, value)), 0));
  return candidates[loss.indexOf(Math.min(...loss))];
}
export const chooseRho = (f: Folds, grid: readonly number[]): number => chooseBy(f, grid, interpolate);
export const chooseLambda = (f: Folds): number => chooseBy(f, LAMBDAS, (rest, lambda) => ridge(rest, f.k, lambda));
