// Changed tasks: wrong labels, spoilt or shrunk images.
import { invariant } from '../../util/invariant.ts';
import type { Prng } from '../../util/prng.ts';
import { averagePool } from '../pool.ts';
import type { SplitName } from '../types.ts';
import { mapSplits, rowsBy, type Task, type TaskSplit } from './task.ts';

export interface LabelNoise {
  /** Share of each class's training rows whose label is wrong, 0..1. */
  share: number;
  /** Class that each class is mistaken for; absent: any other class, each as often (symmetric noise). */
  confusedWith?: readonly number[];
}

/**
 * Wrong training labels: exactly the rounded share of every class. `cleanLabels` keeps the true ones; validation and test stay clean.
 * @throws Error for a share outside 0..1 or a class that is mistaken for itself
 */
export function withLabelNoise(task: Task, random: Prng, { share, confusedWith }: LabelNoise): Task {
  invariant(share >= 0 && share <= 1, () => `withLabelNoise: expected a share in 0..1; got ${share}`);
  invariant(
    !confusedWith ||
      (confusedWith.length === task.classes && confusedWith.every((to, c) => to !== c && to >= 0 && to < task.classes)),
    () => `withLabelNoise: expected another class for each of ${task.classes}; got ${confusedWith?.join(', ')}`,
  );
  const cleanLabels = task.train.cleanLabels ?? task.train.labels.slice();
  const labels = task.train.labels.slice();
  for (const [c, rows] of rowsBy(task.train.labels)) {
    const own = random.fork('noise', c);
    const other = () => (own.int(task.classes - 1) + c + 1) % task.classes;
    for (const i of own.sample(rows.length, Math.round(share * rows.length))) {
      labels[rows[i]] = confusedWith ? confusedWith[c] : other();
    }
  }
  return { ...task, train: { ...task.train, labels, cleanLabels } };
}

/** Changes the images of one split. It may write into `values`, which are a copy, or return others of the same length. */
export type ImageChange = (
  values: Float32Array,
  about: { rows: number; shape: [channels: number, height: number, width: number]; split: SplitName },
) => Float32Array | void;

/** Images of the named splits (all unless told) after `change`, such as a corruption. */
export function changeImages(task: Task, change: ImageChange, splits?: readonly SplitName[]): Task {
  const changed = (split: TaskSplit, name: SplitName): TaskSplit => {
    const copy = split.values.slice();
    const shape: [number, number, number] = [task.channels, task.side, task.side];
    const values = change(copy, { rows: split.rows, shape, split: name }) ?? copy;
    invariant(
      values.length === copy.length,
      () => `changeImages: expected ${copy.length} values of ${name}; got ${values.length}`,
    );
    return { ...split, values };
  };
  return mapSplits(task, changed, splits);
}

/** Images shrunk to `side` pixels a side by block means: 28 to 14 or 7, 32 to 16 or 8. @throws Error unless the side divides the task's */
export function pooled(task: Task, side: number): Task {
  invariant(
    side >= 1 && task.side % side === 0,
    () => `pooled: expected a side that divides ${task.side}; got ${side}`,
  );
  if (side === task.side) return task;
  const small = mapSplits(task, (split) => ({
    ...split,
    values: averagePool(split.values, task.side, task.side / side),
  }));
  return { ...small, side };
}
