// Linear probe by ridge regression on one-hot targets: exact, without a learning rate, hence equal for every arm.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { invariant } from './invariant.ts';

export interface Features {
  /** [rows, D], row-major */ values: ArrayLike<number>;
  labels: ArrayLike<number>;
}
export interface ProbeResult {
  accuracy: number;
  validationAccuracy: number;
  lambda: number;
  /** Predicted class of each test row. */ predictions: Int32Array;
}

const LAMBDAS = [1e-4, 1e-3, 1e-2, 1e-1, 1];

/**
 * Fits W on standardised training features with every lambda, keeps the one with the best validation accuracy, and tests it.
 * Test rows take no part in the choice.
 * @param D features per row
 * @throws Error when a set is empty or a feature is not finite
 */
export function ridgeProbe(
  train: Features,
  validation: Features,
  test: Features,
  D: number,
  classes: number,
  lambdas = LAMBDAS,
): ProbeResult {
  const { centre, scale } = standardiser(train.values, D);
  const n = train.labels.length;
  const X = design(train.values, D, centre, scale);
  const Y = new Matrix(n, classes);
  for (let i = 0; i < n; i++) Y.set(i, train.labels[i], 1);
  const Xt = X.transpose();
  const gram = Xt.mmul(X).div(n);
  const right = Xt.mmul(Y).div(n);
  const V = design(validation.values, D, centre, scale);
  let best: { W: Matrix; lambda: number; score: number } | undefined;
  for (const lambda of lambdas) {
    const W = new CholeskyDecomposition(gram.clone().add(Matrix.eye(D + 1, D + 1).mul(lambda))).solve(right);
    const score = share(predict(V, W), validation.labels);
    if (!best || score > best.score) best = { W, lambda, score };
  }
  const predictions = predict(design(test.values, D, centre, scale), best!.W);
  return {
    accuracy: share(predictions, test.labels),
    validationAccuracy: best!.score,
    lambda: best!.lambda,
    predictions,
  };
}

function standardiser(values: ArrayLike<number>, D: number) {
  const n = values.length / D;
  const centre = new Float64Array(D);
  const scale = new Float64Array(D);
  invariant(n >= 1, 'ridgeProbe: expected at least one training row; got none');
  for (let i = 0; i < values.length; i++) centre[i % D] += values[i] / n;
  for (let i = 0; i < values.length; i++) scale[i % D] += (values[i] - centre[i % D]) ** 2 / n;
  invariant(scale.every(Number.isFinite), 'ridgeProbe: expected finite features; got NaN or infinity');
  // a dead feature stays zero
  return { centre, scale: scale.map((v) => (v > 1e-12 ? 1 / Math.sqrt(v) : 0)) };
}
/** Standardised rows with a leading 1. */
function design(values: ArrayLike<number>, D: number, centre: Float64Array, scale: Float64Array): Matrix {
  const n = values.length / D;
  const X = new Matrix(n, D + 1);
  for (let r = 0; r < n; r++) {
    X.set(r, 0, 1);
    for (let d = 0; d < D; d++) X.set(r, d + 1, (values[r * D + d] - centre[d]) * scale[d]);
  }
  return X;
}
function predict(X: Matrix, W: Matrix): Int32Array {
  const scores = X.mmul(W);
  return Int32Array.from({ length: X.rows }, (_, r) => scores.maxRowIndex(r)[1]);
}
const share = (predictions: Int32Array, labels: ArrayLike<number>) =>
  predictions.reduce((s, p, i) => s + Number(p === labels[i]), 0) / predictions.length;
