import { expect, it } from 'vitest';
import { logSteps } from './log-steps.ts';

it('spaces steps evenly on a logarithmic axis', () => {
  expect(logSteps(100, 4)).toEqual([1, 2, 3, 6, 10, 18, 32, 56, 100]);
  expect(logSteps(1, 4)).toEqual([1]);
});
