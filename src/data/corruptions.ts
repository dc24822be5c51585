// Corruptions of images at five severities, after Hendrycks & Dietterich (2019), "Benchmarking Neural Network Robustness to Common
// Corruptions and Perturbations". Pure functions on the host; noise and places come from the seeded generator.
import type { Prng } from '../util/prng.ts';
import { invariant } from '../util/invariant.ts';
import { size, type Shape } from '../util/shape.ts';

export const CORRUPTIONS = ['gaussian-noise', 'blur', 'contrast', 'brightness', 'pixelate', 'occlusion'] as const;
export type Corruption = (typeof CORRUPTIONS)[number];
export type Severity = 1 | 2 | 3 | 4 | 5;

/**
 * What each severity means, mildest first. Noise, contrast and brightness are the paper's for ImageNet-C, which do not depend on the
 * size of the image; blur and pixelate are shares of the side, since the paper's pixels suit sides of 224 and 32.
 * The paper has no occlusion.
 */
export const SEVERITIES: Record<Corruption, readonly number[]> = {
  /** Standard deviation of the noise. */
  'gaussian-noise': [0.08, 0.12, 0.18, 0.26, 0.38],
  /** Standard deviation of the Gaussian, share of the side. */
  blur: [0.015, 0.025, 0.04, 0.06, 0.085],
  /** What is left of the distance to each channel's mean. */
  contrast: [0.4, 0.3, 0.2, 0.1, 0.05],
  /** What is added. */
  brightness: [0.1, 0.2, 0.3, 0.4, 0.5],
  /** Blocks along a side, share of the side. */
  pixelate: [0.6, 0.5, 0.4, 0.3, 0.25],
  /** Side of one grey square at a random place, share of the side. */
  occlusion: [0.2, 0.3, 0.4, 0.5, 0.6],
};

/**
 * Images with one corruption. Every image has a stream of its own, so that the first n rows of a larger set are corrupted alike,
 * and a higher severity changes the amount and not the noise or the place.
 * @param images [rows, C, H, W] in 0..1; not changed
 * @param shape of one image, [C, H, W]
 * @returns the same shape, clipped to 0..1
 */
export function corrupt(
  images: Float32Array,
  shape: Shape,
  corruption: Corruption,
  severity: Severity,
  random: Prng,
): Float32Array {
  const amount = SEVERITIES[corruption]?.[severity - 1];
  invariant(
    amount !== undefined,
    () => `corrupt: expected one of ${CORRUPTIONS.join(', ')} at severity 1 to 5; got ${corruption} at ${severity}`,
  );
  const n = size(shape);
  invariant(
    shape.length === 3 && images.length % n === 0,
    () => `corrupt: expected images of [${shape.join(', ')}]; got ${images.length} values`,
  );
  const out = new Float32Array(images.length);
  for (let row = 0; row * n < images.length; row++) {
    const image = images.subarray(row * n, (row + 1) * n);
    out.set(METHODS[corruption](image, shape, amount, random.fork(corruption, row)), row * n);
  }
  return out.map((v) => Math.min(1, Math.max(0, v)));
}

type Method = (image: Float32Array, shape: Shape, amount: number, random: Prng) => Float32Array;
/** Applies f to every channel's plane. */
const eachPlane =
  (f: (plane: Float32Array, H: number, W: number, amount: number) => Float32Array): Method =>
  (image, [C, H, W], amount) => {
    const out = new Float32Array(image.length);
    for (let c = 0; c < C; c++) out.set(f(image.subarray(c * H * W, (c + 1) * H * W), H, W, amount), c * H * W);
    return out;
  };

const METHODS: Record<Corruption, Method> = {
  'gaussian-noise': (image, _shape, deviation, random) => image.map((v) => v + deviation * random.normal()),
  blur: eachPlane((plane, H, W, share) => {
    const down = smoothing(H, share * H);
    const across = smoothing(W, share * W);
    return product(product(down, plane, H, H, W), transposed(across, W), H, W, W);
  }),
  contrast: eachPlane((plane, _H, _W, left) => {
    const mean = plane.reduce((s, v) => s + v, 0) / plane.length;
    return plane.map((v) => mean + left * (v - mean));
  }),
  // the paper adds to the value of HSV; adding to every channel is the same for grey and keeps hues of colours
  brightness: (image, _shape, more) => image.map((v) => v + more),
  pixelate: eachPlane((plane, H, W, share) => {
    const down = blocks(H, Math.max(1, Math.round(share * H)));
    const across = blocks(W, Math.max(1, Math.round(share * W)));
    return product(product(down, plane, H, H, W), transposed(across, W), H, W, W);
  }),
  occlusion: (image, [, H, W], share, random) => {
    const out = image.slice();
    // the centre stays where it is at every severity
    const [top, left] = [random.next(), random.next()].map(
      (at, axis) => at * [H, W][axis] - (share * [H, W][axis]) / 2,
    );
    for (let i = 0; i < out.length; i++) {
      const [row, column] = [Math.floor(i / W) % H, i % W];
      if (row + 0.5 >= top && row + 0.5 < top + share * H && column + 0.5 >= left && column + 0.5 < left + share * W)
        out[i] = 0.5;
    }
    return out;
  },
};

/** [n, n]: rows of a Gaussian around each pixel, each summing to 1. */
function smoothing(n: number, deviation: number): Float32Array {
  return normalised(n, (i, j) => Math.exp(-((i - j) ** 2) / (2 * deviation ** 2)));
}
/** [n, n]: each pixel becomes the mean of its block; blocks may cut pixels apart, as box resampling does. */
function blocks(n: number, count: number): Float32Array {
  const width = n / count;
  return normalised(n, (i, j) => {
    const block = Math.floor((i + 0.5) / width);
    return Math.max(0, Math.min(j + 1, (block + 1) * width) - Math.max(j, block * width));
  });
}
function normalised(n: number, weight: (i: number, j: number) => number): Float32Array {
  const out = Float32Array.from({ length: n * n }, (_, k) => weight(Math.floor(k / n), k % n));
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * n, (i + 1) * n);
    const total = row.reduce((s, v) => s + v, 0);
    row.forEach((v, j) => (row[j] = v / total));
  }
  return out;
}
const transposed = (a: Float32Array, n: number): Float32Array => a.map((_, k) => a[(k % n) * n + Math.floor(k / n)]);
/** a [m, k] times b [k, n] */
function product(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++)
    for (let l = 0; l < k; l++) {
      const v = a[i * k + l];
      if (v !== 0) for (let j = 0; j < n; j++) out[i * n + j] += v * b[l * n + j];
    }
  return out;
}
