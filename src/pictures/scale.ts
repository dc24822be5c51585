// Axes: linear and logarithmic scales with ticks that a person would choose.
import { linearTicks } from '../util/ticks.ts';

export interface Scale {
  /** Share of the axis, 0..1. */
  at(value: number): number;
  ticks: number[];
  domain: [number, number];
}

/** Powers of ten, with others between them where there is room; round numbers where the axis is shorter than that. */
export function logTicks(low: number, high: number, count = 6): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const decades = to - from;
  const factors = decades <= count / 3 ? [1, 2, 5] : decades <= (count * 2) / 3 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks: number[] = [];
  for (let power = from; power <= to; power += every)
    for (const factor of factors) ticks.push(Number((factor * 10 ** power).toPrecision(3)));
  const inside = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  return inside.length < 3 ? linearTicks(low, high, count) : inside;
}

/** A scale over the values with a little air; `log` drops what is not positive. Null without values. */
export function scaleOf(values: readonly number[], { log = false, pad = 0.04, ticks = 5 } = {}): Scale | null {
  const usable = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (!usable.length) return null;
  const map = log ? Math.log10 : (value: number) => value;
  const unmap = log ? (value: number) => 10 ** value : (value: number) => value;
  let low = map(Math.min(...usable));
  let high = map(Math.max(...usable));
  if (high - low < 1e-12) {
    const air = log ? 0.5 : Math.max(Math.abs(low) * 0.1, 1e-6);
    low -= air;
    high += air;
  }
  const air = (high - low) * pad;
  const from = low - air;
  const to = high + air;
  return {
    at: (value) => (map(value) - from) / (to - from),
    domain: [unmap(from), unmap(to)],
    ticks: log ? logTicks(unmap(from), unmap(to), ticks) : linearTicks(from, to, ticks),
  };
}
