// The cheapest one-to-one assignment of rows to columns: the Hungarian problem.
import { invariant } from '../invariant.ts';

/**
 * Column of each row so that the sum of costs is smallest; -1 for rows left over when there are more rows than columns.
 * Shortest augmenting paths with dual variables, O(n^2 m) (Jonker & Volgenant 1987).
 * @param cost [rows, columns], row-major, finite
 * @returns [rows]
 */
export function assign(cost: ArrayLike<number>, rows: number, columns: number): Int32Array {
  invariant(
    cost.length === rows * columns,
    () => `assign: expected ${rows} by ${columns} costs; got ${cost.length} values`,
  );
  for (let i = 0; i < cost.length; i++)
    invariant(Number.isFinite(cost[i]), 'assign: expected finite costs; got NaN or infinity');
  if (rows <= columns) return assignWide((i, j) => cost[i * columns + j], rows, columns);
  const out = new Int32Array(rows).fill(-1);
  assignWide((i, j) => cost[j * columns + i], columns, rows).forEach((row, column) => {
    out[row] = column;
  });
  return out;
}

/** Every row gets a column; n <= m. */
function assignWide(cost: (i: number, j: number) => number, n: number, m: number): Int32Array {
  const rowPrice = new Float64Array(n);
  const columnPrice = new Float64Array(m);
  const rowOf = new Int32Array(m).fill(-1);
  for (let i = 0; i < n; i++) augment(i, cost, m, rowPrice, columnPrice, rowOf);
  const out = new Int32Array(n);
  rowOf.forEach((row, column) => {
    if (row >= 0) out[row] = column;
  });
  return out;
}

/** Gives row `start` a column along the path of least reduced cost; rows on the path move on to their next column. */
function augment(
  start: number,
  cost: (i: number, j: number) => number,
  m: number,
  rowPrice: Float64Array,
  columnPrice: Float64Array,
  rowOf: Int32Array,
): void {
  const distance = new Float64Array(m).fill(Infinity);
  const from = new Int32Array(m).fill(-1);
  const settled: number[] = [];
  const isSettled = new Uint8Array(m);
  let row = start;
  let column = -1;
  let reached = 0;
  for (;;) {
    for (let j = 0; j < m; j++) {
      if (isSettled[j]) continue;
      const d = reached + cost(row, j) - rowPrice[row] - columnPrice[j];
      if (d < distance[j]) {
        distance[j] = d;
        from[j] = row;
      }
    }
    column = nearest(distance, isSettled);
    reached = distance[column];
    if (rowOf[column] < 0) break;
    isSettled[column] = 1;
    settled.push(column);
    row = rowOf[column];
  }
  rowPrice[start] += reached;
  for (const j of settled) {
    rowPrice[rowOf[j]] += reached - distance[j];
    columnPrice[j] -= reached - distance[j];
  }
  const columnOf = new Map(settled.map((j) => [rowOf[j], j]));
  while (column >= 0) {
    const owner = from[column];
    rowOf[column] = owner;
    column = columnOf.get(owner) ?? -1;
  }
}

function nearest(distance: Float64Array, isSettled: Uint8Array): number {
  let best = -1;
  for (let j = 0; j < distance.length; j++) {
    if (!isSettled[j] && (best < 0 || distance[j] < distance[best])) best = j;
  }
  return best;
}
