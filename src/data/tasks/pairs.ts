// Positive pairs for contrastive training: two drawings of one concept.
import { invariant } from '../../util/invariant.ts';
import type { Prng } from '../../util/prng.ts';
import { rowsBy, type TaskSplit } from './task.ts';

/** Row numbers [first views, second views] of `batch` pairs: row i of the one is the partner of row i of the other. */
export type DrawPairs = (random: Prng, batch: number) => Int32Array;

/**
 * Pairs of `batch` different concepts. The two drawings are drawn one after the other, now and then the same one twice;
 * with `areDifferent` they never are, and concepts of a single drawing take no part.
 * @throws Error when the split has no concepts or fewer than `batch`
 */
export function conceptPairs(split: TaskSplit, areDifferent = false): DrawPairs {
  invariant(split.concepts, 'conceptPairs: expected rows with concepts; got none');
  const drawings = [...rowsBy(split.concepts).values()].filter((rows) => !areDifferent || rows.length > 1);
  return (random, batch) => {
    invariant(
      batch <= drawings.length,
      () => `conceptPairs: expected a batch of at most ${drawings.length} concepts; got ${batch}`,
    );
    const chosen = random.sample(drawings.length, batch);
    const out = new Int32Array(2 * batch);
    for (let i = 0; i < 2 * batch; i++) {
      const rows = drawings[chosen[i % batch]];
      out[i] = rows[random.int(rows.length)];
      if (areDifferent && i >= batch && out[i] === out[i - batch]) {
        // one of the others, each as likely
        const others = rows.filter((row) => row !== out[i]);
        out[i] = others[random.int(others.length)];
      }
    }
    return out;
  };
}

/** Both views from one row: pairs of `batch` different rows. */
export function samePairs(split: TaskSplit): DrawPairs {
  return (random, batch) => {
    const rows = random.sample(split.rows, batch);
    return Int32Array.from({ length: 2 * batch }, (_, i) => rows[i % batch]);
  };
}
