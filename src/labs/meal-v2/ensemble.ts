// What an ensemble of frozen teachers says: the mean of their probabilities (or of their logits), and what answers are worth beside it.
import type { FrozenAnswers } from '../_kit/train/frozen.ts';

export type Averaging = 'probabilities' | 'logits';

export interface Ensemble {
  /** q: [rows, classes] */
  soft: Float32Array;
  /** [rows, classes] */
  meanLogits: Float32Array;
}

/** Softmax of every row, in float64. @param logits [rows, classes] */
export function softmaxRows(logits: ArrayLike<number>, classes: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[at + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[at + c] - top);
    for (let c = 0; c < classes; c++) out[at + c] = Math.exp(logits[at + c] - top) / sum;
  }
  return out;
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

/** H(p) of every row, in nats. @param probabilities [rows, classes] @returns [rows] */
export const entropies = (probabilities: ArrayLike<number>, classes: number): Float32Array =>
  eachRow(probabilities, classes, (p) => (p > 0 ? -p * Math.log(p) : 0));

/** KL(q || p) of every row, in nats; p is floored at the smallest float32. @returns [rows] */
export const divergences = (q: ArrayLike<number>, p: ArrayLike<number>, classes: number): Float32Array =>
  eachRow(q, classes, (share, i) => (share > 0 ? share * Math.log(share / Math.max(p[i], 1e-38)) : 0));

function eachRow(values: ArrayLike<number>, classes: number, term: (value: number, i: number) => number): Float32Array {
  const out = new Float32Array(values.length / classes);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / classes)] += term(values[i], i);
  return out;
}
