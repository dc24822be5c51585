// What predictions are worth: agreement, accuracy, confusion, calibration.
import { invariant } from '../invariant.ts';
import { argmaxRows } from './rows.ts';

/** Share of rows whose entries are equal. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  invariant(a.length === b.length, () => `agreement: expected as many rows; got ${a.length} and ${b.length}`);
  let equal = 0;
  for (let i = 0; i < a.length; i++) equal += Number(a[i] === b[i]);
  return equal / a.length;
}

/**
 * Expected accuracy when ties are broken at random, as src/losses/accuracy.ts has it in the graph: a label's score that is one
 * of k largest counts 1/k, a row with a NaN counts 0.
 * @param scores [rows, classes]
 */
export function accuracyOf(scores: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  let right = 0;
  argmaxRows(scores, classes).forEach((top, r) => {
    if (top < 0) return;
    const largest = scores[r * classes + top];
    if (scores[r * classes + labels[r]] !== largest) return;
    let ties = 0;
    for (let c = 0; c < classes; c++) ties += Number(scores[r * classes + c] === largest);
    right += 1 / ties;
  });
  return right / labels.length;
}

/**
 * Counts [true class, predicted class]; a prediction outside 0..classes-1 counts nowhere.
 * @param predictions [rows]
 * @param labels [rows]
 * @returns [classes, classes]
 */
export function confusion(predictions: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Int32Array {
  const out = new Int32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    if (predictions[i] >= 0 && predictions[i] < classes) out[labels[i] * classes + predictions[i]]++;
  }
  return out;
}

/** Share of each class's rows that are predicted right; NaN for a class without rows. @param counts [true, predicted] @returns [classes] */
export function recallByClass(counts: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: classes }, (_, c) => {
    let total = 0;
    for (let p = 0; p < classes; p++) total += counts[c * classes + p];
    return counts[c * classes + c] / total;
  });
}

/** One bar of a reliability diagram. */
export interface CalibrationBin {
  rows: number;
  /** Mean confidence of the bin's rows; 0 when it is empty. */
  confidence: number;
  /** Share of the bin's rows that are right; 0 when it is empty. */
  accuracy: number;
}

/**
 * Bins (m/M, (m+1)/M] of the largest probability of each row (Guo et al. 2017, section 2).
 * @param probabilities [rows, classes]
 */
export function reliability(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  bins = 15,
): CalibrationBin[] {
  const out = Array.from({ length: bins }, (): CalibrationBin => ({ rows: 0, confidence: 0, accuracy: 0 }));
  argmaxRows(probabilities, classes).forEach((top, r) => {
    const confidence = probabilities[r * classes + Math.max(top, 0)];
    const bin = out[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))];
    invariant(bin, () => `reliability: expected probabilities; got ${confidence} in row ${r}`);
    bin.rows++;
    bin.confidence += confidence;
    bin.accuracy += Number(top === labels[r]);
  });
  for (const bin of out) {
    bin.confidence /= bin.rows || 1;
    bin.accuracy /= bin.rows || 1;
  }
  return out;
}

/** Expected calibration error: the mean of |accuracy - confidence| over bins, weighted by rows (Guo et al. 2017, equation 3). */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  bins = 15,
): number {
  const bars = reliability(probabilities, labels, classes, bins);
  return bars.reduce((sum, b) => sum + (b.rows * Math.abs(b.accuracy - b.confidence)) / labels.length, 0);
}
