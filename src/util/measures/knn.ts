// Classification by the labels of the nearest rows.
import { invariant } from '../invariant.ts';
import { rowsOf, squaredDistance, unitRows } from './rows.ts';

export interface KnnOptions {
  k: number;
  classes: number;
  /** By cosine (rows are scaled to length 1 first) or by Euclidean distance. */
  metric?: 'cosine' | 'euclidean';
  /** Votes weigh exp(cosine / temperature), as in Wu et al. 2018; absent: one vote each. For metric cosine. */
  temperature?: number;
}

/**
 * Predicted class of each query: that with the most votes among the k nearest; among equal votes that of the nearest row.
 * Among rows at equal distance the earlier is nearer.
 * @param train values [n, D], labels [n]
 * @param queries [m, D]
 * @returns [m]
 */
export function nearestNeighbours(
  train: { values: ArrayLike<number>; labels: ArrayLike<number> },
  queries: ArrayLike<number>,
  D: number,
  { k, classes, metric = 'cosine', temperature }: KnnOptions,
): Int32Array {
  const n = rowsOf('nearestNeighbours', train.values, D);
  invariant(k >= 1 && k <= n, () => `nearestNeighbours: expected 1 to ${n} neighbours; got ${k}`);
  invariant(
    temperature === undefined || metric === 'cosine',
    'nearestNeighbours: expected a temperature with metric cosine only; got one with euclidean',
  );
  const prepare = (v: ArrayLike<number>) => (metric === 'cosine' ? unitRows(v, D) : Float64Array.from(v));
  const rows = prepare(train.values);
  const asked = prepare(queries);
  const nearest = new NearestList(k);
  return Int32Array.from({ length: rowsOf('nearestNeighbours', queries, D) }, (_, q) => {
    nearest.clear();
    for (let r = 0; r < n; r++) nearest.offer(r, squaredDistance(rows, r * D, asked, q * D, D));
    return vote(nearest, train.labels, classes, temperature);
  });
}

/** The k rows of least distance so far, nearest first. */
class NearestList {
  readonly rows: Int32Array;
  readonly distances: Float64Array;
  constructor(k: number) {
    this.rows = new Int32Array(k);
    this.distances = new Float64Array(k);
  }
  clear(): void {
    this.distances.fill(Infinity);
    this.rows.fill(-1);
  }
  offer(row: number, distance: number): void {
    let at = this.rows.length - 1;
    if (!(distance < this.distances[at])) return;
    for (; at > 0 && distance < this.distances[at - 1]; at--) {
      this.distances[at] = this.distances[at - 1];
      this.rows[at] = this.rows[at - 1];
    }
    this.distances[at] = distance;
    this.rows[at] = row;
  }
}

/** For unit rows cosine = 1 - distance^2 / 2; the constant factor exp(1 / temperature) is left out. */
function vote(
  { rows, distances }: NearestList,
  labels: ArrayLike<number>,
  classes: number,
  temperature?: number,
): number {
  const votes = new Float64Array(classes);
  rows.forEach((row, i) => {
    if (row >= 0) votes[labels[row]] += temperature ? Math.exp(-distances[i] / (2 * temperature)) : 1;
  });
  let best = -1;
  // nearest first, so that the first of equal votes has the nearest row
  for (const row of rows) {
    if (row >= 0 && (best < 0 || votes[labels[row]] > votes[best])) best = labels[row];
  }
  return best;
}

/**
 * The k nearest rows of each row, itself left out, nearest first.
 * @param values [n, D]
 * @returns [n, k]
 */
export function neighbourTable(values: ArrayLike<number>, D: number, k: number): Int32Array {
  const n = rowsOf('neighbourTable', values, D);
  invariant(k >= 1 && k < n, () => `neighbourTable: expected 1 to ${n - 1} neighbours; got ${k}`);
  const x = Float64Array.from(values);
  const out = new Int32Array(n * k);
  const nearest = new NearestList(k);
  for (let i = 0; i < n; i++) {
    nearest.clear();
    for (let j = 0; j < n; j++) if (j !== i) nearest.offer(j, squaredDistance(x, i * D, x, j * D, D));
    out.set(nearest.rows, i * k);
  }
  return out;
}
