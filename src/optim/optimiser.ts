// What an optimiser is: nodes that turn (theta, gradient, slots) into their next values, and the scalars the host feeds each step.
import type { Tensor } from '../graph/graph.ts';

export interface UpdateInput {
  /** [P] or [S, P] */
  theta: Tensor;
  gradient: Tensor;
  slots: readonly Tensor[];
  /** A scalar input, or [S, 1] with one value per stacked model. */
  scalar(name: string): Tensor;
  /** A constant along the flat vector, [P]. */
  spread(values: Float32Array): Tensor;
}
export interface Optimiser {
  name: string;
  /** Names of the state vectors, of theta's length; all start at zero. */
  slots: readonly string[];
  /** Names of the scalars that `scalars` gives. */
  inputs: readonly string[];
  update(input: UpdateInput): { theta: Tensor; slots: Tensor[] };
  /** Values of `inputs` at step t = 1, 2, ... with learning rate `rate`. */
  scalars(t: number, rate: number): Record<string, number>;
}
