// Points as they come -> the arms of a result: one series per seed and metric, and the last value of each.
import type { ArmInfo } from '../contract/meta.ts';
import type { ArmResult, Series } from '../contract/result.ts';

export interface RunPoint {
  arm: string;
  seed: number;
  metric: string;
  step: number;
  value: number;
}

/** Arms in the given order. A metric that a seed lacks ends in NaN, so that `final` keeps one value per seed. */
export function collectArms(
  arms: readonly ArmInfo[],
  seeds: readonly number[],
  points: readonly RunPoint[],
): ArmResult[] {
  const cells = new Map<string, Record<string, Series>>();
  for (const { arm, seed, metric, step, value } of points) {
    const key = `${seed} ${arm}`;
    const cell = cells.get(key) ?? {};
    cells.set(key, cell);
    (cell[metric] ??= []).push([step, value]);
  }
  return arms.map(({ id, label, x }) => {
    const series = seeds.map((seed) => cells.get(`${seed} ${id}`) ?? {});
    const metrics = [...new Set(series.flatMap((s) => Object.keys(s)))];
    const final = Object.fromEntries(metrics.map((m) => [m, series.map((s) => s[m]?.at(-1)?.[1] ?? NaN)]));
    return { id, label, ...(x === undefined ? {} : { x }), series, final };
  });
}
