// What an ensemble of frozen teachers says: the mean of their probabilities, or the softmax of their mean logits.
import { softmaxRows } from '../../util/measures/probabilities.ts';
import type { FrozenAnswers } from '../_kit/train/frozen.ts';

export type Averaging = 'probabilities' | 'logits';

export interface Ensemble {
  /** q: [rows, classes] */
  soft: Float32Array;
  /** [rows, classes] */
  meanLogits: Float32Array;
}

/** The teachers' answers as one. @param answers of each teacher, with `logits` [rows, classes] */
export function ensembleOf(answers: readonly FrozenAnswers[], averaging: Averaging, classes: number): Ensemble {
  const mean = (parts: readonly Float32Array[]) =>
    parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0) / parts.length);
  const meanLogits = mean(answers.map((a) => a.logits));
  const soft =
    averaging === 'logits'
      ? softmaxRows(meanLogits, classes)
      : mean(answers.map((a) => softmaxRows(a.logits, classes)));
  return { soft, meanLogits };
}
