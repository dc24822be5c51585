// Logistic regression to the optimum, and as a probe whose strength is chosen on validation rows.
import { invariant } from '../invariant.ts';
import { lbfgs } from '../lbfgs.ts';
import type { Features, ProbeResult } from '../ridge-probe.ts';
import { agreement } from './classification.ts';
import { argmaxRows, rowsOf } from './rows.ts';
import { standardise, standardiser } from './standardise.ts';

export interface Logistic {
  /** [outputs, D + 1]: weights and, last, intercept. Two classes have one output, the log-odds of class 1; more have one each. */
  weights: Float64Array;
  classes: number;
  D: number;
  hasConverged: boolean;
}
export interface LogisticOptions {
  classes: number;
  /** Inverse strength: minimises |W|^2 / 2 + C * sum of losses, intercepts free, as scikit-learn's LogisticRegression. */
  C?: number;
  /** [outputs, D + 1] to start from. */
  start?: ArrayLike<number>;
  /** Largest entry of the gradient of (the objective over C rows) at which the fit is done. */
  tolerance?: number;
  iterations?: number;
}

/**
 * The minimum by L-BFGS: softmax regression, or for two classes a single log-odds.
 * @param D features per row
 * @throws Error when there are no rows, a label is outside the classes or a feature is not finite
 */
export function fitLogistic(
  { values, labels }: Features,
  D: number,
  { classes, C = 1, start, tolerance = 1e-7, iterations = 1000 }: LogisticOptions,
): Logistic {
  const n = rowsOf('fitLogistic', values, D);
  const x = Float64Array.from(values);
  invariant(n >= 1, 'fitLogistic: expected at least one row; got none');
  invariant(x.every(Number.isFinite), 'fitLogistic: expected finite features; got NaN or infinity');
  for (let i = 0; i < n; i++) {
    invariant(
      labels[i] >= 0 && labels[i] < classes,
      () => `fitLogistic: expected labels 0..${classes - 1}; got ${labels[i]}`,
    );
  }
  const outputs = outputsOf(classes);
  // divided by C n, so that the tolerance does not depend on either
  const penalty = 1 / (C * n);
  const { x: weights, hasConverged } = lbfgs(
    (w, gradient) => objective(w, gradient, x, labels, D, outputs, penalty),
    start ?? new Float64Array(outputs * (D + 1)),
    { tolerance, iterations },
  );
  return { weights, classes, D, hasConverged };
}

const outputsOf = (classes: number): number => (classes === 2 ? 1 : classes);

/** Mean loss + penalty |W|^2 / 2. */
function objective(
  w: Float64Array,
  gradient: Float64Array,
  x: Float64Array,
  labels: ArrayLike<number>,
  D: number,
  outputs: number,
  penalty: number,
): number {
  const n = x.length / D;
  const width = D + 1;
  const scores = new Float64Array(outputs);
  let loss = 0;
  gradient.fill(0);
  for (let r = 0; r < n; r++) {
    for (let k = 0; k < outputs; k++) scores[k] = scoreOf(w, k * width, x, r * D, D);
    loss += outputs === 1 ? binaryLoss(scores, labels[r]) : softmaxLoss(scores, labels[r]);
    for (let k = 0; k < outputs; k++) {
      const error = scores[k] / n;
      for (let d = 0; d < D; d++) gradient[k * width + d] += error * x[r * D + d];
      gradient[k * width + D] += error;
    }
  }
  let squares = 0;
  for (let i = 0; i < w.length; i++) {
    if (i % width === D) continue;
    squares += w[i] * w[i];
    gradient[i] += penalty * w[i];
  }
  return loss / n + (penalty * squares) / 2;
}

function scoreOf(w: Float64Array, from: number, x: Float64Array, row: number, D: number): number {
  let score = w[from + D];
  for (let d = 0; d < D; d++) score += w[from + d] * x[row + d];
  return score;
}

/** Loss of one row; its scores become the gradient p - y. */
function softmaxLoss(scores: Float64Array, label: number): number {
  const own = scores[label];
  let top = -Infinity;
  for (const s of scores) top = Math.max(top, s);
  let total = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k] - top);
    total += scores[k];
  }
  for (let k = 0; k < scores.length; k++) scores[k] /= total;
  scores[label] -= 1;
  return Math.log(total) + top - own;
}

function binaryLoss(scores: Float64Array, label: number): number {
  const z = scores[0];
  scores[0] = 1 / (1 + Math.exp(-z)) - label;
  return Math.max(z, 0) - label * z + Math.log1p(Math.exp(-Math.abs(z)));
}

/** Scores before the softmax; of two classes the first has 0. @param values [rows, D] @returns [rows, classes] */
export function logisticScores({ weights, classes, D }: Logistic, values: ArrayLike<number>): Float64Array {
  const rows = rowsOf('logisticScores', values, D);
  const x = Float64Array.from(values);
  const outputs = outputsOf(classes);
  const out = new Float64Array(rows * classes);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < outputs; k++) {
      out[r * classes + (outputs === 1 ? 1 : k)] = scoreOf(weights, k * (D + 1), x, r * D, D);
    }
  }
  return out;
}

/** What a logistic probe found; `C` takes the place of the ridge probe's lambda. */
export interface LogisticProbe extends Omit<ProbeResult, 'lambda'> {
  C: number;
}

const STRENGTHS = [0.001, 0.01, 0.1, 1, 10];

/**
 * Fits standardised training features with every C, keeps the one with the best validation accuracy, among equal ones the
 * smallest, and tests it. Test rows take no part in the choice.
 * @param D features per row
 * @throws Error when a set is empty or a feature is not finite
 */
export function logisticProbe(
  train: Features,
  validation: Features,
  test: Features,
  D: number,
  classes: number,
  strengths: readonly number[] = STRENGTHS,
): LogisticProbe {
  const to = standardiser('logisticProbe', train.values, D);
  const fitted = { values: standardise(to, train.values), labels: train.labels };
  const held = standardise(to, validation.values);
  let best: { model: Logistic; C: number; score: number } | undefined;
  let start: Float64Array | undefined;
  for (const C of strengths.toSorted((a, b) => a - b)) {
    const model = fitLogistic(fitted, D, { classes, C, start, tolerance: 1e-5 });
    const score = agreement(argmaxRows(logisticScores(model, held), classes), validation.labels);
    if (!best || score > best.score) best = { model, C, score };
    start = model.weights;
  }
  const predictions = argmaxRows(logisticScores(best!.model, standardise(to, test.values)), classes);
  return {
    accuracy: agreement(predictions, test.labels),
    validationAccuracy: best!.score,
    C: best!.C,
    predictions,
  };
}
