// The tangent kernel of the toy: K(x, x') = α²/N Σ φ'(w·x) φ'(w·x') x·x', which the neurons' first two moments give exactly.
import { solvePositive } from '../../util/linear-algebra.ts';
import { Network, totalOf } from './network.ts';
import type { Problem } from './problem.ts';

/**
 * K/α² over the rows of x: x·x' (1 + ε w̄·(x + x') + ε² xᵀMx').
 * @param x [rows, D] @param mean [D], w̄ @param moment [D, D], M @returns [rows, rows]
 */
export function tangentGram(x: Float64Array, mean: Float64Array, moment: Float64Array, epsilon: number): Float64Array {
  const D = mean.length;
  const rows = x.length / D;
  const line = new Float64Array(rows);
  const bent = new Float64Array(rows * D);
  for (let p = 0; p < rows; p++)
    for (let i = 0; i < D; i++) {
      const v = x[p * D + i];
      line[p] += mean[i] * v;
      for (let j = 0; j < D; j++) bent[p * D + j] += v * moment[i * D + j];
    }
  const out = new Float64Array(rows * rows);
  for (let p = 0; p < rows; p++)
    for (let q = 0; q <= p; q++) {
      let flat = 0;
      let square = 0;
      for (let i = 0; i < D; i++) {
        flat += x[p * D + i] * x[q * D + i];
        square += bent[p * D + i] * x[q * D + i];
      }
      out[p * rows + q] = out[q * rows + p] = flat * (1 + epsilon * (line[p] + line[q]) + epsilon ** 2 * square);
    }
  return out;
}

/** Of a network as it is now, on its training inputs. */
export function gramOf(network: Network, x = network.problem.x): Float64Array {
  const { startMean, setting } = network.problem;
  const mean = network.meanChange.map((v, i) => v + startMean[i]);
  return tangentGram(x, mean, network.moment(), setting.epsilon);
}

/** Centred alignment of a kernel with the target, yᵀKy / (|K| |y|²) with means taken out (Cortes, Mohri & Rostamizadeh 2012). */
export function kernelTargetAlignment(gram: Float64Array, y: Float64Array): number {
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const means = Array.from(y, (_, p) => gram.subarray(p * n, (p + 1) * n).reduce((a, b) => a + b, 0) / n);
  const grand = means.reduce((a, b) => a + b, 0) / n;
  let along = 0;
  let square = 0;
  let length = 0;
  for (let p = 0; p < n; p++) {
    length += (y[p] - mean) ** 2;
    for (let q = 0; q < n; q++) {
      const k = gram[p * n + q] - means[p] - means[q] + grand;
      along += (y[p] - mean) * k * (y[q] - mean);
      square += k * k;
    }
  }
  return along / (Math.sqrt(square) * length);
}

/**
 * Exact test loss of interpolation with the kernel of the start: where the linearised network ends after endless training.
 * Its function is a move of every neuron by -(Σ v x + ε Σ v x xᵀ w), whose loss has the same closed form.
 * @throws Error when the kernel cannot be inverted: more samples than it has directions
 */
export function kernelRegressionLoss(problem: Problem): number {
  const { x, y, setting, startMean, startMoment } = problem;
  const { D, P, alpha, epsilon } = setting;
  const gram = tangentGram(x, startMean, startMoment, epsilon);
  const v = solvePositive(
    gram,
    y.map((target) => -target / alpha),
    P,
  );
  const end = new Network(problem, true);
  for (let p = 0; p < P; p++)
    for (let i = 0; i < D; i++) {
      end.shift[i] -= v[p] * x[p * D + i];
      for (let j = 0; j < D; j++) end.map[i * D + j] -= epsilon * v[p] * x[p * D + i] * x[p * D + j];
    }
  end.refresh();
  return totalOf(end.testLoss);
}
