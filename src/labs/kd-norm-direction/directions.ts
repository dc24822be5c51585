// Directions in feature space: class means, unit rows, and the control that knows nothing of the teacher.
import type { Prng } from '../../util/prng.ts';
import { CLASSES, FEATURE } from './network.ts';

/** Mean feature of each class. features: [rows, D] -> [classes, D] */
export function classMeans(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  D = FEATURE,
  classes = CLASSES,
): Float64Array {
  const means = new Float64Array(classes * D);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]]++;
    for (let d = 0; d < D; d++) means[labels[i] * D + d] += features[i * D + d];
  }
  return means.map((v, k) => v / Math.max(1, counts[Math.floor(k / D)]));
}

/** Rows scaled to length 1. */
export function unitRows(rows: ArrayLike<number>, D = FEATURE): Float32Array {
  const out = Float32Array.from(rows);
  for (let at = 0; at < out.length; at += D) {
    const length = Math.hypot(...out.subarray(at, at + D)) || 1;
    for (let d = 0; d < D; d++) out[at + d] /= length;
  }
  return out;
}

/** The control: orthonormal directions that know nothing of the teacher, by Gram-Schmidt on normal vectors. @returns [count, D] */
export function randomDirections(random: Prng, count = CLASSES, D = FEATURE): Float32Array {
  const rows: Float64Array[] = [];
  while (rows.length < count) {
    const v = Float64Array.from({ length: D }, () => random.normal());
    for (const u of rows) {
      const c = dot(u, v);
      for (let d = 0; d < D; d++) v[d] -= c * u[d];
    }
    const length = Math.sqrt(dot(v, v));
    rows.push(v.map((x) => x / length));
  }
  return Float32Array.from(rows.flatMap((r) => Array.from(r)));
}
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => s + v * b[i], 0);
