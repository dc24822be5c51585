// Graph convolutions (Kipf & Welling 2017, equation 2).
import { add, matMul, relu, reshape } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { zeros } from '../initialisers.ts';
import { linear } from '../layers.ts';
import type { Weights } from '../weights.ts';

export interface GraphConvOptions {
  /** Stacked models only: all read the same features [nodes, in]. */
  shared?: boolean;
}

/**
 * A (X W) + b.
 * @param x [nodes, in] (stacked [S, nodes, in])
 * @param adjacency [nodes, nodes], normalised, as `normalisedAdjacency` of src/data/graphs.ts gives
 * @returns [nodes, out] (stacked [S, nodes, out])
 */
export function graphConv(
  p: Weights,
  name: string,
  x: Tensor,
  adjacency: Tensor,
  out: number,
  { shared = false }: GraphConvOptions = {},
): Tensor {
  const product = linear(p, name, x, out, { bias: false, shared: shared && p.stack !== null });
  const bias = p.get(`${name}.b`, [out], zeros);
  return add(matMul(adjacency, product), p.stack === null ? bias : reshape(bias, [p.stack, 1, out]));
}

/** Layers of graph convolution with ReLU between them; none after the last. The first reads features shared by stacked models. */
export function graphNetwork(p: Weights, x: Tensor, adjacency: Tensor, widths: readonly number[]): Tensor {
  return widths.reduce((h, width, i) => {
    const next = graphConv(p, `graph${i}`, h, adjacency, width, { shared: i === 0 });
    return i + 1 < widths.length ? relu(next) : next;
  }, x);
}
