// K-means: Lloyd's iterations from k-means++ starts.
import { invariant } from '../invariant.ts';
import type { Prng } from '../prng.ts';
import { rowsOf, squaredDistance } from './rows.ts';

export interface Clusters {
  /** [k, D] */
  centres: Float64Array;
  /** [rows], 0..k-1 */
  labels: Int32Array;
  /** Sum of squared distances of rows to their centres. */
  inertia: number;
  /** Passes over the rows until no row moved. */
  iterations: number;
}
export interface KMeansOptions {
  k: number;
  /** Best of so many starts, by inertia. */
  starts?: number;
  iterations?: number;
  /** [k, D]; given, it is the only start. */
  centres?: ArrayLike<number>;
}

/**
 * Lloyd's algorithm from k-means++ seeds (Arthur & Vassilvitskii 2007). A cluster that loses all rows takes the row farthest from
 * its centre; where every row lies on its centre it stays empty.
 * @param values [rows, D], finite
 * @throws Error for more clusters than rows or a value that is not finite
 */
export function kMeans(
  random: Prng,
  values: ArrayLike<number>,
  D: number,
  { k, starts = 1, iterations = 100, centres }: KMeansOptions,
): Clusters {
  const n = rowsOf('kMeans', values, D);
  const x = Float64Array.from(values);
  invariant(k >= 1 && k <= n, () => `kMeans: expected 1 to ${n} clusters; got ${k}`);
  invariant(x.every(Number.isFinite), 'kMeans: expected finite values; got NaN or infinity');
  invariant(
    !centres || centres.length === k * D,
    () => `kMeans: expected ${k} centres of ${D} values; got ${centres!.length} values`,
  );
  if (centres) return lloyd(x, Float64Array.from(centres), D, iterations);
  let best: Clusters | undefined;
  for (let start = 0; start < starts; start++) {
    const found = lloyd(x, plusPlus(random.fork('start', start), x, n, D, k), D, iterations);
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** Rows drawn one after the other, each with probability in proportion to its squared distance to the nearest drawn before. */
function plusPlus(random: Prng, x: Float64Array, n: number, D: number, k: number): Float64Array {
  const centres = new Float64Array(k * D);
  const nearest = new Float64Array(n).fill(Infinity);
  let chosen = random.int(n);
  for (let c = 0; c < k; c++) {
    centres.set(x.subarray(chosen * D, (chosen + 1) * D), c * D);
    let total = 0;
    for (let r = 0; r < n; r++) {
      nearest[r] = Math.min(nearest[r], squaredDistance(x, r * D, centres, c * D, D));
      total += nearest[r];
    }
    chosen = total > 0 ? drawFrom(nearest, random.next() * total) : random.int(n);
  }
  return centres;
}

/** First index at which the running sum of weights passes `mark`, of positive weight. */
function drawFrom(weights: Float64Array, mark: number): number {
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    mark -= weights[i];
    if (mark < 0) return i;
  }
  return last;
}

function lloyd(x: Float64Array, centres: Float64Array, D: number, limit: number): Clusters {
  const labels = new Int32Array(x.length / D).fill(-1);
  const distances = new Float64Array(labels.length);
  let iterations = 0;
  while (assignNearest(x, centres, D, labels, distances) > 0 && iterations < limit) {
    iterations++;
    moveCentres(x, centres, D, labels, distances);
  }
  return { centres, labels, inertia: distances.reduce((a, b) => a + b, 0), iterations };
}

/** Labels each row with its nearest centre, the first among equals. @returns how many labels changed */
function assignNearest(
  x: Float64Array,
  centres: Float64Array,
  D: number,
  labels: Int32Array,
  distances: Float64Array,
): number {
  let moved = 0;
  for (let r = 0; r < labels.length; r++) {
    let best = 0;
    let least = Infinity;
    for (let c = 0; c * D < centres.length; c++) {
      const d = squaredDistance(x, r * D, centres, c * D, D);
      if (d < least) {
        least = d;
        best = c;
      }
    }
    moved += Number(labels[r] !== best);
    labels[r] = best;
    distances[r] = least;
  }
  return moved;
}

function moveCentres(
  x: Float64Array,
  centres: Float64Array,
  D: number,
  labels: Int32Array,
  distances: Float64Array,
): void {
  const counts = new Float64Array(centres.length / D);
  for (const label of labels) counts[label]++;
  counts.forEach((count, c) => {
    if (count === 0) takeFarthest(c, labels, distances, counts);
  });
  counts.forEach((count, c) => {
    if (count > 0) centres.fill(0, c * D, (c + 1) * D);
  });
  for (let r = 0; r < labels.length; r++) {
    for (let d = 0; d < D; d++) centres[labels[r] * D + d] += x[r * D + d];
  }
  for (let i = 0; i < centres.length; i++) centres[i] /= counts[Math.floor(i / D)] || 1;
}

/** Moves the farthest row of a cluster of several rows into the empty cluster `c`, unless no row lies off its centre. */
function takeFarthest(c: number, labels: Int32Array, distances: Float64Array, counts: Float64Array): void {
  let row = -1;
  labels.forEach((label, r) => {
    if (counts[label] > 1 && distances[r] > (row < 0 ? 0 : distances[row])) row = r;
  });
  if (row < 0) return;
  counts[labels[row]]--;
  counts[c] = 1;
  labels[row] = c;
  distances[row] = 0;
}
