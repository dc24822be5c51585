import { expect, it } from 'vitest';
import { correlation, deviation, mean, median, ranks, spearman, standardError } from './stats.ts';

it('moments and order statistics of a hand-computed sample', () => {
  const v = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(mean(v)).toBe(5);
  expect(deviation(v)).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(standardError(v)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(deviation([3])).toBe(0);
});
it('rank correlation', () => {
  expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  expect(ranks([1, NaN])).toEqual([NaN, NaN]);
  expect(spearman([1, 2, 3, 4], [1, 8, 27, 1000])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826817, 9);
  expect(correlation([1, 2, 3], [-1, -2, -3])).toBeCloseTo(-1, 12);
});
