import { expect, it } from 'vitest';
import { correct } from './correct.ts';

it('an answer is right when its class alone is largest', () => {
  const scores = [1, 2, 0, 5, 5, 0, NaN, 1, 2, 3, NaN, 1];
  expect(Array.from(correct(scores, [1, 0, 2, 0]))).toEqual([1, 0, 0, 0]);
  expect(Array.from(correct([NaN, NaN], [0]))).toEqual([0]);
  expect(Array.from(correct([-1, -2, -3, -2], [0, 1]))).toEqual([1, 1]);
});
