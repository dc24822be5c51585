// The shipped teachers of Fashion-MNIST, and what they answer for the images of a run.
import { TEACHER_BATCH } from '../../../nn/zoo/fashion-teacher.ts';
import type { RunContext } from '../contract/lab.ts';
import { askFrozen, type FrozenAnswers } from './frozen.ts';

/** Files of the data store: equal networks from different seeds, made by `npm run train-models -- fashion-teacher --seed N`. The first is the best. */
export const FASHION_TEACHERS = [
  'models/fashion-teacher.onnx',
  'models/fashion-teacher-2.onnx',
  'models/fashion-teacher-3.onnx',
] as const;

/**
 * @param model one of the files. @param values [rows, 28, 28] in 0..1 @param what "training", for the progress line
 * @returns logits [rows, 10], features [rows, 64]
 * @throws Error when the run is stopped meanwhile
 */
export const askFashionTeacher = (
  ctx: Pick<RunContext, 'engine' | 'signal' | 'status'>,
  model: Uint8Array,
  { values, rows }: { values: Float32Array; rows: number },
  what: string,
): Promise<FrozenAnswers> =>
  askFrozen(ctx, {
    model,
    input: 'images',
    values,
    rows,
    chunk: TEACHER_BATCH,
    what: `asking the teacher about the ${what} images`,
  });
