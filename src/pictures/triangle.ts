// Barycentric coordinates: three shares as a place in an upright triangle.
import type { Numbers } from './payloads.ts';

export type Shares = [number, number, number];
const PAD = 26;

/** Row `i` of [point, 3], divided by its sum; thirds where the sum is not above zero. */
export function shareOf(shares: Numbers, i: number): Shares {
  const row = [0, 1, 2].map((k) => Math.max(0, shares[3 * i + k])) as Shares;
  const sum = row[0] + row[1] + row[2];
  return sum > 0 ? (row.map((share) => share / sum) as Shares) : [1 / 3, 1 / 3, 1 / 3];
}

/** Shares to CSS pixels, the first corner at the top, the second at the left, in the largest equilateral triangle. */
export function triangleIn(width: number, height: number): (shares: Shares) => [number, number] {
  const side = Math.max(1, Math.min(width - 2 * PAD, (height - 2 * PAD) / (Math.sqrt(3) / 2)));
  const high = (side * Math.sqrt(3)) / 2;
  const left = (width - side) / 2;
  const foot = (height + high) / 2;
  return ([top, , right]) => [left + side * (right + top / 2), foot - high * top];
}
