// A classification task in memory: three sets of labelled images. Every function of this folder takes a task and gives a new one.
import type { SplitName } from '../types.ts';

/** Labelled rows and, where known, where they come from. */
export interface TaskSplit {
  rows: number;
  /** [rows, channels, side, side] */
  values: Float32Array;
  /** [rows], 0..classes-1 */
  labels: Int32Array;
  /** [rows] what each row shows, such as the concept of an emoji. */
  concepts?: Int32Array;
  /** [rows] in which style it is drawn, an index into the task's `styles`. */
  styles?: Int32Array;
  /** [rows] labels before noise was laid over them. */
  cleanLabels?: Int32Array;
}
export interface Task {
  train: TaskSplit;
  validation: TaskSplit;
  test: TaskSplit;
  /** Pixels a side. */
  side: number;
  channels: number;
  classes: number;
  /** [classes], English. */
  names: string[];
  /** Names of drawing styles, where rows have them. */
  styles?: string[];
}

export const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];

/** Values of one image. */
export const imageSize = ({ channels, side }: Pick<Task, 'channels' | 'side'>): number => channels * side * side;

/** The task with every split, or only those named, changed. */
export function mapSplits(
  task: Task,
  change: (split: TaskSplit, name: SplitName) => TaskSplit,
  names: readonly SplitName[] = SPLITS,
): Task {
  const out = { ...task };
  for (const name of names) out[name] = change(task[name], name);
  return out;
}

/** Rows of a split in the order given; a row may come twice. */
export function takeRows(split: TaskSplit, rows: ArrayLike<number>): TaskSplit {
  const width = split.values.length / split.rows;
  const values = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    values.set(split.values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  const column = (of: Int32Array) => Int32Array.from(rows, (row) => of[row]);
  return {
    rows: rows.length,
    values,
    labels: column(split.labels),
    ...(split.concepts && { concepts: column(split.concepts) }),
    ...(split.styles && { styles: column(split.styles) }),
    ...(split.cleanLabels && { cleanLabels: column(split.cleanLabels) }),
  };
}

/** Row numbers for which `test` holds, ascending. */
export function rowsWhere(split: TaskSplit, test: (row: number) => boolean): Int32Array {
  return Int32Array.from({ length: split.rows }, (_, row) => row).filter(test);
}

/** Row numbers of each value of a column, ascending. */
export function rowsBy(column: ArrayLike<number>): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (let row = 0; row < column.length; row++) {
    const known = out.get(column[row]);
    if (known) known.push(row);
    else out.set(column[row], [row]);
  }
  return out;
}

/** Mean and deviation over all training pixels. */
export function pixelStatistics({ train }: Task): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const v of train.values) {
    sum += v;
    squares += v * v;
  }
  const mean = sum / train.values.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / train.values.length - mean * mean)) };
}
