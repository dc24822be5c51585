// The data: points uniform on the part of a sphere with no negative coordinate, and a checkerboard in angles with noisy labels.
import type { Prng } from '../../util/prng.ts';

export interface Sample {
  n: number;
  /** Coordinates of a point, d + 1. */
  width: number;
  /** [n, width], unit rows. */
  points: Float64Array;
  /** The better label at each point, ±1: what the Bayes rule says. */
  clean: Int8Array;
  /** The label that was seen: flipped with the noise's probability. */
  labels: Int8Array;
}

/** @param d dimension of the sphere, 1 or more @param noise probability of a flipped label */
export function drawSample(random: Prng, n: number, d: number, noise: number): Sample {
  const width = d + 1;
  const points = new Float64Array(n * width);
  const clean = new Int8Array(n);
  const labels = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    const row = points.subarray(i * width, (i + 1) * width);
    for (let k = 0; k < width; k++) row[k] = Math.abs(random.normal());
    const length = Math.hypot(...row);
    for (let k = 0; k < width; k++) row[k] /= length;
    clean[i] = bayesLabel(row);
    labels[i] = random.next() < noise ? -clean[i] : clean[i];
  }
  return { n, width, points, clean, labels };
}

/**
 * Checkerboard: sin 6u sin 5v + 1/4 > 0, u the azimuth of the first two coordinates, v the angle from the third axis.
 * On a circle v is fixed; further coordinates do not matter.
 */
export function bayesLabel(x: ArrayLike<number>): 1 | -1 {
  const u = Math.atan2(x[1], x[0]);
  const v = x.length > 2 ? Math.atan2(Math.hypot(x[0], x[1]), x[2]) : Math.PI / 10;
  return Math.sin(6 * u) * Math.sin(5 * v) + 0.25 > 0 ? 1 : -1;
}

/** The first n points of a sample. */
export const firstOf = (sample: Sample, n: number): Sample => ({
  ...sample,
  n,
  points: sample.points.subarray(0, n * sample.width),
  clean: sample.clean.subarray(0, n),
  labels: sample.labels.subarray(0, n),
});
