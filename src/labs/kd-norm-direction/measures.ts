// What a set of features is worth: accuracy, length against the teacher, direction against the class means.
import { classMeans, unitRows } from './directions.ts';
import { correct } from '../_kit/train/correct.ts';
import { CLASSES, FEATURE } from './network.ts';

export interface Sample {
  /** [rows, 64] */
  features: ArrayLike<number>;
  /** [rows, 10] */
  logits: ArrayLike<number>;
  labels: ArrayLike<number>;
  /** The teacher's feature norm of each row. */
  teacherNorms: ArrayLike<number>;
}
export interface Measured {
  /** Per row: 1 where the classifier is right. */
  accuracy: Float32Array;
  /** Per row: |s| / |t|. */
  normRatio: Float32Array;
  /** Per row: cos(s, e_y). */
  cosine: Float32Array;
  /** Share of rows whose nearest class direction is their own class's. */
  nearestMean: number;
}

/** Cosine of each row with each direction. @returns [rows, classes] */
export function cosines(features: ArrayLike<number>, directions: ArrayLike<number>, D = FEATURE): Float64Array {
  const rows = features.length / D;
  const classes = directions.length / D;
  const out = new Float64Array(rows * classes);
  for (let i = 0; i < rows; i++) {
    const scale = 1 / (normOf(features, i, D) || 1);
    for (let c = 0; c < classes; c++) {
      let s = 0;
      for (let d = 0; d < D; d++) s += features[i * D + d] * directions[c * D + d];
      out[i * classes + c] = s * scale;
    }
  }
  return out;
}
export function normOf(features: ArrayLike<number>, row: number, D = FEATURE): number {
  let s = 0;
  for (let d = 0; d < D; d++) s += features[row * D + d] ** 2;
  return Math.sqrt(s);
}
/** Index of the largest of `count` values from `at`. */
export function topOf(values: ArrayLike<number>, at: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[at + c] > values[at + best]) best = c;
  return best;
}
/** Largest entry of each row of [rows, classes]. */
export const predictions = (scores: ArrayLike<number>, classes = CLASSES): Int32Array =>
  Int32Array.from({ length: scores.length / classes }, (_, i) => topOf(scores, i * classes, classes));
/** Share of equal entries. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let equal = 0;
  for (let i = 0; i < b.length; i++) equal += Number(a[i] === b[i]);
  return equal / b.length;
}

/** directions: unit rows [10, 64]. */
export function measure({ features, logits, labels, teacherNorms }: Sample, directions: ArrayLike<number>): Measured {
  const cos = cosines(features, directions);
  const each = (value: (i: number) => number) => Float32Array.from(labels, (_, i) => value(i));
  return {
    accuracy: correct(logits, labels),
    normRatio: each((i) => normOf(features, i) / teacherNorms[i]),
    cosine: each((i) => cos[i * CLASSES + labels[i]]),
    nearestMean: agreement(predictions(cos), labels),
  };
}

/** Test accuracy of the classifier that has only the student's own class means, taken on its training features. */
export function ownMeanAccuracy(
  train: { features: ArrayLike<number>; labels: ArrayLike<number> },
  test: { features: ArrayLike<number>; labels: ArrayLike<number> },
): number {
  return agreement(
    predictions(cosines(test.features, unitRows(classMeans(train.features, train.labels)))),
    test.labels,
  );
}

/** Counts [true class, predicted class]. */
export function confusion(logits: ArrayLike<number>, labels: ArrayLike<number>): number[] {
  const out = new Array<number>(CLASSES * CLASSES).fill(0);
  predictions(logits).forEach((p, i) => {
    out[labels[i] * CLASSES + p]++;
  });
  return out;
}
