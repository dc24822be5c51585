// A split with its images mirrored, for training on either: answers that a teacher gave to both are looked up by row.
import type { TaskSplit } from './task.ts';

/** The rows as they are, then the same rows mirrored left to right. @param split square images, [rows, channels, side, side] with `channels` of them */
export function mirrored(split: TaskSplit, channels = 1): TaskSplit {
  const { rows, values } = split;
  const side = Math.sqrt(values.length / rows / channels);
  const both = new Float32Array(2 * values.length);
  both.set(values);
  for (let i = 0; i < values.length; i++) {
    const x = i % side;
    both[values.length + i] = values[i - x + (side - 1 - x)];
  }
  const twice = (column: Int32Array) => Int32Array.from({ length: 2 * rows }, (_, i) => column[i % rows]);
  return {
    ...split,
    rows: 2 * rows,
    values: both,
    labels: twice(split.labels),
    ...(split.concepts && { concepts: twice(split.concepts) }),
    ...(split.styles && { styles: twice(split.styles) }),
    ...(split.cleanLabels && { cleanLabels: twice(split.cleanLabels) }),
  };
}
