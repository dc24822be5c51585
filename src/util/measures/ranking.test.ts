import { describe, expect, test } from 'vitest';
import { averagePrecision, ndcgAt, precisionAt, recallAt, reciprocalRank } from './ranking.ts';
import { isPositive, ROWS, scores } from './testing/reference-data.ts';
import reference from './testing/reference.json' with { type: 'json' };

const relevance = Array.from({ length: ROWS }, (_, i) => i % 4);

test("nDCG and average precision equal scikit-learn's, ties included", () => {
  expect(ndcgAt(10, scores, relevance)).toBeCloseTo(reference.ndcg10, 12);
  expect(ndcgAt(ROWS, scores, relevance)).toBeCloseTo(reference.ndcg60, 12);
  expect(averagePrecision(scores, isPositive.map(Number))).toBeCloseTo(reference.averagePrecision, 12);
});

test('by hand, without ties', () => {
  const order = [9, 8, 7, 6];
  const relevant = [0, 1, 0, 1];
  expect(precisionAt(2, order, relevant)).toBe(0.5);
  expect(precisionAt(8, order, relevant)).toBe(0.25);
  expect(recallAt(2, order, relevant)).toBe(0.5);
  expect(reciprocalRank(order, relevant)).toBe(0.5);
  expect(averagePrecision(order, relevant)).toBe((1 / 2 + 2 / 4) / 2);
  expect(ndcgAt(4, order, relevant)).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 14);
});

describe('ties', () => {
  // items 1, 2, 3 share a score: the mean over their six orders
  const tied = [5, 4, 4, 4, 1];
  const relevant = [0, 1, 1, 0, 1];
  const orders = [
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ];
  test.each([
    ['precision at 2', (s: number[]) => precisionAt(2, s, relevant)],
    ['recall at 3', (s: number[]) => recallAt(3, s, relevant)],
    ['reciprocal rank', (s: number[]) => reciprocalRank(s, relevant)],
    ['nDCG at 3', (s: number[]) => ndcgAt(3, s, relevant)],
  ])('%s is the mean over orders', (_, measure) => {
    const each = orders.map((order) => {
      const broken = [...tied];
      order.forEach((item, place) => (broken[item] = 4 - 0.1 * place));
      return measure(broken);
    });
    expect(measure(tied)).toBeCloseTo(each.reduce((a, b) => a + b, 0) / 6, 12);
  });
});

test('nothing relevant gives NaN, a NaN score is refused', () => {
  for (const v of [
    recallAt(1, [1, 2], [0, 0]),
    reciprocalRank([1], [0]),
    ndcgAt(1, [1], [0]),
    averagePrecision([1], [0]),
  ])
    expect(v).toBeNaN();
  expect(() => precisionAt(1, [NaN], [1])).toThrow('precisionAt: expected scores that order items; got NaN');
});
