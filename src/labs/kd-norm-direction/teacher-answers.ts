// The teacher's answers, computed once by the shipped ONNX model in the visitor's own engine: logits, features, norms.
import type { DataSplit } from '../../data/types.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import { askFashionTeacher } from '../_kit/train/fashion-teachers.ts';
import { normOf } from './measures.ts';

/** Answers for the rows of one split. */
export interface TeacherAnswers {
  /** [rows, 10] */
  logits: Float32Array;
  /** [rows, 64] */
  features: Float32Array;
  /** [rows] */
  norms: Float32Array;
}

/** @param model one of `FASHION_TEACHERS`. @throws Error when the run is stopped meanwhile. */
export async function askTeacher(
  ctx: Pick<LabContext, 'engine' | 'signal' | 'status'>,
  model: Uint8Array,
  split: DataSplit,
  what: string,
): Promise<TeacherAnswers> {
  const { logits, features } = await askFashionTeacher(ctx, model, split, what);
  const norms = Float32Array.from({ length: split.rows }, (_, i) => normOf(features, i));
  return { logits, features, norms };
}
