// The classifiers: the kernel machine sign(K(x, X) K(X, X)^-1 y) and its limits, votes over the training points.
import { factorInPlace, solveFactored } from '../../util/dense-cholesky.ts';
import { kernelTable, placeOf, readSmooth, readTable, type KernelTable } from './kernel.ts';
import type { Activation } from './activation.ts';
import type { Sample } from './octant.ts';

/** Off-diagonal sums below this share of the diagonal change no weight by more than the share: the solve is the labels. */
const DOMINANT = 1e-4;
/** Against rounding, as shares of the diagonal; the first with which the matrix can be factored. Shallow polynomial kernels are singular. */
const JITTERS = [1e-9, 1e-8, 1e-7, 1e-6];
/** Weights below e^-36 of the largest are lost in rounding anyway. */
const NEGLIGIBLE = -36;

/** Places in the kernel's table of every pair, and the nearest of `to` for each of `from`. */
export interface Pairs {
  rows: number;
  cols: number;
  nodes: number;
  /** [rows, cols] */
  place: Float64Array;
  /** Least place of each row: that of its nearest point. */
  least: Float64Array;
}

export function pairsOf(from: Pick<Sample, 'n' | 'width' | 'points'>, to: Sample, nodes: number): Pairs {
  const { width } = to;
  const place = new Float64Array(from.n * to.n);
  for (let i = 0; i < from.n; i++)
    for (let j = 0; j < to.n; j++) {
      let cosine = 0;
      for (let k = 0; k < width; k++) cosine += from.points[i * width + k] * to.points[j * width + k];
      place[i * to.n + j] = placeOf(Math.min(cosine, 1), nodes);
    }
  const least = Float64Array.from({ length: from.n }, (_, i) => leastOf(place, i * to.n, to.n));
  return { rows: from.n, cols: to.n, nodes, place, least };
}

function leastOf(values: Float64Array, start: number, count: number): number {
  let least = Infinity;
  for (let j = 0; j < count; j++) least = Math.min(least, values[start + j]);
  return least;
}

export interface Machine {
  table: KernelTable;
  /** One weight per training point. */
  weights: Float64Array;
  /** The kernel matrix is diagonal in effect: the weights are the labels, nothing was solved. */
  isVote: boolean;
}

/** Machines on the first n training points, for each n of `sizes`; one factor serves all. @param gram pairs of training points */
export function machines(
  activation: Activation,
  depth: number,
  gram: Pairs,
  labels: Int8Array,
  sizes: readonly number[],
): Machine[] {
  const table = kernelTable(activation, depth, gram.nodes);
  const most = Math.max(...sizes);
  if (mostOffDiagonal(table, gram, most) < DOMINANT)
    return sizes.map((n) => ({ table, weights: Float64Array.from(labels.subarray(0, n)), isVote: true }));
  const factor = factorOf(table, gram, most);
  return sizes.map((n) => ({ table, weights: solveFactored(factor, most, labels, n), isVote: false }));
}

/** Largest sum of a row's off-diagonal entries over the diagonal, upper bound by the largest entry where that suffices. */
function mostOffDiagonal(table: KernelTable, { place, cols }: Pairs, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++)
      if (j !== i) {
        const value = readTable(table, place[i * cols + j]) - table.logDiagonal;
        if (value > -60) sum += Math.exp(value);
      }
    most = Math.max(most, sum);
    if (most > DOMINANT) break;
  }
  return most;
}

/** Cholesky factor of K / diagonal of the first n points. */
function factorOf(table: KernelTable, { place, cols }: Pairs, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      matrix[i * n + j] = Math.exp(readSmooth(table, place[i * cols + j]) - table.logDiagonal);
  for (const jitter of JITTERS) {
    // the upper half stays through every try
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i];
      matrix[i * n + i] = 1 + jitter;
    }
    const isLast = jitter === JITTERS.at(-1);
    try {
      return factorInPlace(matrix, n);
    } catch (error) {
      if (isLast) throw error;
    }
  }
  throw new Error('internal: no jitter to try');
}

/** Weighted sum of one row, divided by the largest kernel value there and the sum of |weight| kernel: in -1 .. 1. */
export function scoreRow({ table, weights, isVote }: Machine, { place, cols, least }: Pairs, row: number): number {
  const n = weights.length;
  const start = row * cols;
  const nearest = n === cols ? least[row] : leastOf(place, start, n);
  const read = isVote ? readTable : readSmooth;
  const top = read(table, nearest);
  let sum = 0;
  let total = 0;
  for (let j = 0; j < n; j++) {
    const value = read(table, place[start + j]) - top;
    if (value < NEGLIGIBLE) continue;
    const part = weights[j] * Math.exp(value);
    sum += part;
    total += Math.abs(part);
  }
  return sum / total;
}

/** ±1 per row. */
export const classify = (machine: Machine, pairs: Pairs): Int8Array =>
  Int8Array.from({ length: pairs.rows }, (_, row) => (scoreRow(machine, pairs, row) >= 0 ? 1 : -1));

// ---------------------------------------------------------------- references

/** Label of the nearest of the first n points. */
export function nearest({ place, rows, cols }: Pairs, labels: Int8Array, n: number): Int8Array {
  return Int8Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let j = 1; j < n; j++) if (place[row * cols + j] < place[row * cols + best]) best = j;
    return labels[best];
  });
}

/** The label of most of the k nearest among the first n points. @param k odd */
export function kNearest({ place, rows, cols }: Pairs, labels: Int8Array, n: number, k: number): Int8Array {
  return Int8Array.from({ length: rows }, (_, row) => {
    const at = place.subarray(row * cols, row * cols + n);
    const limit = Float64Array.from(at).sort()[Math.min(k, n) - 1];
    let votes = 0;
    for (let j = 0; j < n; j++) if (at[j] <= limit) votes += labels[j];
    return votes >= 0 ? 1 : -1;
  });
}

/** The label of most training points, everywhere. */
export function majority(rows: number, labels: Int8Array, n: number): Int8Array {
  const votes = labels.subarray(0, n).reduce((sum, y) => sum + y, 0);
  return new Int8Array(rows).fill(votes >= 0 ? 1 : -1);
}

/** A machine that votes with 1 / distance^power. */
export function powerVote(
  power: number,
  labels: Int8Array,
  n: number,
  nodes: number,
  logDistance: Float64Array,
): Machine {
  const table = { nodes, log: logDistance.map((d) => -power * d), logDiagonal: Infinity };
  return { table, weights: Float64Array.from(labels.subarray(0, n)), isVote: true };
}
