// Roots of functions of one variable.
import { invariant } from './invariant.ts';

/**
 * A root of `f` between `low` and `high`, where its signs differ, by halving until no number lies between the ends or they are within `tolerance`.
 * @throws Error when the signs do not differ
 */
export function bisect(f: (x: number) => number, low: number, high: number, tolerance = 0): number {
  const atLow = f(low);
  const atHigh = f(high);
  if (atLow === 0) return low;
  if (atHigh === 0) return high;
  invariant(
    Math.sign(atLow) * Math.sign(atHigh) < 0,
    () => `bisect: expected values of two signs at ${low} and ${high}; got ${atLow} and ${atHigh}`,
  );
  let from = low;
  let to = high;
  while (Math.abs(to - from) > tolerance) {
    const middle = from + (to - from) / 2;
    if (middle === from || middle === to) break;
    const value = f(middle);
    if (value === 0) return middle;
    if (Math.sign(value) === Math.sign(atLow)) from = middle;
    else to = middle;
  }
  return from + (to - from) / 2;
}
