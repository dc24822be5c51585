// Gauss quadrature of any order by eigenvalues of the Jacobi matrix (Golub & Welsch 1969).
import { symmetricEigen } from './linear-algebra.ts';
import { invariant } from './invariant.ts';

/** The integral of f is nearly the sum of weights[i] f(nodes[i]). */
export interface Quadrature {
  /** Ascending. */
  nodes: Float64Array;
  weights: Float64Array;
}

/**
 * Integrals over [-1, 1], exact for polynomials of degree up to 2n - 1.
 * @throws Error unless n is a positive integer
 */
export const gaussLegendre = (n: number): Quadrature =>
  golubWelsch('gaussLegendre', n, (k) => k / Math.sqrt(4 * k * k - 1), 2);

/**
 * Means over a standard normal variable: E f(z), exact for polynomials of degree up to 2n - 1. The weights add up to 1; those of
 * the physicists' rule are sqrt(pi) times these, its nodes these over sqrt(2).
 * @throws Error unless n is a positive integer
 */
export const gaussHermite = (n: number): Quadrature => golubWelsch('gaussHermite', n, Math.sqrt, 1);

/** E f(z) for z ~ N(mean, deviation^2). */
export function normalMean({ nodes, weights }: Quadrature, f: (z: number) => number, mean = 0, deviation = 1): number {
  return nodes.reduce((sum, z, i) => sum + weights[i] * f(mean + deviation * z), 0);
}

/** The integral of f over [low, high] by a Gauss-Legendre rule. */
export function integrate({ nodes, weights }: Quadrature, f: (x: number) => number, low: number, high: number): number {
  const half = (high - low) / 2;
  return half * nodes.reduce((sum, x, i) => sum + weights[i] * f(low + half * (x + 1)), 0);
}

/** For an even weight function: the Jacobi matrix has a zero diagonal and `beside(k)` next to it; nodes are its eigenvalues, weights the squared first entries of its eigenvectors times the mass. */
function golubWelsch(where: string, n: number, beside: (k: number) => number, mass: number): Quadrature {
  invariant(Number.isInteger(n) && n >= 1, () => `${where}: expected a positive number of nodes; got ${n}`);
  const jacobi = new Float64Array(n * n);
  for (let k = 1; k < n; k++) {
    jacobi[k * n + k - 1] = beside(k);
    jacobi[(k - 1) * n + k] = beside(k);
  }
  const { values, vectors } = symmetricEigen(jacobi, n);
  // descending from the eigensolver; the rule is symmetric about 0, which rounding is not
  const nodes = values.map((v, i) => (values[n - 1 - i] - v) / 2);
  const raw = values.map((_, i) => mass * vectors[i * n] ** 2);
  return { nodes, weights: raw.map((w, i) => (w + raw[n - 1 - i]) / 2) };
}
