// Linear probe by ridge regression on one-hot targets: exact, without a learning rate, hence equal for every arm.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { standardise, standardiser, type Standardiser } from './measures/standardise.ts';

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
  const to = standardiser('ridgeProbe', train.values, D);
  const n = train.labels.length;
  const X = design(to, train.values);
  const Y = new Matrix(n, classes);
  for (let i = 0; i < n; i++) Y.set(i, train.labels[i], 1);
  const Xt = X.transpose();
  const gram = Xt.mmul(X).div(n);
  const right = Xt.mmul(Y).div(n);
  const V = design(to, validation.values);
  let best: { W: Matrix; lambda: number; score: number } | undefined;
  for (const lambda of lambdas) {
    const W = new CholeskyDecomposition(gram.clone().add(Matrix.eye(D + 1, D + 1).mul(lambda))).solve(right);
    const score = share(predict(V, W), validation.labels);
    if (!best || score > best.score) best = { W, lambda, score };
  }
  const predictions = predict(design(to, test.values), best!.W);
  return {
    accuracy: share(predictions, test.labels),
    validationAccuracy: best!.score,
    lambda: best!.lambda,
    predictions,
  };
}

/** Standardised rows with a leading 1. */
function design(to: Standardiser, values: ArrayLike<number>): Matrix {
  const D = to.centre.length;
  const x = standardise(to, values);
  const X = new Matrix(x.length / D, D + 1);
  for (let r = 0; r < X.rows; r++) {
    X.set(r, 0, 1);
    for (let d = 0; d < D; d++) X.set(r, d + 1, x[r * D + d]);
  }
  return X;
}
function predict(X: Matrix, W: Matrix): Int32Array {
  const scores = X.mmul(W);
  return Int32Array.from({ length: X.rows }, (_, r) => scores.maxRowIndex(r)[1]);
}
const share = (predictions: Int32Array, labels: ArrayLike<number>) =>
  predictions.reduce((s, p, i) => s + Number(p === labels[i]), 0) / predictions.length;
