import { describe, expect, it } from 'vitest';
import { studentCdf, studentQuantile } from './student-t.ts';

// scipy 1.17.1: scipy.stats.t.ppf(p, df)
const QUANTILES: [p: number, df: number, t: number][] = [
  [0.95, 1, 6.313751514675037],
  [0.95, 2, 2.9199855803537242],
  [0.95, 2.7, 2.4638889362708496],
  [0.975, 4, 2.7764451051977934],
  [0.95, 9, 1.833112932656237],
  [0.975, 9, 2.262157162798205],
  [0.99, 0.8, 73.36444902719064],
  [0.95, 29.5, 1.6981776388380057],
  [0.995, 120, 2.6174211451068654],
  [0.95, 4000, 1.6452346580164132],
  [0.6, 3, 0.2766706623326898],
];

describe("Student's t", () => {
  it.each(QUANTILES)('quantile %d with %d degrees of freedom is %d', (p, df, t) => {
    expect(studentQuantile(p, df) / t).toBeCloseTo(1, 9);
    expect(studentQuantile(1 - p, df) / -t).toBeCloseTo(1, 9);
    expect(studentCdf(t, df)).toBeCloseTo(p, 11);
  });
  it('has its median at 0 and no quantile outside of (0, 1)', () => {
    expect(studentQuantile(0.5, 3)).toBeCloseTo(0, 12);
    for (const [p, df] of [
      [0, 3],
      [1, 3],
      [0.9, 0],
      [NaN, 3],
      [0.9, NaN],
    ])
      expect(studentQuantile(p, df)).toBeNaN();
  });
});
