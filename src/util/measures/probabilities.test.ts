import { expect, it } from 'vitest';
import { divergences, entropies, softmaxRows } from './probabilities.ts';

const close = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expect(Array.from(actual)).toEqual(expected.map((v) => expect.closeTo(v, 6)));

it('softmax of scores far apart stays finite', () => {
  close(softmaxRows([0, 0, 800, 0, Math.log(3), 0], 2), [0.5, 0.5, 1, 0, 0.75, 0.25]);
  expect(softmaxRows([NaN, 0], 2)[0]).toBeNaN();
});
it('entropy is ln 2 for a coin and 0 for what is sure', () => close(entropies([0.5, 0.5, 1, 0], 2), [Math.LN2, 0]));
it('divergence is 0 between equals and ln 4 where a quarter was given to what is sure', () =>
  close(divergences([0.5, 0.5, 1, 0], [0.5, 0.5, 0.25, 0.75], 2), [0, Math.log(4)]));
