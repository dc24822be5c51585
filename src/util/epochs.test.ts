import { expect, it } from 'vitest';
import { batchOrder } from './epochs.ts';
import { prng } from './prng.ts';

const draw = () => batchOrder(prng(1, 'order'), 10, 3);

it('sees no row twice in an epoch, in an order of its own each epoch', () => {
  const order = draw();
  const epoch = (e: number) => [1, 2, 3].flatMap((i) => [...order(3 * e + i)]);
  for (const e of [0, 1, 7]) expect(new Set(epoch(e)).size).toBe(9);
  expect(epoch(0)).not.toEqual(epoch(1));
});
it('answers alike in any order of asking', () => {
  const a = draw();
  const b = draw();
  const forward = [1, 4, 9].map((t) => [...a(t)]);
  expect([9, 4, 1].map((t) => [...b(t)])).toEqual(forward.toReversed());
});
it('refuses a batch larger than the data', () => {
  expect(() => batchOrder(prng(1), 2, 3)).toThrow('batchOrder: expected a batch of at most 2 rows; got 3');
});
