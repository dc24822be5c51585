// Packaged sets of labelled images as tasks: Fashion-MNIST and the handwritten digits.
import { readDataset } from '../manifest.ts';
import type { DataStore, SplitName } from '../types.ts';
import type { Task, TaskSplit } from './task.ts';

export interface LoadOptions {
  /** The first rows of each split; all unless told. Rows are class-balanced. */
  rows?: Partial<Record<SplitName, number>>;
  /** Pixels a side, by block means. */
  side?: number;
}

/** 28-pixel grey clothes of ten classes: 18,000 / 2,000 / 5,000 rows. @throws DataError when more rows are asked for or a file is missing */
export const loadFashionTask = (data: DataStore, options: LoadOptions = {}): Promise<Task> =>
  loadLabelled(data, 'fashion', options);

/** 8-pixel grey digits: 1,197 / 200 / 400 rows, values in exact sixteenths as in the originals. @throws DataError when more rows are asked for or a file is missing */
export async function loadDigitsTask(data: DataStore, options: Omit<LoadOptions, 'side'> = {}): Promise<Task> {
  const task = await loadLabelled(data, 'digits', options);
  // files hold bytes
  for (const { values } of [task.train, task.validation, task.test]) {
    for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i] * 16) / 16;
  }
  return task;
}

async function loadLabelled(data: DataStore, id: string, { rows = {}, side }: LoadOptions): Promise<Task> {
  const set = await readDataset(data, id, 'labelled-images');
  const load = async (name: SplitName): Promise<TaskSplit> => {
    const { rows: count, values, labels } = await data.split(id, name, { rows: rows[name], size: side });
    return { rows: count, values, labels };
  };
  const [train, validation, test] = await Promise.all([load('train'), load('validation'), load('test')]);
  return {
    train,
    validation,
    test,
    side: side ?? set.shape[1],
    channels: set.shape[0],
    classes: set.classes.length,
    names: set.classes.map((c) => c.en),
  };
}
