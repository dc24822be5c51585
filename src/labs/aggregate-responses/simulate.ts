// Monte Carlo: draws bags of individuals, and keeps mean and spread of the estimates over draws with theta* fixed.
import type { Prng } from '../../util/prng.ts';
import { bagMeans, type Bags } from './estimate.ts';
import { effectiveSigma, laplace, laplaceScale, truncation } from './privacy.ts';
import type { Risk, Setting } from './theory.ts';

/** Dimension of the linear problem. */
export const D = 64;
/** Weights of the instance loss at which the estimator is computed: like a logarithm, with 0. */
export const RHO_GRID: readonly number[] = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1];

/** A setting with label privacy epsilon (NO_PRIVACY and above: none). */
export interface Design extends Setting {
  epsilon: number;
}

/** Scale of the Laplace noise of a design. */
export const noiseOf = ({ m, k, sigma, epsilon }: Design): number => laplaceScale(truncation(m * k, sigma), k, epsilon);
/** The design as theory sees it: privacy noise is noise. */
export const withPrivacy = (design: Design): Setting => ({
  ...design,
  sigma: effectiveSigma(design.sigma, noiseOf(design), design.k),
});

/** A random direction: theta*, of length 1. */
export function drawTruth(random: Prng, d: number): Float64Array {
  const v = Float64Array.from({ length: d }, () => random.normal());
  const length = Math.sqrt(v.reduce((s, x) => s + x * x, 0));
  return v.map((x) => x / length);
}

/** Bags, and what the learner never sees: the single responses [n]. */
export interface Draw {
  bags: Bags;
  responses: Float64Array;
}

/** y = x'theta* + e with x ~ N(0, I), e ~ N(0, sigma^2); bags of k neighbours, whose means are released (cut and with Laplace noise under privacy). */
export function draw(random: Prng, design: Design, truth: Float64Array): Draw {
  const { d, m, k, sigma } = design;
  const n = m * k;
  const x = new Float64Array(d * n);
  const responses = new Float64Array(n);
  const scale = noiseOf(design);
  for (let j = 0; j < d; j++)
    for (let i = 0, at = j * n; i < n; i++, at++) {
      x[at] = random.normal();
      responses[i] += truth[j] * x[at];
    }
  for (let i = 0; i < n; i++) responses[i] += sigma * random.normal();
  const limit = scale > 0 ? truncation(n, sigma) : Infinity;
  const cut = responses.map((y) => Math.max(-limit, Math.min(limit, y)));
  const means = bagMeans(cut, k);
  if (scale > 0) for (let a = 0; a < m; a++) means[a] += laplace(random.next(), scale);
  return { bags: { d, m, k, x, means }, responses };
}
/** Mean and spread of estimates of one theta*. */
export class Moments {
  count = 0;
  private readonly total: Float64Array;
  private distance = 0;
  private distance2 = 0;
  private readonly truth: Float64Array;
  constructor(truth: Float64Array) {
    this.truth = truth;
    this.total = new Float64Array(truth.length);
  }
  add(theta: Float64Array): void {
    let distance = 0;
    theta.forEach((v, j) => {
      this.total[j] += v;
      distance += (v - this.truth[j]) ** 2;
    });
    this.distance += distance;
    this.distance2 += distance * distance;
    this.count++;
  }
  /** risk = mean |theta - theta*|^2; bias2 = |mean theta - theta*|^2, which still holds variance / count. */
  get risk(): Risk {
    const risk = this.distance / this.count;
    const bias2 = this.total.reduce((s, v, j) => s + (v / this.count - this.truth[j]) ** 2, 0);
    return { risk, bias2, variance: risk - bias2 };
  }
  /** Standard error of the risk. */
  get error(): number {
    return Math.sqrt(
      Math.max(0, this.distance2 / this.count - (this.distance / this.count) ** 2) / Math.max(1, this.count - 1),
    );
  }
}

/** Squared losses of theta on a draw: bag level, instance level, and the spread of predictions within bags. */
export function lossesOf(
  { x, means, k, d, m }: Bags,
  theta: Float64Array,
): { bag: number; instance: number; within: number } {
  const n = m * k;
  const f = new Float64Array(n);
  for (let j = 0; j < d; j++) for (let i = 0; i < n; i++) f[i] += theta[j] * x[j * n + i];
  const average = bagMeans(f, k);
  let bag = 0;
  let instance = 0;
  let within = 0;
  for (let i = 0; i < n; i++) {
    const a = Math.floor(i / k);
    instance += (means[a] - f[i]) ** 2 / n;
    within += (f[i] - average[a]) ** 2 / n;
  }
  for (let a = 0; a < m; a++) bag += (means[a] - average[a]) ** 2 / m;
  return { bag, instance, within };
}
