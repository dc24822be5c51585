// The arms: what each one trains, from the knobs.
import type { Task } from './model.ts';
import { rareSize } from './theory.ts';

export interface Wanted {
  sizes: readonly number[];
  depth: number;
  lambda: number;
  width: number;
}

export type ArmId = 'imbalanced' | 'rare' | 'balanced' | 'bias' | 'entropy';

/** Tasks of all arms. Balanced ones share the samples evenly; the rare one cuts the last class down to where it should vanish. */
export function tasksOf(wanted: Wanted): Record<ArmId, Task> {
  const { sizes } = wanted;
  const even = Math.floor(sizes.reduce((a, b) => a + b, 0) / sizes.length);
  const plain = { ...wanted, loss: 'squared', hasBias: false } as const;
  const balanced = { ...plain, sizes: sizes.map(() => even) };
  return {
    imbalanced: plain,
    rare: { ...plain, sizes: [...sizes.slice(0, -1), rareSize(wanted)] },
    balanced,
    bias: { ...balanced, hasBias: true },
    entropy: { ...balanced, loss: 'cross-entropy', hasBias: true },
  };
}

/** Steps of a run: momentum 0.9 and rate 0.1 decay at λ a step, so ten such times, within bounds. */
export const horizonOf = (lambda: number): number => Math.min(12_000, Math.max(1500, Math.round(10 / lambda)));

/** Powers of ten below this are rounding. */
export const FLOOR = 1e-12;
