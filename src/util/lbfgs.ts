// Minimises a smooth function by L-BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5).
import { dot, norm } from './flat.ts';

/** Writes the gradient at `x` into `gradient` and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Stop when the largest entry of the gradient is at most this in size. */
  tolerance?: number;
  iterations?: number;
  /** How many past steps approximate the curvature. */
  memory?: number;
}
export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  /** Whether the gradient met the tolerance; false too when rounding allows no further descent. */
  hasConverged: boolean;
}
interface Pair {
  /** Step and change of gradient, with 1 / (s y). */
  s: Float64Array;
  y: Float64Array;
  rho: number;
}
interface Point {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** A minimum of `f` from `start`, which is kept. For convex `f` it is the minimum. */
export function lbfgs(
  f: Objective,
  start: ArrayLike<number>,
  { tolerance = 1e-8, iterations = 500, memory = 10 }: LbfgsOptions = {},
): Minimum {
  const at = (x: Float64Array): Point => {
    const gradient = new Float64Array(x.length);
    return { x, value: f(x, gradient), gradient };
  };
  const isFlat = ({ gradient }: Point) => gradient.every((g) => Math.abs(g) <= tolerance);
  let here = at(Float64Array.from(start));
  const pairs: Pair[] = [];
  let t = 0;
  for (; t < iterations && !isFlat(here); t++) {
    const direction = descent(here.gradient, pairs);
    const next = search(at, here, direction, pairs.length ? 1 : 1 / Math.max(1, norm(here.gradient)));
    if (!next) break;
    remember(pairs, here, next, memory);
    here = next;
  }
  return { x: here.x, value: here.value, iterations: t, hasConverged: isFlat(here) };
}

/** Minus the inverse curvature of the pairs times the gradient: the two-loop recursion. */
function descent(gradient: Float64Array, pairs: Pair[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    alphas[i] = pairs[i].rho * dot(pairs[i].s, q);
    addTo(q, pairs[i].y, -alphas[i]);
  }
  const last = pairs.at(-1);
  if (last) scale(q, 1 / (last.rho * dot(last.y, last.y)));
  pairs.forEach(({ s, y, rho }, i) => addTo(q, s, alphas[i] - rho * dot(y, q)));
  return q;
}

/** A point along `direction` that meets the weak Wolfe conditions, by bisection and doubling (Lewis & Overton 2013); undefined when none descends. */
function search(
  at: (x: Float64Array) => Point,
  from: Point,
  direction: Float64Array,
  first: number,
): Point | undefined {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  let low = 0;
  let high = Infinity;
  let step = first;
  let best: Point | undefined;
  for (let tries = 0; tries < 50; tries++) {
    const x = from.x.slice();
    addTo(x, direction, step);
    const next = at(x);
    if (!(next.value <= from.value + 1e-4 * step * slope)) high = step;
    else {
      best = next;
      if (dot(next.gradient, direction) >= 0.9 * slope) return next;
      low = step;
    }
    step = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}

function remember(pairs: Pair[], from: Point, to: Point, memory: number): void {
  const s = to.x.map((v, i) => v - from.x[i]);
  const y = to.gradient.map((v, i) => v - from.gradient[i]);
  const curvature = dot(s, y);
  if (curvature <= 1e-14 * norm(s) * norm(y)) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > memory) pairs.shift();
}

function addTo(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] *= factor;
}
