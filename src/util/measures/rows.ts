// Sets of vectors as the rows of one flat array: largest entries, lengths, cosines, class means.
import { invariant } from '../invariant.ts';

/** Number of rows of width D. @throws Error when the values fill no whole number of rows */
export function rowsOf(where: string, values: ArrayLike<number>, D: number): number {
  const rows = values.length / D;
  invariant(
    D >= 1 && Number.isInteger(rows),
    () => `${where}: expected rows of ${D} values; got ${values.length} values`,
  );
  return rows;
}

/**
 * Column of the largest entry of each row; among equal ones the first.
 * A row with a NaN has no largest entry: -1, which equals no label.
 * @param scores [rows, classes]
 * @returns [rows]
 */
export function argmaxRows(scores: ArrayLike<number>, classes: number): Int32Array {
  const rows = rowsOf('argmaxRows', scores, classes);
  const out = new Int32Array(rows);
  for (let r = 0; r < rows; r++) out[r] = argmaxOf(scores, r * classes, classes);
  return out;
}

function argmaxOf(scores: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let c = 0; c < count; c++) {
    const score = scores[from + c];
    if (Number.isNaN(score)) return -1;
    if (score > scores[from + best]) best = c;
  }
  return best;
}

/** Euclidean length of each row. @param values [rows, D] @returns [rows] */
export function rowNorms(values: ArrayLike<number>, D: number): Float64Array {
  const rows = rowsOf('rowNorms', values, D);
  const out = new Float64Array(rows);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / D)] += values[i] * values[i];
  return out.map(Math.sqrt);
}

/** Rows scaled to length 1; a zero row stays zero. @param values [rows, D] @returns [rows, D] */
export function unitRows(values: ArrayLike<number>, D: number): Float64Array {
  const norms = rowNorms(values, D);
  return Float64Array.from(values, (v, i) => v / (norms[Math.floor(i / D)] || 1));
}

/** Products of every row of `a` with every row of `b`. @param a [n, D] @param b [m, D] @returns [n, m] */
export function rowProducts(a: ArrayLike<number>, b: ArrayLike<number>, D: number): Float64Array {
  const left = Float64Array.from(a);
  const right = Float64Array.from(b);
  const n = rowsOf('rowProducts', a, D);
  const m = rowsOf('rowProducts', b, D);
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let total = 0;
      for (let d = 0; d < D; d++) total += left[i * D + d] * right[j * D + d];
      out[i * m + j] = total;
    }
  }
  return out;
}

/** Cosine of every row of `a` with every row of `b`; 0 where a row is zero. @param a [n, D] @param b [m, D] @returns [n, m] */
export const cosines = (a: ArrayLike<number>, b: ArrayLike<number>, D: number): Float64Array =>
  rowProducts(unitRows(a, D), unitRows(b, D), D);

/** Squared Euclidean distance of every row of `a` to every row of `b`. @param a [n, D] @param b [m, D] @returns [n, m] */
export function squaredDistances(a: ArrayLike<number>, b: ArrayLike<number>, D: number): Float64Array {
  const left = Float64Array.from(a);
  const right = Float64Array.from(b);
  const n = rowsOf('squaredDistances', a, D);
  const m = rowsOf('squaredDistances', b, D);
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[i * m + j] = squaredDistance(left, i * D, right, j * D, D);
  }
  return out;
}

/** Squared distance of the D values of `a` from `i` on to those of `b` from `j` on. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, D: number): number {
  let total = 0;
  for (let d = 0; d < D; d++) {
    const difference = a[i + d] - b[j + d];
    total += difference * difference;
  }
  return total;
}

/** Mean row. @param values [rows, D] @returns [D] */
export function meanRow(values: ArrayLike<number>, D: number): Float64Array {
  const rows = rowsOf('meanRow', values, D);
  const out = new Float64Array(D);
  for (let i = 0; i < values.length; i++) out[i % D] += values[i];
  return out.map((v) => v / rows);
}

/**
 * Mean row of each class; zero for a class without rows.
 * @param values [rows, D]
 * @param labels [rows], 0..classes-1
 * @returns [classes, D]
 */
export function classMeans(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  D: number,
  classes: number,
): Float64Array {
  const out = new Float64Array(classes * D);
  const counts = new Float64Array(classes);
  for (let r = 0; r < labels.length; r++) {
    counts[labels[r]]++;
    for (let d = 0; d < D; d++) out[labels[r] * D + d] += values[r * D + d];
  }
  return out.map((v, i) => v / (counts[Math.floor(i / D)] || 1));
}
