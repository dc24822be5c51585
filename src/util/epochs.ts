// The order in which a run sees its rows: every epoch a new permutation, cut into whole batches.
import type { Prng } from './prng.ts';
import { invariant } from './invariant.ts';

/** Rows of the batch of step t = 1, 2, ...; any order of asking gives the same rows. */
export type BatchOrder = (t: number) => Int32Array;

/**
 * Each epoch passes over a permutation of 0..rows-1 drawn from `random`; rows that fill no whole batch wait for the next epoch.
 * @throws Error when a batch is larger than the data
 */
export function batchOrder(random: Prng, rows: number, batch: number): BatchOrder {
  const perEpoch = Math.floor(rows / batch);
  invariant(perEpoch >= 1, () => `batchOrder: expected a batch of at most ${rows} rows; got ${batch}`);
  let epoch = -1;
  let order: Int32Array = new Int32Array(0);
  return (t) => {
    const at = t - 1;
    const wanted = Math.floor(at / perEpoch);
    const from = (at % perEpoch) * batch;
    if (wanted !== epoch) order = random.fork((epoch = wanted)).permutation(rows);
    return order.slice(from, from + batch);
  };
}
