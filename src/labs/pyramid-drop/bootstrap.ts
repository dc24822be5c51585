// The paired bootstrap of a mean difference.
import type { Prng } from '../../util/prng.ts';

/** Low end of the 95 % interval of the mean of `differences`, by resampling questions. */
export function bootstrapLow(differences: readonly number[], rng: Prng, samples = 1000): number {
  const n = differences.length;
  const means = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += differences[rng.int(n)];
    means[s] = sum / n;
  }
  return means.sort()[Math.floor(0.025 * samples)];
}
