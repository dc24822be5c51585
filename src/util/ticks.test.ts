import { expect, it } from 'vitest';
import { linearTicks } from './ticks.ts';

it('chooses round ticks inside the interval', () => {
  expect(linearTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearTicks(0.12, 0.87)).toEqual([0.2, 0.4, 0.6, 0.8]);
  expect(linearTicks(-3, 3)).toEqual([-2, 0, 2]);
  expect(linearTicks(0, 300)).toEqual([0, 100, 200, 300]);
  expect(linearTicks(2, 2)).toEqual([2]);
  expect(linearTicks(0.74, 0.83, 4)).toEqual([0.75, 0.775, 0.8, 0.825]);
});
