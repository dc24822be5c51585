// What the globe shows, without drawing it: the payload, the training nearest to the dial, and the push of one picture.
import type { Numbers } from '../../pictures/payloads.ts';
import type { GlobePicture } from './globe-trial.ts';
import { entropyShare, meanCosine, relativePenalties, tolerance, uniformity } from './measures.ts';
import { pointAt, unit } from './rotation.ts';

/** A class of pictures and its tint. */
export interface GlobeClass {
  name: string;
  light: string;
  dark: string;
}
/** Fashion-MNIST, in the order of its labels; other classes take the same colours in turn. Colours: 3:1 against the globe in both themes, apart under each colour blindness. */
export const CLOTHING: readonly GlobeClass[] = [
  { name: 'T-shirt', light: '#b87605', dark: '#fcb55a' },
  { name: 'Trouser', light: '#8d5aa6', dark: '#cf89f0' },
  { name: 'Pullover', light: '#516e59', dark: '#88fcae' },
  { name: 'Dress', light: '#0d7cd3', dark: '#daeafa' },
  { name: 'Coat', light: '#203a9e', dark: '#547ae5' },
  { name: 'Sandal', light: '#8c2c20', dark: '#fa8775' },
  { name: 'Shirt', light: '#5e1128', dark: '#c8687b' },
  { name: 'Sneaker', light: '#1b3353', dark: '#a1aebe' },
  { name: 'Bag', light: '#5e4664', dark: '#a357b4' },
  { name: 'Ankle boot', light: '#868b7d', dark: '#6d8341' },
];

/** A payload ready to draw. */
export interface Globe {
  step: number;
  points: number;
  /** Temperatures that were trained, ascending. */
  taus: number[];
  /** Unit vectors [points, 3] per temperature, in the order of `taus`. */
  positions: Float32Array[];
  labels: Numbers;
  classes: readonly GlobeClass[];
  /** What the pictures are, in words. */
  things: string;
  /** Grey values [points, side, side], 0..255. */
  pixels: Uint8Array;
  side: number;
}

/** @returns null where the payload is missing or is not a globe's. */
export function readGlobe(payload: unknown): Globe | null {
  const p = payload as Partial<GlobePicture> | null | undefined;
  if (!p?.taus?.length || !p.positions || !p.labels || !p.points || typeof p.thumbs !== 'string' || !p.thumbSide)
    return null;
  const { points, labels, thumbSide: side, positions, taus } = p;
  const pixels = bytesOf(p.thumbs);
  if (Math.max(...Array.from(labels)) >= (p.classes ?? CLOTHING).length) return null;
  if (
    positions.length !== taus.length ||
    positions.some((z) => z.length !== 3 * points) ||
    labels.length !== points ||
    pixels.length !== points * side * side
  )
    return null;
  const order = taus.map((_, k) => k).sort((a, b) => taus[a] - taus[b]);
  return {
    step: p.step ?? 0,
    points,
    taus: order.map((k) => taus[k]),
    positions: order.map((k) => unitRows(positions[k])),
    labels,
    pixels,
    side,
    ...classesOf(p.classes),
  };
}
function classesOf(names: readonly string[] | undefined): Pick<Globe, 'classes' | 'things'> {
  if (!names) return { classes: CLOTHING, things: 'pictures of clothing' };
  return {
    classes: names.map((name, c) => ({
      ...CLOTHING[c % CLOTHING.length],
      name: `${name[0].toUpperCase()}${name.slice(1)}`,
    })),
    things: 'emoji',
  };
}
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
/** Recorded positions are rounded: back to length 1. */
function unitRows(z: Numbers): Float32Array {
  const out = new Float32Array(z.length);
  for (let i = 0; i < z.length / 3; i++) out.set(unit(pointAt(z, i)), 3 * i);
  return out;
}

/** Index of the trained temperature nearest to the dial, by ratio; the colder one of two equally near. */
export function nearestTraining(taus: readonly number[], tau: number): number {
  const distance = (t: number) => Math.abs(Math.log(t / tau));
  return taus.reduce((best, t, k) => (distance(t) < distance(taus[best]) - 1e-9 ? k : best), 0);
}
/** Where the globe changes from one training to the next: geometric means of ascending neighbours. */
export const midpoints = (taus: readonly number[]): number[] => taus.slice(1).map((t, k) => Math.sqrt(t * taus[k]));

/** How one picture pushes all others at one temperature. */
export interface Push {
  /** r_i(s_ij) per picture; 0 at the picture itself; sum 1. */
  weights: Float64Array;
  /** Cosine to each picture. */
  cosines: Float64Array;
  /** The other pictures, the hardest pushed first. */
  order: number[];
  /** Entropy of the weights as a share of its largest value. */
  entropy: number;
  /** How many of the hardest pushed carry half of the push. */
  half: number;
  /** Share of the push that falls on pictures of its own class, and the share of such pictures. */
  own: number;
  ownPictures: number;
}

export function pushOf(positions: ArrayLike<number>, labels: Numbers, i: number, tau: number): Push {
  const n = labels.length;
  const weights = relativePenalties(positions, i, n, 3, tau);
  const cosines = Float64Array.from(
    { length: n },
    (_, j) =>
      positions[3 * i] * positions[3 * j] +
      positions[3 * i + 1] * positions[3 * j + 1] +
      positions[3 * i + 2] * positions[3 * j + 2],
  );
  const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
  const same = others.filter((j) => labels[j] === labels[i]);
  // by cosine, which orders as the weights do and still tells apart what has underflowed to 0
  const order = others.sort((a, b) => cosines[b] - cosines[a] || a - b);
  return {
    weights,
    cosines,
    order,
    entropy: entropyShare(weights),
    half: halfCount(weights),
    own: same.reduce((sum, j) => sum + weights[j], 0),
    ownPictures: same.length / (n - 1),
  };
}

/** The smallest number of weights that together reach half of their sum. */
export function halfCount(weights: ArrayLike<number>): number {
  const sorted = Array.from(weights).sort((a, b) => b - a);
  const total = sorted.reduce((a, b) => a + b, 0);
  let reached = 0;
  let count = 0;
  // a hair below half: equal weights must not be miscounted by rounding
  while (reached < total / 2 - 1e-12 * total && count < sorted.length) reached += sorted[count++];
  return count;
}

/** The next picture (`by` = 1) or the one before (-1), round the ends, of one class unless `only` is null; from none: the first or the last. */
export function nextPicture(
  { points, labels }: Pick<Globe, 'points' | 'labels'>,
  from: number | null,
  by: 1 | -1,
  only: number | null,
): number | null {
  let i = from ?? (by > 0 ? -1 : points);
  for (let tried = 0; tried < points; tried++) {
    i = (i + by + points) % points;
    if (only === null || labels[i] === only) return i;
  }
  return from;
}

/** Spread and cosines of one training's points on the globe. */
export interface GlobeMeasures {
  spread: number;
  within: number;
  all: number;
}
export const measureGlobe = ({ labels, points }: Globe, z: Float32Array): GlobeMeasures => ({
  spread: -uniformity(z, points, 3),
  within: tolerance(z, labels, points, 3),
  all: meanCosine(z, points, 3),
});

/** The dial: a temperature as a share 0..1 of its logarithmic range, and back with three significant digits. */
export interface DialRange {
  min: number;
  max: number;
}
export const shareOf = ({ min, max }: DialRange, tau: number): number =>
  Math.min(1, Math.max(0, Math.log(tau / min) / Math.log(max / min)));
export function tauAt({ min, max }: DialRange, share: number): number {
  if (share <= 0) return min;
  if (share >= 1) return max;
  return Number((min * (max / min) ** share).toPrecision(3));
}
