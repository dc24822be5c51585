// Smaller tasks: fewer rows, fewer classes, long tails, chosen styles.
import { invariant } from '../../util/invariant.ts';
import type { Prng } from '../../util/prng.ts';
import type { SplitName } from '../types.ts';
import { mapSplits, rowsBy, rowsWhere, takeRows, type Task, type TaskSplit } from './task.ts';

/** The first rows of each split that is named. @throws Error when a split has fewer */
export function firstRows(task: Task, rows: Partial<Record<SplitName, number>>): Task {
  return mapSplits(task, (split, name) => {
    const wanted = rows[name] ?? split.rows;
    invariant(wanted <= split.rows, () => `firstRows: expected at most ${split.rows} ${name} rows; got ${wanted}`);
    return takeRows(
      split,
      Int32Array.from({ length: wanted }, (_, i) => i),
    );
  });
}

/**
 * `count` training rows of every class, drawn at random; smaller counts from one stream are parts of larger ones.
 * @throws Error when a class has fewer
 */
export function subsetPerClass(task: Task, random: Prng, count: number): Task {
  return keepPerClass('subsetPerClass', task, random, () => count);
}

/**
 * Training rows that fall exponentially from the first class of `order` to the last, which keeps 1/ratio of the first's
 * (Cui et al. 2019, section 5.1). The head keeps the size of the smallest class. Validation and test stay balanced.
 * @param ratio imbalance factor, at least 1
 */
export function longTail(task: Task, random: Prng, ratio: number, order?: readonly number[]): Task {
  invariant(ratio >= 1, () => `longTail: expected a ratio of at least 1; got ${ratio}`);
  const rank = order ?? Array.from({ length: task.classes }, (_, c) => c);
  const head = Math.min(...rank.map((c) => rowsBy(task.train.labels).get(c)?.length ?? 0));
  const size = (c: number) =>
    Math.max(1, Math.round(head * ratio ** (-rank.indexOf(c) / Math.max(1, task.classes - 1))));
  return keepPerClass('longTail', task, random, size);
}

/** Kept rows stay in the task's order, so that a shuffled task stays shuffled. */
function keepPerClass(where: string, task: Task, random: Prng, size: (c: number) => number): Task {
  const kept = new Uint8Array(task.train.rows);
  const rows = rowsBy(task.train.labels);
  for (let c = 0; c < task.classes; c++) {
    const own = rows.get(c) ?? [];
    const wanted = size(c);
    invariant(wanted <= own.length, () => `${where}: expected at most ${own.length} rows of class ${c}; got ${wanted}`);
    for (const i of random.fork('class', c).permutation(own.length).subarray(0, wanted)) kept[own[i]] = 1;
  }
  return {
    ...task,
    train: takeRows(
      task.train,
      rowsWhere(task.train, (row) => kept[row] === 1),
    ),
  };
}

/** Only some classes, numbered anew in the order given, in all splits. */
export function onlyClasses(task: Task, classes: readonly number[]): Task {
  const numbers = new Map(classes.map((c, i) => [c, i]));
  const known = classes.every((c) => Number.isInteger(c) && c >= 0 && c < task.classes);
  invariant(
    known && numbers.size === classes.length,
    () => `onlyClasses: expected different classes in 0..${task.classes - 1}; got ${classes.join(', ')}`,
  );
  const renumber = (column: Int32Array) => column.map((c) => numbers.get(c) ?? -1);
  const kept = mapSplits(task, (split) => {
    const part = takeRows(
      split,
      rowsWhere(split, (row) => numbers.has(split.labels[row])),
    );
    return {
      ...part,
      labels: renumber(part.labels),
      ...(part.cleanLabels && { cleanLabels: renumber(part.cleanLabels) }),
    };
  });
  return { ...kept, classes: classes.length, names: classes.map((c) => task.names[c]) };
}

/** The task without some classes, and the task of these alone; labels are numbered anew in both. */
export function holdOutClasses(task: Task, heldOut: readonly number[]): { seen: Task; unseen: Task } {
  const seen = Array.from({ length: task.classes }, (_, c) => c).filter((c) => !heldOut.includes(c));
  return { seen: onlyClasses(task, seen), unseen: onlyClasses(task, heldOut) };
}

/**
 * Each split that is named keeps the drawings of its styles.
 * @throws Error when the task has no styles or one is unknown
 */
export function byStyle(task: Task, styles: Partial<Record<SplitName, readonly string[]>>): Task {
  return mapSplits(task, (split, name) => {
    const wanted = styles[name];
    return wanted ? takeRows(split, rowsWhere(split, isOfStyles(task, split, wanted))) : split;
  });
}

function isOfStyles(task: Task, split: TaskSplit, wanted: readonly string[]): (row: number) => boolean {
  const known = task.styles ?? [];
  const numbers = wanted.map((style) => known.indexOf(style));
  invariant(
    split.styles && !numbers.includes(-1),
    () => `byStyle: expected styles of ${known.join(', ') || 'a task that has some'}; got ${wanted.join(', ')}`,
  );
  const column = split.styles;
  return (row) => numbers.includes(column[row]);
}
