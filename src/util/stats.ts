// Statistics on plain arrays, in float64.

export const mean = (v: ArrayLike<number>): number => sum(v) / v.length;
export function sum(v: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < v.length; i++) total += v[i];
  return total;
}
/** Sample standard deviation (n - 1); 0 for a single value. */
export function deviation(v: ArrayLike<number>): number {
  if (v.length < 2) return 0;
  const m = mean(v);
  return Math.sqrt(sum(Array.from(v, (x) => (x - m) ** 2)) / (v.length - 1));
}
export const standardError = (v: ArrayLike<number>): number => deviation(v) / Math.sqrt(v.length);
export function median(v: ArrayLike<number>): number {
  const s = Float64Array.from(v).sort();
  const h = s.length >> 1;
  return s.length % 2 ? s[h] : (s[h - 1] + s[h]) / 2;
}
/** Ranks from 1; ties share their mean rank. */
export function ranks(v: readonly number[]): number[] {
  return v.map((x) => {
    const below = v.filter((y) => y < x).length;
    const same = v.filter((y) => y === x).length;
    return below + (same + 1) / 2;
  });
}
/** Pearson's correlation; NaN when one side is constant. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const ma = mean(a);
  const mb = mean(b);
  return (
    sum(a.map((x, i) => (x - ma) * (b[i] - mb))) /
    Math.sqrt(sum(a.map((x) => (x - ma) ** 2)) * sum(b.map((x) => (x - mb) ** 2)))
  );
}
/** Spearman's rank correlation. */
export const spearman = (a: readonly number[], b: readonly number[]): number => correlation(ranks(a), ranks(b));
