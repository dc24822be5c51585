// How well a clustering fits: to known classes (NMI, ARI, accuracy) or by itself (silhouette).
import { invariant } from '../invariant.ts';
import { assign } from './assignment.ts';
import { rowsOf, squaredDistance } from './rows.ts';

interface Table {
  /** [rows, columns] counts. */
  counts: Float64Array;
  rowTotals: Float64Array;
  columnTotals: Float64Array;
  n: number;
}

/** Counts of pairs of labels; labels may be any numbers. */
function contingency(where: string, a: ArrayLike<number>, b: ArrayLike<number>): Table {
  invariant(a.length === b.length, () => `${where}: expected as many labels; got ${a.length} and ${b.length}`);
  const rows = indexOf(a);
  const columns = indexOf(b);
  const counts = new Float64Array(rows.size * columns.size);
  const rowTotals = new Float64Array(rows.size);
  const columnTotals = new Float64Array(columns.size);
  for (let i = 0; i < a.length; i++) {
    const row = rows.get(a[i])!;
    const column = columns.get(b[i])!;
    counts[row * columns.size + column]++;
    rowTotals[row]++;
    columnTotals[column]++;
  }
  return { counts, rowTotals, columnTotals, n: a.length };
}

function indexOf(labels: ArrayLike<number>): Map<number, number> {
  const known = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) if (!known.has(labels[i])) known.set(labels[i], known.size);
  return known;
}

/** Mutual information over the mean of the two entropies; 1 when both have a single label. Symmetric, 0..1, not corrected for chance. */
export function normalisedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { counts, rowTotals, columnTotals, n } = contingency('normalisedMutualInformation', a, b);
  const columns = columnTotals.length;
  let shared = 0;
  counts.forEach((count, k) => {
    if (count === 0) return;
    const expected = rowTotals[Math.floor(k / columns)] * columnTotals[k % columns];
    shared += (count / n) * Math.log((count * n) / expected);
  });
  const entropies = entropy(rowTotals, n) + entropy(columnTotals, n);
  return entropies === 0 ? 1 : Math.max(0, (2 * shared) / entropies);
}

const entropy = (counts: Float64Array, n: number): number =>
  -counts.reduce((sum, c) => sum + (c / n) * Math.log(c / n), 0);

/** Rand index corrected for chance (Hubert & Arabie 1985): 1 for equal partitions, 0 expected for random ones. */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { counts, rowTotals, columnTotals, n } = contingency('adjustedRandIndex', a, b);
  const pairs = (v: Float64Array): number => v.reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
  const rows = pairs(rowTotals);
  const columns = pairs(columnTotals);
  const expected = (rows * columns) / ((n * (n - 1)) / 2 || 1);
  const largest = (rows + columns) / 2;
  // both are one cluster, or both only single rows: equal partitions
  return largest === expected ? 1 : (pairs(counts) - expected) / (largest - expected);
}

/** Share of rows that are right under the best one-to-one map of clusters to classes. */
export function clusteringAccuracy(clusters: ArrayLike<number>, classes: ArrayLike<number>): number {
  const { counts, rowTotals, columnTotals, n } = contingency('clusteringAccuracy', clusters, classes);
  const columns = columnTotals.length;
  const chosen = assign(
    counts.map((c) => -c),
    rowTotals.length,
    columns,
  );
  return chosen.reduce((sum, column, row) => sum + (column < 0 ? 0 : counts[row * columns + column]), 0) / n;
}

/**
 * Silhouette of each row (Rousseeuw 1987): (b - a) / max(a, b), a its mean distance to its own cluster, b to the nearest other; 0 alone in a cluster.
 * @param values [rows, D]
 * @param labels [rows], 0..k-1
 * @returns [rows]; NaN when there is only one cluster
 */
export function silhouettes(values: ArrayLike<number>, labels: ArrayLike<number>, D: number): Float64Array {
  const n = rowsOf('silhouettes', values, D);
  const x = Float64Array.from(values);
  const k = Array.from(labels).reduce((top, label) => Math.max(top, label + 1), 0);
  const counts = new Float64Array(k);
  for (let i = 0; i < n; i++) counts[labels[i]]++;
  return Float64Array.from({ length: n }, (_, i) => {
    const sums = new Float64Array(k);
    for (let j = 0; j < n; j++) sums[labels[j]] += Math.sqrt(squaredDistance(x, i * D, x, j * D, D));
    return silhouetteOf(sums, counts, labels[i]);
  });
}

function silhouetteOf(sums: Float64Array, counts: Float64Array, own: number): number {
  let nearest = Infinity;
  sums.forEach((sum, c) => {
    if (c !== own && counts[c] > 0) nearest = Math.min(nearest, sum / counts[c]);
  });
  if (nearest === Infinity) return NaN;
  if (counts[own] === 1) return 0;
  const inside = sums[own] / (counts[own] - 1);
  return inside === nearest ? 0 : (nearest - inside) / Math.max(inside, nearest);
}
