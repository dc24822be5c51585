// The rows that the line chart draws: one per step, with mean, band and ghost of every arm.
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { bucketMinMax } from './bucket.ts';
import { seedBand, smoothBand, type BandPoint } from './series.ts';

/** Keys: `m:<arm>` mean, `b:<arm>` [low, high], `g:<arm>` ghost's mean. */
export type LineRow = { step: number; [key: string]: number | [number, number] };
export interface LineData {
  rows: LineRow[];
  /** Arms with a curve, in front and behind. */
  front: string[];
  ghosts: string[];
  /** Arms whose band has a width. */
  banded: string[];
  /** Every value on the chart, for the axis. */
  values: number[];
  /** Last point of each front arm. */
  ends: { arm: string; step: number; value: number }[];
}

export interface LineOptions {
  keep?: number;
  log?: boolean;
  limit?: number;
  /** Ghosts end where the front curves end: a short run is not squeezed beside a long one. */
  clip?: boolean;
}

/** At most `limit` points per curve, and about as many rows where the arms are measured at the same steps. */
export function lineRows(
  front: readonly ArmResult[],
  ghosts: readonly ArmResult[],
  metric: string,
  { keep = 0, log = false, limit = 300, clip = false }: LineOptions = {},
): LineData {
  const rows = new Map<number, LineRow>();
  const data: LineData = { rows: [], front: [], ghosts: [], banded: [], values: [], ends: [] };
  const put = (step: number, key: string, value: number | [number, number]) => {
    const row = rows.get(step) ?? { step };
    row[key] = value;
    rows.set(step, row);
  };
  const bandOf = (arm: ArmResult): readonly BandPoint[] =>
    bucketMinMax(
      smoothBand(seedBand(arm, metric), keep),
      (p) => p.step,
      (p) => p.mean,
      limit,
    ).filter((point) => !log || point.low > 0);
  for (const arm of front) {
    const band = bandOf(arm);
    const isWide = band.some((point) => point.high > point.low);
    if (!band.length) continue;
    data.front.push(arm.id);
    if (isWide) data.banded.push(arm.id);
    for (const point of band) {
      put(point.step, `m:${arm.id}`, point.mean);
      if (isWide) put(point.step, `b:${arm.id}`, [point.low, point.high]);
      data.values.push(point.low, point.high);
    }
    const last = band[band.length - 1];
    data.ends.push({ arm: arm.id, step: last.step, value: last.mean });
  }
  const until = clip && data.ends.length ? Math.max(...data.ends.map((end) => end.step)) : Infinity;
  for (const arm of ghosts) {
    const band = bandOf(arm).filter((point) => point.step <= until);
    if (!band.length) continue;
    data.ghosts.push(arm.id);
    for (const point of band) {
      put(point.step, `g:${arm.id}`, point.mean);
      data.values.push(point.mean);
    }
  }
  data.rows = [...rows.values()].sort((a, b) => a.step - b.step);
  return data;
}

/** Positions near the wanted ones, at least `gap` apart, within [low, high]; the order is kept. */
export function dodge(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const placed = wanted.slice();
  let floor = low;
  for (const i of order) {
    placed[i] = Math.max(wanted[i], floor);
    floor = placed[i] + gap;
  }
  let ceiling = high;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], ceiling);
    ceiling = placed[i] - gap;
  }
  return placed;
}
