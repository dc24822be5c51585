// The neural tangent kernel of a deep, infinitely wide network, at any depth, as a table over the cosine xi.
// Sigma_0 = K_0 = xi; Sigma <- dual(Sigma); K <- K dual'(Sigma before) + Sigma. Everything in logarithms, since
// Sigma falls like xi^(2^l) for some activations; beyond some layers the recursion has a closed form.
import type { Activation } from './activation.ts';

/** The table runs over x = log((1 - xi) / xi): fine near both ends. */
const LOW = Math.log(1e-12);
const HIGH = Math.log(1e6);
/** Layers after which what is left follows in closed form, or stands still. */
const MOST_LAYERS = 1000;
const NEAREST_LAYERS = 60;
/** Sigma below e^SMALL: the dual is its lowest power alone. */
const SMALL = -36;

export interface KernelTable {
  nodes: number;
  /** log K_L at the nodes, falling. */
  log: Float64Array;
  /** log K_L(x, x). */
  logDiagonal: number;
}

/** Place of a cosine in the table, 0 .. nodes - 1. */
export function placeOf(cosine: number, nodes: number): number {
  const x = Math.log((1 - cosine) / Math.max(cosine, 1e-300));
  const at = ((x - LOW) / (HIGH - LOW)) * (nodes - 1);
  return Math.min(nodes - 1, Math.max(0, at));
}

/** Cosine at a place of the table. */
export const cosineAt = (place: number, nodes: number): number =>
  1 / (1 + Math.exp(LOW + (place / (nodes - 1)) * (HIGH - LOW)));

/** log K between the nodes, by a straight line: keeps the order of the values however steep they fall. */
export function readTable({ log, nodes }: KernelTable, place: number): number {
  const i = Math.min(nodes - 2, Math.floor(place));
  return log[i] + (place - i) * (log[i + 1] - log[i]);
}

/** log K by the cubic through four nodes: precise enough for solves, where the kernel is smooth. */
export function readSmooth({ log, nodes }: KernelTable, place: number): number {
  const i = Math.min(nodes - 3, Math.max(1, Math.floor(place)));
  const t = place - i;
  const [before, here, next, after] = [log[i - 1], log[i], log[i + 1], log[i + 2]];
  const inner = (t - 1) * (t - 2);
  const outer = t * (t + 1);
  return (
    (-t * inner * before) / 6 +
    ((t + 1) * inner * here) / 2 -
    (outer * (t - 2) * next) / 2 +
    (outer * (t - 1) * after) / 6
  );
}

/** @param depth L >= 1 */
export function kernelTable(activation: Activation, depth: number, nodes = 1024): KernelTable {
  const layers = reach(activation, depth);
  const log = Float64Array.from({ length: nodes }, (_, i) => logKernel(activation, logCosine(i, nodes), layers));
  return { nodes, log, logDiagonal: logDiagonal(activation.constants, layers) };
}

/** The depth that is computed: a degenerate kernel neither settles nor has a closed form, and is held at the last layer counted. */
export const reach = ({ limit }: Activation, depth: number): number =>
  limit === 'degenerate' ? Math.min(depth, MOST_LAYERS) : depth;

/** log K_L at log xi. */
export function logKernel({ dual, limit, constants }: Activation, logXi: number, depth: number): number {
  const most = Math.min(depth, limit === 'nearest' ? NEAREST_LAYERS : MOST_LAYERS);
  let sigma = logXi;
  let log = logXi;
  for (let layer = 0; layer < most; layer++) {
    // singular: from here Sigma <- A'^2 Sigma and K <- A'^2 (K + Sigma)
    if (limit === 'singular' && sigma < SMALL)
      return logAdd(log, sigma + Math.log(depth - layer)) + 2 * (depth - layer) * Math.log(constants.slope);
    const next = dual.log(sigma);
    const value = logAdd(log + dual.logSlope(sigma), next);
    const isSettled = Math.abs(value - log) < 1e-13 && Math.abs(next - sigma) < 1e-13;
    log = value;
    sigma = next;
    if (limit === 'majority' && isSettled) break;
  }
  // nearest: the order of the values no longer changes; the others stand at the last layer computed
  return log;
}

/** log s(xi), s = lim Sigma_l / A'^(2l): the limit kernel of a singular activation at the table's nodes, infinitely deep. */
export function limitKernel(activation: Activation, nodes = 1024): Float64Array {
  const each = 2 * Math.log(activation.constants.slope);
  return Float64Array.from({ length: nodes }, (_, i) => {
    let sigma = logCosine(i, nodes);
    let layers = 0;
    while (sigma > SMALL && layers < 10 * MOST_LAYERS) {
      sigma = activation.dual.log(sigma);
      layers++;
    }
    return sigma - layers * each;
  });
}

/** Slope of a log kernel over log distance, least squares between two distances ||x - x'||. */
export function fittedPower(log: ArrayLike<number>, [from, to]: readonly [number, number]): number {
  const nodes = log.length;
  const points = Array.from({ length: nodes }, (_, i) => {
    const distance = distanceAt(i, nodes);
    return { x: Math.log(distance), y: log[i], isIn: distance >= from && distance <= to };
  }).filter((p) => p.isIn);
  const mx = points.reduce((s, p) => s + p.x, 0) / points.length;
  const my = points.reduce((s, p) => s + p.y, 0) / points.length;
  const top = points.reduce((s, p) => s + (p.x - mx) * (p.y - my), 0);
  return -top / points.reduce((s, p) => s + (p.x - mx) ** 2, 0);
}

/** Chord of the unit sphere: ||x - x'||^2 = 2 - 2 xi. */
export const distanceAt = (place: number, nodes: number): number =>
  Math.sqrt(2 / (1 + Math.exp(-(LOW + (place / (nodes - 1)) * (HIGH - LOW)))));

/** log xi without cancellation near 1. */
const logCosine = (place: number, nodes: number): number =>
  -Math.log1p(Math.exp(LOW + (place / (nodes - 1)) * (HIGH - LOW)));

/** log(e^a + e^b). */
function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** log K_L(x, x), where K <- B' K + 1 from 1: a geometric sum of L + 1 terms. */
function logDiagonal({ spread }: Activation['constants'], depth: number): number {
  const terms = depth + 1;
  if (Math.abs(spread - 1) < 1e-9) return Math.log(terms);
  if (spread < 1) return Math.log(-Math.expm1(terms * Math.log(spread)) / (1 - spread));
  const grown = terms * Math.log(spread);
  return grown + Math.log(-Math.expm1(-grown)) - Math.log(spread - 1);
}
