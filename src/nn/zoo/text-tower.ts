// Bags of hashed n-grams to unit vectors: the mean of embeddings, then a small network. For retrieval by cosine.
import type { Tensor } from '../../graph/graph.ts';
import { linear, mlp, normalise } from '../layers.ts';
import type { Weights } from '../weights.ts';

export interface TextTowerOptions {
  width: number;
  /** Hidden widths after the embedding. */
  hidden: readonly number[];
  /** Width of the vector. */
  out: number;
  /** Stacked models only: all read the same bags [B, ids]. */
  shared?: boolean;
}

/**
 * @param bags [B, ids], rows that sum to 1, such as `multiHot(.., true)` of src/data/text.ts (stacked [S, B, ids] or `shared`)
 * @returns [B, out], unit rows (stacked [S, B, out])
 */
export function textTower(p: Weights, bags: Tensor, { width, hidden, out, shared = true }: TextTowerOptions): Tensor {
  // a product instead of a look-up: its gradient is one product too
  const mean = linear(p, 'embed', bags, width, { bias: false, shared: shared && p.stack !== null });
  return normalise(mlp(p, 'tower', mean, hidden, out));
}
