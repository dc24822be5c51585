import { expect, test } from 'vitest';
import { averagePool } from './pool.ts';

test('2x2 means of a 4x4 image, by hand', () => {
  const image = Float32Array.of(0, 1, 2, 2, 1, 2, 2, 2, 4, 0, 8, 0, 0, 0, 0, 4);
  expect([...averagePool(image, 4, 2)]).toEqual([1, 2, 1, 3]);
});

test('planes stay apart, and a factor of the whole side gives the mean', () => {
  expect([...averagePool(Float32Array.of(1, 3, 5, 7, 0, 0, 0, 8), 2, 2)]).toEqual([4, 2]);
});
