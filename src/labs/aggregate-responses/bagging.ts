// Bags of images: at random, or of images of like brightness.
import type { Prng } from '../../util/prng.ts';
import { laplace, laplaceScale } from './privacy.ts';

export interface ImageBags {
  /** Row numbers, k per bag, one bag after another. */ members: Int32Array;
  /** Released mean label per bag. */ means: Float32Array;
  k: number;
}

/**
 * Bags of k of all rows (a rest that fills no bag is left out), in random order.
 * @param values [rows, pixels]
 * @param isSorted neighbours in mean brightness share a bag
 */
export function makeBags(
  random: Prng,
  values: Float32Array,
  labels: Float32Array,
  k: number,
  isSorted: boolean,
  epsilon: number,
): ImageBags {
  const rows = labels.length;
  const pixels = values.length / rows;
  const count = Math.floor(rows / k);
  const scale = laplaceScale(0.5, k, epsilon);
  const noise = random.fork('noise');
  const order = isSorted ? byBrightness(values, rows, pixels) : random.fork('order').permutation(rows);
  const bags = random.fork('bags').permutation(count);
  const members = new Int32Array(count * k);
  bags.forEach((bag, a) => members.set(order.subarray(bag * k, (bag + 1) * k), a * k));
  const means = Float32Array.from(
    { length: count },
    (_, a) =>
      members.subarray(a * k, (a + 1) * k).reduce((s, row) => s + labels[row], 0) / k + laplace(noise.next(), scale),
  );
  return { members, means, k };
}
function byBrightness(values: Float32Array, rows: number, pixels: number): Int32Array {
  const sums = Float64Array.from({ length: rows }, (_, r) =>
    values.subarray(r * pixels, (r + 1) * pixels).reduce((s, v) => s + v, 0),
  );
  return Int32Array.from({ length: rows }, (_, i) => i).sort((a, b) => sums[a] - sums[b] || a - b);
}
/** Bags from .. to. */
export const someBags = ({ members, means, k }: ImageBags, from: number, to: number): ImageBags => ({
  members: members.slice(from * k, to * k),
  means: means.slice(from, to),
  k,
});

/** Mean squared (or logistic) error of mean predictions on bag means. f: prediction per row of the data. */
export function bagError({ members, means, k }: ImageBags, f: ArrayLike<number>, logistic: boolean): number {
  return (
    means.reduce((sum, y, a) => {
      let mean = 0;
      for (let i = a * k; i < (a + 1) * k; i++) mean += f[members[i]] / k;
      const p = Math.min(1 - 1e-6, Math.max(1e-6, mean));
      return sum + (logistic ? -y * Math.log(p) - (1 - y) * Math.log(1 - p) : (y - mean) ** 2);
    }, 0) / means.length
  );
}
