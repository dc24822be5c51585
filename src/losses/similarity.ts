// Similarity matrices for contrastive losses: unit rows, Gram matrix, masks for the diagonal.
import { matMul, swap } from '../graph/builder.ts';
import { BLOCKED } from '../nn/attention.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { invariant } from '../util/invariant.ts';

/** z z^T. z: [.., N, D] unit rows -> [.., N, N] cosines */
export const cosines = (z: Tensor): Tensor => matMul(z, swap(z));
/** [N, N] with `BLOCKED` on the diagonal, 0 elsewhere. */
export function blockDiagonal(graph: Graph, n: number): Tensor {
  return graph.constant(
    Float32Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) === i % n ? BLOCKED : 0)),
    [n, n],
  );
}
/** [N, N] with 0 on the diagonal, 1 elsewhere. */
export function offDiagonal(graph: Graph, n: number): Tensor {
  return graph.constant(
    Float32Array.from({ length: n * n }, (_, i) => Number(Math.floor(i / n) !== i % n)),
    [n, n],
  );
}
/** [N, N]: 1 at the partner view of each row, i <-> i + N/2. */
export function partners(graph: Graph, n: number): Tensor {
  invariant(n % 2 === 0, () => `partners: expected an even number of rows, two views of each image; got ${n}`);
  return graph.constant(
    Float32Array.from({ length: n * n }, (_, i) => Number(i % n === (Math.floor(i / n) + n / 2) % n)),
    [n, n],
  );
}
