import { expect, it } from 'vitest';
import { mirrored } from './mirrored.ts';

it('keeps the rows and appends them mirrored, channel by channel', () => {
  const split = { rows: 1, values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), labels: Int32Array.of(3) };
  const both = mirrored(split, 2);
  expect(Array.from(both.values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 2, 1, 4, 3, 6, 5, 8, 7]);
  expect(Array.from(both.labels)).toEqual([3, 3]);
  expect(both.rows).toBe(2);
});
