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
/** Ranks from 1; ties share their mean rank. All NaN when a value is NaN, since then there is no order. */
export function ranks(v: ArrayLike<number>): number[] {
  const out = new Array<number>(v.length).fill(NaN);
  const order = Array.from(v, (_, i) => i).sort((a, b) => v[a] - v[b]);
  if (order.some((i) => Number.isNaN(v[i]))) return out;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && v[order[to]] === v[order[from]]) to++;
    for (let i = from; i < to; i++) out[order[i]] = (from + to + 1) / 2;
    from = to;
  }
  return out;
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
