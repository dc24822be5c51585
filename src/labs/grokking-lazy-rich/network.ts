// Gradient descent on the first layer, written in the few numbers that it depends on. All gradients are affine in the neuron,
//   ∂L/∂w = (2α / NP) (g + ε A w),  g = Σ e x,  A = Σ e x xᵀ  (e: residuals),
// so a step moves every neuron by one common map, w -> (I - cεA) w - c g with c = 2·rate/(αP), and w(t) = Tᵀ w(0) + s.
// Output and test loss depend on the neurons' mean and mean outer product alone. This is exact, at any width.
import { LINEAR_SCALE, type Problem } from './problem.ts';

/** The three parts of the exact test loss, over Gaussian inputs. */
export interface TestLoss {
  /** Wrong line: |α Δw̄ - mix β/√2|² / D. */
  linear: number;
  /** Wrong size: (tr A)² / 4D², with A = αε ΔM - (1 - mix) β βᵀ. */
  trace: number;
  /** Wrong directions: |A|² / 2D². */
  misalignment: number;
}

export const totalOf = ({ linear, trace, misalignment }: TestLoss): number => linear + trace + misalignment;

export class Network {
  readonly problem: Problem;
  /** Expanded to first order about its start: the kernel model, which is the limit of large α. */
  readonly isLinearised: boolean;
  /** [D, D], T. */
  readonly map: Float64Array;
  /** [D], s. */
  readonly shift: Float64Array;
  /** [D], Δw̄. */
  readonly meanChange: Float64Array;
  /** [D, D], ΔM; to first order where linearised. */
  readonly momentChange: Float64Array;
  /** [P], f - f_0 - y. */
  readonly residuals: Float64Array;
  trainLoss = NaN;
  testLoss: TestLoss = { linear: NaN, trace: NaN, misalignment: NaN };
  private readonly weights: Float64Array;
  private readonly push: Float64Array;
  private readonly work: Float64Array;

  constructor(problem: Problem, isLinearised = false) {
    const { D, P } = problem.setting;
    this.problem = problem;
    this.isLinearised = isLinearised;
    this.map = identity(D);
    this.shift = new Float64Array(D);
    this.meanChange = new Float64Array(D);
    this.momentChange = new Float64Array(D * D);
    this.residuals = new Float64Array(P);
    this.weights = new Float64Array((D * (D + 3)) / 2);
    this.push = new Float64Array(D * D);
    this.work = new Float64Array(D * D);
    this.refresh();
  }

  /** One step of gradient descent on the mean squared error. */
  step(): void {
    const { D, P, alpha, epsilon, rate } = this.problem.setting;
    const c = (2 * rate) / (alpha * P);
    const { push, shift, map, isLinearised } = this;
    const sums = this.residualSums();
    for (let i = 0, k = D; i < D; i++)
      for (let j = i; j < D; j++, k++) push[i * D + j] = push[j * D + i] = c * epsilon * sums[k];
    const pull = isLinearised ? new Float64Array(D) : product(shift, push, 1, D);
    for (let i = 0; i < D; i++) shift[i] -= pull[i] + c * sums[i];
    const change = isLinearised ? push : product(map, push, D, D, this.work);
    for (let k = 0; k < map.length; k++) map[k] -= change[k];
    this.refresh();
  }

  /** Everything that follows from map and shift. */
  refresh(): void {
    if (this.isLinearised) this.firstOrder();
    else this.moments();
    this.predict();
    this.measure();
  }

  /** [N, D], the neurons as they are. */
  neurons(): Float64Array {
    const { start, setting } = this.problem;
    const { D, N } = setting;
    const out = product(start, this.map, N, D);
    for (let k = 0; k < out.length; k++) out[k] += this.shift[k % D];
    return out;
  }

  /** βᵀMβ / (|β|² |M|): the share of the neurons' spread that lies along the target. */
  get alignment(): number {
    const { startMoment } = this.problem;
    let square = 0;
    for (let k = 0; k < startMoment.length; k++) square += (startMoment[k] + this.momentChange[k]) ** 2;
    return (startMoment[0] + this.momentChange[0]) / Math.sqrt(square);
  }

  /** [D, D], M. */
  moment(): Float64Array {
    return this.momentChange.map((v, k) => v + this.problem.startMoment[k]);
  }

  /** Length of all weights, as a multiple of that at the start; to first order where linearised. */
  get norm(): number {
    const { startMoment, setting } = this.problem;
    const start = trace(startMoment, setting.D);
    return Math.sqrt(Math.max(0, 1 + trace(this.momentChange, setting.D) / start));
  }

  /** Σ_p e_p (x, x_i x_j): g and the upper half of A. */
  private residualSums(): Float64Array {
    const { features } = this.problem;
    const { residuals, weights } = this;
    const width = weights.length;
    const sums = weights.fill(0);
    // two samples at a time: half the traffic
    for (let p = 0; p < residuals.length; p += 2) {
      const one = p * width;
      const two = p + 1 < residuals.length ? one + width : one;
      const e = residuals[p];
      const f = two === one ? 0 : residuals[p + 1];
      for (let k = 0; k < width; k++) sums[k] += e * features[one + k] + f * features[two + k];
    }
    return sums;
  }

  /** w̄ = u + s and M = TᵀM₀T + usᵀ + suᵀ + ssᵀ with u = Tᵀw̄₀. */
  private moments(): void {
    const { startMean, startMoment, setting } = this.problem;
    const { map, shift, meanChange, momentChange } = this;
    const { D } = setting;
    const u = product(startMean, map, 1, D);
    const half = product(startMoment, map, D, D, this.work);
    for (let i = 0; i < D; i++) {
      meanChange[i] = u[i] + shift[i] - startMean[i];
      for (let j = i; j < D; j++)
        momentChange[i * D + j] = u[i] * shift[j] + shift[i] * u[j] + shift[i] * shift[j] - startMoment[i * D + j];
    }
    for (let k = 0; k < D; k++)
      for (let i = 0; i < D; i++) {
        const t = map[k * D + i];
        for (let j = i; j < D; j++) momentChange[i * D + j] += t * half[k * D + j];
      }
    for (let i = 0; i < D; i++) for (let j = i + 1; j < D; j++) momentChange[j * D + i] = momentChange[i * D + j];
  }

  /** The same to first order in T - I and s. */
  private firstOrder(): void {
    const { startMean, startMoment, setting } = this.problem;
    const { map, shift, meanChange, momentChange } = this;
    const { D } = setting;
    const u = product(startMean, map, 1, D);
    const half = product(startMoment, map, D, D, this.work);
    for (let i = 0; i < D; i++) meanChange[i] = u[i] + shift[i] - startMean[i];
    for (let i = 0; i < D; i++)
      for (let j = 0; j < D; j++)
        momentChange[i * D + j] =
          half[i * D + j] +
          half[j * D + i] -
          2 * startMoment[i * D + j] +
          startMean[i] * shift[j] +
          shift[i] * startMean[j];
  }

  /** f - f_0 = α (Δw̄·x + (ε/2) xᵀΔM x), as a product of features and weights. */
  private predict(): void {
    const { y, features, setting } = this.problem;
    const { D, alpha, epsilon } = setting;
    const { weights, meanChange, momentChange, residuals } = this;
    for (let i = 0; i < D; i++) weights[i] = alpha * meanChange[i];
    for (let i = 0, k = D; i < D; i++)
      for (let j = i; j < D; j++) weights[k++] = alpha * epsilon * momentChange[i * D + j] * (i === j ? 0.5 : 1);
    let total = 0;
    for (let p = 0; p < y.length; p++) {
      residuals[p] = dot(features, p * weights.length, weights) - y[p];
      total += residuals[p] * residuals[p];
    }
    this.trainLoss = total / y.length;
  }

  private measure(): void {
    const { D, alpha, epsilon, mix } = this.problem.setting;
    const { meanChange, momentChange } = this;
    const scale = alpha * epsilon;
    const wanted = (1 - mix) * D;
    let linear = (alpha * meanChange[0] - mix * LINEAR_SCALE * Math.sqrt(D)) ** 2;
    for (let i = 1; i < D; i++) linear += (alpha * meanChange[i]) ** 2;
    let square = (scale * momentChange[0] - wanted) ** 2;
    for (let k = 1; k < D * D; k++) square += (scale * momentChange[k]) ** 2;
    const size = scale * trace(momentChange, D) - wanted;
    this.testLoss = {
      linear: linear / D,
      trace: size ** 2 / (4 * D * D),
      misalignment: square / (2 * D * D),
    };
  }
}

/** Sum of a[from + k] b[k], in four threads of sums. */
function dot(a: Float64Array, from: number, b: Float64Array): number {
  const end = b.length - (b.length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < end; k += 4) {
    s0 += a[from + k] * b[k];
    s1 += a[from + k + 1] * b[k + 1];
    s2 += a[from + k + 2] * b[k + 2];
    s3 += a[from + k + 3] * b[k + 3];
  }
  for (let k = end; k < b.length; k++) s0 += a[from + k] * b[k];
  return s0 + s1 + s2 + s3;
}

/** a [rows, D] times b [D, D], both row-major. */
function product(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  D: number,
  out: Float64Array = new Float64Array(rows * D),
): Float64Array {
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    const to = i * D;
    for (let k = 0; k < D; k++) {
      const v = a[to + k];
      const from = k * D;
      for (let j = 0; j < D; j++) out[to + j] += v * b[from + j];
    }
  }
  return out;
}

function identity(D: number): Float64Array {
  const out = new Float64Array(D * D);
  for (let i = 0; i < D; i++) out[i * (D + 1)] = 1;
  return out;
}

function trace(a: Float64Array, D: number): number {
  let total = 0;
  for (let i = 0; i < D; i++) total += a[i * (D + 1)];
  return total;
}
