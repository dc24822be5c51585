// Where layers get their weights from: `Params` (trained), or given-weights.ts (teachers, copies, unrolled steps).
import type { Graph, Tensor } from '../graph/graph.ts';
import type { Shape } from '../util/shape.ts';
import type { Initialiser } from './initialisers.ts';

export interface Weights {
  readonly graph: Graph;
  /** Number of stacked models, or null for a single one. */
  readonly stack: number | null;
  /** The weight `name` of `shape` per model (stacked: [S, ...shape]). */
  get(name: string, shape: Shape, init: Initialiser): Tensor;
  /** A value that is not trained, such as a running mean. */
  buffer(name: string, shape: Shape, init: Initialiser): Tensor;
  /** Next values of buffers, set by layers. Only those of the `Params` that a step trains are kept. */
  readonly updates: Map<string, Tensor>;
}
