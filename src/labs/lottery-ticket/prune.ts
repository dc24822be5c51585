// Masks over the flat parameter vector of one model: which weights die, and what a random mask of the same shape is.
import type { ParamSpec } from '../../nn/params.ts';
import type { Prng } from '../../util/prng.ts';
import { size } from '../../util/shape.ts';
import { sum } from '../../util/stats.ts';

/** A weight matrix within the flat vector. Biases belong to none: they are never pruned. */
export interface Layer {
  name: string;
  from: number;
  to: number;
  shape: readonly number[];
  /** Share of the survivors that a round removes, relative to the knob: 1, or 1/2 for the output layer. */
  pace: number;
}

export function layersOf(specs: readonly ParamSpec[]): Layer[] {
  const weights = specs.filter((s) => s.shape.length === 2);
  return weights.map(({ name, offset, shape }, i) => ({
    name,
    from: offset,
    to: offset + size(shape),
    shape,
    pace: i === weights.length - 1 ? 0.5 : 1,
  }));
}

/** Survivors of one layer. */
export const aliveIn = (mask: Float32Array, { from, to }: Layer): number => sum(mask.subarray(from, to));

/** Share of all prunable weights that survives. */
export function remaining(mask: Float32Array, layers: readonly Layer[]): number {
  const total = layers.reduce((n, l) => n + l.to - l.from, 0);
  return layers.reduce((n, l) => n + aliveIn(mask, l), 0) / total;
}

/**
 * Keeps, in every layer, the `counts[l]` survivors of largest magnitude; of equals the earlier one.
 * @returns a new mask [P]
 */
export function keepLargest(
  theta: ArrayLike<number>,
  mask: Float32Array,
  layers: readonly Layer[],
  counts: readonly number[],
): Float32Array {
  const next = mask.slice();
  layers.forEach(({ from, to }, l) => {
    const alive = Array.from({ length: to - from }, (_, i) => from + i).filter((i) => mask[i] === 1);
    const order = alive.sort((a, b) => Math.abs(theta[b]) - Math.abs(theta[a]) || a - b);
    for (const i of order.slice(counts[l])) next[i] = 0;
  });
  return next;
}

/** Survivors per layer after one more round that removes the share `rate` of them, half of it in the output layer. */
export const nextCounts = (mask: Float32Array, layers: readonly Layer[], rate: number): number[] =>
  layers.map((layer) => {
    const alive = aliveIn(mask, layer);
    return alive - Math.round(rate * layer.pace * alive);
  });

/** A random mask with as many survivors in every layer. */
export function shuffled(mask: Float32Array, layers: readonly Layer[], random: Prng): Float32Array {
  const next = mask.slice();
  for (const layer of layers) {
    const { name, from, to } = layer;
    next.fill(0, from, to);
    for (const i of random.fork(name).sample(to - from, aliveIn(mask, layer))) next[from + i] = 1;
  }
  return next;
}
