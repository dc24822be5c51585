import { expect, it } from 'vitest';
import { shareOf, triangleIn } from './triangle.ts';

const to = triangleIn(400, 300);
const corners = [to([1, 0, 0]), to([0, 1, 0]), to([0, 0, 1])];

it('is equilateral and within its place', () => {
  const side = (a: number, b: number) => Math.hypot(corners[a][0] - corners[b][0], corners[a][1] - corners[b][1]);
  expect(side(0, 1)).toBeCloseTo(side(1, 2));
  expect(side(1, 2)).toBeCloseTo(side(2, 0));
  for (const [x, y] of corners) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(400);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(300);
  }
});
it('puts equal shares into the middle', () => {
  const [x, y] = to([1 / 3, 1 / 3, 1 / 3]);
  expect(x).toBeCloseTo((corners[0][0] + corners[1][0] + corners[2][0]) / 3);
  expect(y).toBeCloseTo((corners[0][1] + corners[1][1] + corners[2][1]) / 3);
});
it('divides by the sum', () => {
  expect(shareOf([9, 9, 9, 2, 1, 1], 1)).toEqual([0.5, 0.25, 0.25]);
  expect(shareOf([0, 0, 0], 0)).toEqual([1 / 3, 1 / 3, 1 / 3]);
});
