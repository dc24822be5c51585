// The teacher's answers, computed once by the shipped ONNX model in the visitor's own engine: logits, features, norms.
import type { DataSplit } from '../../data/types.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import { askFrozen } from '../_kit/train/frozen.ts';
import { normOf } from './measures.ts';
import { TEACHER_BATCH } from './teacher.ts';

/** Answers for the rows of one split. */
export interface TeacherAnswers {
  /** [rows, 10] */
  logits: Float32Array;
  /** [rows, 64] */
  features: Float32Array;
  /** [rows] */
  norms: Float32Array;
}

/** @param model the file `TEACHER_FILE`. @throws Error when the run is stopped meanwhile. */
export async function askTeacher(
  ctx: Pick<LabContext, 'engine' | 'signal' | 'status'>,
  model: Uint8Array,
  { values, rows }: DataSplit,
  what: string,
): Promise<TeacherAnswers> {
  const { logits, features } = await askFrozen(ctx, {
    model,
    input: 'images',
    values,
    rows,
    chunk: TEACHER_BATCH,
    what: `asking the teacher about the ${what} images`,
  });
  const norms = Float32Array.from({ length: rows }, (_, i) => normOf(features, i));
  return { logits, features, norms };
}
