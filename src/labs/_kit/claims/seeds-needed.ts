// How many seeds would bring an interval clear of its margin.
import { reach } from './interval.ts';

/** More than this is said as "more seeds would not decide it". */
const MOST = 1000;

export interface Spread {
  /** Variance of one seed's value. */
  perSeed: number;
  /** Variance that all seeds have in common: their test examples. */
  shared: number;
}

/** Fewest seeds whose one-sided end at `level` reaches no further than `distance`; null where no number up to 1,000 does. */
export function seedsNeeded({ perSeed, shared }: Spread, distance: number, level: number): number | null {
  const isEnough = (n: number) => reach(level, { se: Math.sqrt(shared + perSeed / n), df: n - 1 }) <= distance;
  if (!(distance > 0) || !isEnough(MOST)) return null;
  let low = 1;
  let high = MOST;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
