import { expect, it } from 'vitest';
import { areaOf, pathOf } from './figure.tsx';

const frame = { x: (v: number) => 10 * v, y: (v: number) => 100 - v };
it('draws paths that break at gaps, and closed strips', () => {
  expect(
    pathOf(
      [
        [0, 1],
        [1, null],
        [2, 3],
        [3, NaN],
        [4, 5],
        [5, 6],
      ],
      frame,
    ),
  ).toBe('M0.0 99.0M20.0 97.0M40.0 95.0L50.0 94.0');
  expect(
    areaOf(
      [
        [0, 1, 2],
        [1, 3, 4],
      ],
      frame,
    ),
  ).toBe('M0.0 98.0L10.0 96.0L10.0 97.0L0.0 99.0Z');
});
