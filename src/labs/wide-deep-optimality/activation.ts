// Activations by their Hermite coefficients, and what an infinitely wide layer makes of them: the dual activation.
// phi = sum a_k h_k with orthonormal h_k and sum a_k^2 = 1; dual(xi) = sum a_k^2 xi^k. All values as logarithms.

/** How one layer moves the kernel, for xi in (0, 1]. */
export interface Dual {
  /** log dual(e^s), s = log xi <= 0; exact near s = 0. */
  log(s: number): number;
  /** log dual'(e^s). */
  logSlope(s: number): number;
}

/** What decides the limit of depth. */
export interface Constants {
  /** A = E phi = a_0. */
  a: number;
  /** A' = E phi' = a_1. */
  slope: number;
  /** B' = E phi'^2 = dual'(1). */
  spread: number;
}

export type Limit = 'nearest' | 'majority' | 'singular' | 'degenerate';

export interface Activation {
  name: string;
  dual: Dual;
  constants: Constants;
  limit: Limit;
  phi(x: number): number;
}

const HERMITE = [
  () => 1,
  (x: number) => x,
  (x: number) => (x * x - 1) / Math.SQRT2,
  (x: number) => (x * x * x - 3 * x) / Math.sqrt(6),
] as const;

/** a_0 .. a_3, brought to unit length. @throws Error when all are zero */
export function polynomial(name: string, coefficients: readonly number[]): Activation {
  const norm = Math.hypot(...coefficients);
  if (!(norm > 0))
    throw new Error(`polynomial: expected a coefficient other than zero; got ${coefficients.join(', ')}`);
  const a = coefficients.map((v) => v / norm);
  const squares = a.map((v) => v * v);
  const constants = { a: a[0], slope: a[1], spread: squares.reduce((sum, q, k) => sum + k * q, 0) };
  return {
    name,
    dual: { log: (s) => logSeries(squares, s), logSlope: slopeOf(squares) },
    constants,
    limit: limitOf(constants),
    phi: (x) => a.reduce((sum, v, k) => sum + v * HERMITE[k](x), 0),
  };
}

/** The paper's family: dual t xi + (1 - 2t) xi^2 + t xi^3 with t = 2^(-alpha/2); B' = 2, so the power is alpha, >= 2. */
export function withPower(alpha: number): Activation {
  const t = 2 ** (-alpha / 2);
  return polynomial(`α = ${Number(alpha.toFixed(2))}`, [
    0,
    Math.sqrt(t),
    Math.sqrt(Math.max(0, 1 - 2 * t)),
    Math.sqrt(t),
  ]);
}

/** ReLU, scaled by sqrt 2; its dual is the arc-cosine kernel of degree 1. */
export const relu: Activation = {
  name: 'ReLU',
  // with theta = arccos xi: dual = xi (1 + (tan theta - theta) / pi), dual' = 1 - theta / pi
  dual: {
    log: (s) => s + Math.log1p(tangentExcess(s) / Math.PI),
    logSlope: (s) => Math.log1p(-angleOf(s) / Math.PI),
  },
  constants: { a: 1 / Math.sqrt(Math.PI), slope: Math.SQRT1_2, spread: 1 },
  limit: 'degenerate',
  phi: (x) => Math.SQRT2 * Math.max(0, x),
};

/** alpha = -4 log A' / log B' where the limit is singular, else NaN. */
export const powerOf = ({ slope, spread }: Constants): number => (-4 * Math.log(slope)) / Math.log(spread);

/**
 * Coefficients with A = 0 and the given A' and B', by a_2 and a_3; null where none exist.
 * From a_1^2 + a_2^2 + a_3^2 = 1 and a_1^2 + 2 a_2^2 + 3 a_3^2 = B'.
 */
export function coefficientsFor(slope: number, spread: number): [number, number, number, number] | null {
  const first = slope * slope;
  const third = spread + first - 2;
  const second = 1 - first - third;
  if (third < -1e-9 || second < -1e-9 || slope < 0) return null;
  return [0, slope, Math.sqrt(Math.max(0, second)), Math.sqrt(Math.max(0, third))];
}

/** arccos of e^s, without cancellation near s = 0. */
const angleOf = (s: number): number => Math.atan2(Math.sqrt(-Math.expm1(2 * s)), Math.exp(s));

/** tan theta - theta, by its series where theta is small. */
function tangentExcess(s: number): number {
  const theta = angleOf(s);
  if (theta > 0.02) return Math.sqrt(Math.expm1(-2 * s)) - theta;
  const square = theta * theta;
  return theta * square * (1 / 3 + square * (2 / 15 + (square * 17) / 315));
}

function limitOf({ a, slope, spread }: Constants): Limit {
  if (spread <= 1 + 1e-9) return 'degenerate';
  if (a !== 0) return 'majority';
  return slope === 0 ? 'nearest' : 'singular';
}

/** log of sum q_k e^(ks): near s = 0 by what it lacks to 1, elsewhere with the lowest power taken out. */
function logSeries(q: readonly number[], s: number): number {
  if (s > -0.5) {
    const e = Math.expm1(s);
    let lack = 0;
    // e^(ks) - 1 from the one before
    let power = 0;
    for (let k = 1; k < q.length; k++) {
      power += e * (1 + power);
      lack += q[k] * power;
    }
    return Math.log1p(lack);
  }
  const lowest = q.findIndex((v) => v > 0);
  const x = Math.exp(s);
  let rest = 0;
  for (let k = q.length - 1; k >= lowest; k--) rest = rest * x + q[k];
  return lowest * s + Math.log(rest);
}

/** The derivative's series k q_k xi^(k-1), divided by its value at 1 so that the same sum serves. */
function slopeOf(q: readonly number[]): (s: number) => number {
  const raw = q.slice(1).map((v, k) => (k + 1) * v);
  const total = raw.reduce((sum, v) => sum + v, 0);
  if (total === 0) return () => -Infinity;
  const scaled = raw.map((v) => v / total);
  return (s) => Math.log(total) + logSeries(scaled, s);
}
