import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { bucketMinMax } from './bucket.ts';

type P = [number, number];
const thin = (points: P[], limit?: number) =>
  bucketMinMax(
    points,
    (p) => p[0],
    (p) => p[1],
    limit,
  );
const noise = (n: number, seed: number): P[] => {
  const random = prng(seed, 'bucket');
  return Array.from({ length: n }, (_, i) => [i, random.normal()]);
};

describe('bucketMinMax', () => {
  it('leaves short curves alone', () => {
    const points = noise(300, 1);
    expect(thin(points)).toBe(points);
  });
  it('never gives more than the limit, keeps order, ends, and the extremes', () => {
    for (const [n, limit] of [
      [301, 300],
      [5_000, 300],
      [100_000, 300],
      [1_000, 10],
      [50, 4],
    ]) {
      const points = noise(n, n);
      const kept = thin(points, limit);
      expect(kept.length).toBeLessThanOrEqual(limit);
      expect(kept[0]).toBe(points[0]);
      expect(kept.at(-1)).toBe(points.at(-1));
      expect(kept.every((p, i) => i === 0 || p[0] > kept[i - 1][0])).toBe(true);
      const values = kept.map((p) => p[1]);
      expect(Math.min(...values)).toBe(points.reduce((m, p) => Math.min(m, p[1]), Infinity));
      expect(Math.max(...values)).toBe(points.reduce((m, p) => Math.max(m, p[1]), -Infinity));
    }
  });
  it('keeps a single spike in a flat curve', () => {
    const points: P[] = Array.from({ length: 9_999 }, (_, i) => [i, i === 7_003 ? 5 : 0]);
    expect(thin(points).filter((p) => p[1] === 5)).toEqual([[7_003, 5]]);
  });
  it('copes with gaps in x', () => {
    const points: P[] = [...noise(500, 3), ...noise(500, 4).map(([x, y]): P => [x + 1e6, y])];
    const kept = thin(points, 100);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.every((p, i) => i === 0 || p[0] > kept[i - 1][0])).toBe(true);
  });
});
