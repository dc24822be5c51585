// What charts draw from an arm: mean and spread over seeds, smoothed curves, last values.
import type { ArmResult, Series } from '../../labs/_kit/contract/result.ts';

/** One step of a curve: mean over the seeds that reached it, and their extremes. */
export interface BandPoint {
  step: number;
  mean: number;
  low: number;
  high: number;
  seeds: number;
}

/** Mean, lowest and highest value per step over all seeds that have one. */
export function seedBand(arm: Pick<ArmResult, 'series'>, metric: string): BandPoint[] {
  const byStep = new Map<number, number[]>();
  for (const seed of arm.series)
    for (const [step, value] of seed[metric] ?? []) {
      if (!Number.isFinite(value)) continue;
      const values = byStep.get(step);
      if (values) values.push(value);
      else byStep.set(step, [value]);
    }
  return [...byStep]
    .sort(([a], [b]) => a - b)
    .map(([step, values]) => ({
      step,
      mean: values.reduce((a, b) => a + b, 0) / values.length,
      low: Math.min(...values),
      high: Math.max(...values),
      seeds: values.length,
    }));
}

/** Exponential moving average with weight `keep` (0..1) on the past, corrected for its start at zero. */
export function smooth(values: readonly number[], keep: number): number[] {
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = keep * mean + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return mean / weight;
  });
}

/** The band with its three curves smoothed alike. */
export function smoothBand(band: BandPoint[], keep: number): BandPoint[] {
  if (keep <= 0) return band;
  const mean = smooth(
    band.map((p) => p.mean),
    keep,
  );
  const low = smooth(
    band.map((p) => p.low),
    keep,
  );
  const high = smooth(
    band.map((p) => p.high),
    keep,
  );
  return band.map((point, i) => ({ ...point, mean: mean[i], low: low[i], high: high[i] }));
}

/** Final value per seed: as the run says, else the last point of each seed's curve. */
export function finalValues(arm: ArmResult, metric: string): number[] {
  const final = arm.final[metric];
  if (final?.length) return final.filter(Number.isFinite);
  return arm.series
    .map((seed) => lastValue(seed[metric]))
    .filter((value) => value !== undefined && Number.isFinite(value)) as number[];
}
const lastValue = (series: Series | undefined): number | undefined => series?.[series.length - 1]?.[1];

export interface Spread {
  mean: number;
  low: number;
  high: number;
  count: number;
}

/** Mean and extremes of some numbers; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (!values.length) return null;
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
    count: values.length,
  };
}

/** Every metric that some arm has points or final values of, in order of first appearance. */
export function metricsIn(arms: readonly ArmResult[]): string[] {
  const names = new Set<string>();
  for (const arm of arms) {
    for (const seed of arm.series) for (const name of Object.keys(seed)) names.add(name);
    for (const name of Object.keys(arm.final)) names.add(name);
  }
  return [...names];
}
