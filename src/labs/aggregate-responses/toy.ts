// One dimension to look at: people along a line, their hidden answers, bags, and the curve that each weight fits.
import type { Prng } from '../../util/prng.ts';
import { bagMeans, interpolate, statistics, type Statistics } from './estimate.ts';

/** People on the line, at most: bags hold k each. */
export const PEOPLE = 60;
/** Terms of the curve: a constant and equal bumps side by side. */
export const TERMS = 12;
const WIDTH = 0.2;

/** The hidden truth, a cubic on [-1, 1]. */
export const truthAt = (x: number): number => 4 * x ** 3 - 3 * x;

export interface Toy {
  m: number;
  k: number;
  /** Place and hidden answer of each person; the bags are runs of k. */
  x: Float64Array;
  y: Float64Array;
  /** Mean place and released mean answer of each bag. */
  at: Float64Array;
  means: Float64Array;
  stats: Statistics;
}

/** 1 and Gaussian bumps centred evenly on [-1, 1]. */
export const features = (x: number): number[] => [
  1,
  ...Array.from({ length: TERMS - 1 }, (_, j) => Math.exp(-0.5 * ((x + 1 - (2 * j) / (TERMS - 2)) / WIDTH) ** 2)),
];

/** The same people and noise for every k and sigma: moving a knob moves the picture, it does not draw it anew. */
export function makeToy(random: Prng, k: number, sigma: number): Toy {
  const m = Math.floor(PEOPLE / k);
  const n = m * k;
  const order = random.fork('order').permutation(PEOPLE);
  const jitter = random.fork('jitter');
  const noise = random.fork('noise');
  const places = Array.from({ length: PEOPLE }, (_, i) => -1 + (2 * (i + jitter.next())) / PEOPLE);
  const x = Float64Array.from({ length: n }, (_, i) => places[order[i]]);
  const y = x.map((v) => truthAt(v) + 0.5 * sigma * noise.normal());
  const means = bagMeans(y, k);
  const phi = new Float64Array(TERMS * n);
  x.forEach((v, i) =>
    features(v).forEach((f, j) => {
      phi[j * n + i] = f;
    }),
  );
  return { m, k, x, y, at: bagMeans(x, k), means, stats: statistics({ d: TERMS, m, k, x: phi, means }) };
}

export type Curve = (x: number) => number;
/** The curve that minimises the interpolated loss. */
export function fit({ stats }: Toy, rho: number): Curve {
  const theta = interpolate(stats, rho);
  return (x) => features(x).reduce((s, f, j) => s + f * theta[j], 0);
}
/** Mean prediction of each bag. */
export const bagPredictions = ({ x, k }: Toy, curve: Curve): Float64Array => bagMeans(x.map(curve), k);
/** Mean squared distance from the truth over the line. */
export function distance(curve: Curve): number {
  const at = Array.from({ length: 101 }, (_, i) => -1 + i / 50);
  return at.reduce((s, x) => s + (curve(x) - truthAt(x)) ** 2, 0) / at.length;
}
