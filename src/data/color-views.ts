// Random views of colour or grey images for self-supervised and supervised training: the host draws a few numbers per image,
// the graph crops, turns, colours, blurs and cuts out. (augment.ts is the older, milder set for grey clothes.)
import {
  abs,
  add,
  and,
  cast,
  clip,
  div,
  exp,
  expand,
  floor,
  gatherElements,
  lessOrEqual,
  matMul,
  max,
  min,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  square,
  sub,
  swap,
  where,
} from '../graph/builder.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import type { Prng } from '../util/prng.ts';
import { invariant } from '../util/invariant.ts';
import { showShape } from '../util/shape.ts';

/**
 * What views may do. The defaults are SimCLR's for small images (Chen et al. 2020, appendix B.9: no blur, jitter of half strength),
 * with crops of at least 0.2 of the area, since pictures here have 16 to 32 pixels a side.
 */
export interface ViewOptions {
  /** Multiplies all ranges and the probabilities of greyscale, blur and cut-out; 1 unless given, 0 gives the image itself. */
  strength?: number;
  /** Least area of the crop, as a share of the image; at most 1. */
  area?: number;
  /** Largest aspect ratio of the crop, and its inverse the least. */
  aspect?: number;
  /** Probability of a horizontal flip (at any strength above 0). */
  flip?: number;
  /** Largest angle of a rotation either way, degrees. What comes from outside the image repeats its edge. */
  rotation?: number;
  /** Quarter turns anticlockwise: drawn for each image, or given by its number. Not scaled by the strength. */
  turns?: 'random' | ((image: number) => number);
  /** Largest relative change of brightness, contrast and saturation. */
  brightness?: number;
  contrast?: number;
  saturation?: number;
  /** Largest turn of the hue either way, as a share of the colour circle. */
  hue?: number;
  /** Probability that brightness, contrast, saturation and hue change at all. */
  jitter?: number;
  /** Probability of a grey view. */
  grey?: number;
  /** Probability of a Gaussian blur; a graph without it leaves the nodes out. */
  blur?: number;
  /** Least and largest standard deviation of the blur, pixels. */
  sigma?: readonly [number, number];
  /** Probability of a black square; a graph without it leaves the nodes out. */
  cutout?: number;
  /** Largest side of the square, as a share of the image's. */
  cutoutSide?: number;
}
type Drawn = Required<Omit<ViewOptions, 'turns'>> & Pick<ViewOptions, 'turns'>;
const DEFAULTS: Drawn = {
  strength: 1,
  area: 0.2,
  aspect: 4 / 3,
  flip: 0.5,
  rotation: 0,
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.4,
  hue: 0.1,
  jitter: 0.8,
  grey: 0.2,
  blur: 0,
  sigma: [0.1, 1],
  cutout: 0,
  cutoutSide: 0.5,
};

/** Numbers per image: 4 of the turn and scale, 2 of the shift, brightness, contrast, 9 of the colour matrix, blur, 3 of the cut-out. */
export const COLOR_VIEW_NUMBERS = 21;
const AT = { turn: 0, shift: 4, brightness: 6, contrast: 7, colour: 8, sigma: 17, cutout: 18 } as const;

/** Shares of red, green and blue in brightness (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/**
 * Draws views. Every image takes equally many random numbers whatever the options, so that arms with other options see the same draws.
 * @param random such as `prng(seed, 'views').fork(step)`
 * @returns [n, COLOR_VIEW_NUMBERS] for `colorViews`
 */
export function drawColorViews(random: Prng, n: number, side: number, options: ViewOptions = {}): Float32Array {
  const out = new Float32Array(n * COLOR_VIEW_NUMBERS);
  for (let i = 0; i < n; i++) out.set(drawView(random, i, side, { ...DEFAULTS, ...options }), i * COLOR_VIEW_NUMBERS);
  return out;
}

function drawView(random: Prng, image: number, side: number, o: Drawn): number[] {
  const s = o.strength;
  const uniform = (low: number, high: number) => low + (high - low) * random.next();
  const far = (extent: number) => uniform(-extent * s, extent * s);
  const happens = (probability: number) => random.next() < probability * Math.min(1, s);
  // random resized crop (Szegedy et al. 2015): area and log aspect uniform; too wide or high is cut to the image
  const area = uniform(1 - Math.min(1, s) * (1 - o.area), 1);
  const aspect = Math.exp(far(Math.log(o.aspect)));
  const height = Math.min(1, Math.sqrt(area / aspect));
  const width = Math.min(1, Math.sqrt(area * aspect));
  const down = uniform(-0.5, 0.5) * (1 - height) * side;
  const across = uniform(-0.5, 0.5) * (1 - width) * side;
  const mirror = random.next() < o.flip && s > 0 ? -1 : 1;
  const drawnTurn = random.int(4);
  const quarter = o.turns === 'random' ? drawnTurn : (o.turns?.(image) ?? 0);
  const [cos, sin] = turn(quarter, (far(o.rotation) * Math.PI) / 180);
  const isJittered = random.next() < o.jitter;
  const jitter = (extent: number) => far(extent) * Number(isJittered);
  const factor = (extent: number) => Math.max(0, 1 + jitter(extent));
  const [brightness, contrast, saturation] = [o.brightness, o.contrast, o.saturation].map(factor);
  const colour = colourMatrix(saturation, 2 * Math.PI * jitter(o.hue), happens(o.grey));
  const isBlurred = happens(o.blur);
  const sigma = uniform(...o.sigma) * Number(isBlurred);
  const isCut = happens(o.cutout);
  const half = (uniform(0, o.cutoutSide) * side) / 2;
  const at = [random.next() * side - 0.5, random.next() * side - 0.5];
  // output (row, column) about the centre -> source: turned, mirrored, then scaled to the crop
  const turned = [cos * height, sin * mirror * height, -sin * width, cos * mirror * width];
  return [...turned, down, across, brightness, contrast, ...colour, sigma, ...at, isCut ? half : -1];
}
/** Cosine and sine of quarter turns, exactly, and an angle. */
function turn(quarter: number, angle: number): [number, number] {
  const [c, s] = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][((quarter % 4) + 4) % 4];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [c * cos - s * sin, s * cos + c * sin];
}
/** Saturation, then a turn about the grey axis, then perhaps grey, as one matrix of rows that sum to 1. @returns [9] */
function colourMatrix(saturation: number, angle: number, isGrey: boolean): number[] {
  if (isGrey) return [...LUMA, ...LUMA, ...LUMA];
  // Rodrigues' formula about (1, 1, 1) / sqrt 3
  const [cos, sin] = [Math.cos(angle), Math.sin(angle) / Math.sqrt(3)];
  const hue = (r: number, c: number) => {
    const ahead = (c - r + 3) % 3;
    return (1 - cos) / 3 + (ahead === 0 ? cos : ahead === 1 ? -sin : sin);
  };
  const dull = (r: number, c: number) => (1 - saturation) * LUMA[c] + saturation * Number(r === c);
  return Array.from({ length: 9 }, (_, i) =>
    [0, 1, 2].reduce((sum, k) => sum + hue(Math.floor(i / 3), k) * dull(k, i % 3), 0),
  );
}

/**
 * The views that `views` describes, with values clipped to 0..1. Brightness, contrast, saturation, hue and greyscale follow in this
 * order, as torchvision defines them but for two: hue turns colours about the grey axis of RGB, and clipping comes once, at the end.
 * @param x [N, C, side, side] in 0..1, C = 1 or 3
 * @param views [N, COLOR_VIEW_NUMBERS] from `drawColorViews` with the same options
 * @returns [N, C, side, side]
 */
export function colorViews(x: Tensor, views: Tensor, { blur, cutout }: ViewOptions = {}): Tensor {
  const [N, C, side, width] = x.shape;
  invariant(
    x.shape.length === 4 && (C === 1 || C === 3) && side === width && side > 1,
    () => `colorViews: expected [N, 1 or 3, side, side]; got ${showShape(x.shape)}`,
  );
  /** `count` numbers of each image, as [N, ...shape]. */
  const numbers = (from: number, ...shape: number[]) =>
    reshape(slice(views, 1, from, from + shape.reduce((a, b) => a * b, 1)), [N, ...shape]);
  let y = reshape(coloured(resampled(x, numbers), numbers), x.shape);
  if (blur) y = blurred(y, numbers(AT.sigma, 1, 1, 1));
  return cutout ? cutOut(y, numbers) : y;
}
type Numbers = (from: number, ...shape: number[]) => Tensor;

/** A constant of this shape whose flat element i is `value(i)`. */
const ramp = (g: Graph, shape: readonly number[], value: (i: number) => number): Tensor =>
  g.constant(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
    shape,
  );

/** Bilinear sampling at turned, scaled and shifted places: four pixels each. @returns [N, C, side * side] */
function resampled(x: Tensor, numbers: Numbers): Tensor {
  const [N, C, side] = x.shape;
  const P = side * side;
  const centre = (side - 1) / 2;
  const row = ramp(x.graph, [1, P], (i) => Math.floor(i / side) - centre);
  const column = ramp(x.graph, [1, P], (i) => (i % side) - centre);
  const place = (axis: number) => {
    const turned = add(mul(numbers(AT.turn + 2 * axis, 1), row), mul(numbers(AT.turn + 2 * axis + 1, 1), column));
    return clip(add(turned, add(numbers(AT.shift + axis, 1), centre)), 0, side - 1);
  };
  const [u, v] = [place(0), place(1)];
  const [i, j] = [u, v].map((t) => min(floor(t), side - 2)); // so that i + 1 and j + 1 are pixels too
  const [down, across] = [sub(u, i), sub(v, j)].map((t) => reshape(t, [N, 1, P]));
  const first = expand(reshape(cast(add(mul(i, side), j), 'int32'), [N, 1, P]), [N, C, P]);
  const pixels = reshape(x, [N, C, P]);
  const pixel = (offset: number) => gatherElements(pixels, offset ? add(first, offset) : first, 2);
  const mix = (a: Tensor, b: Tensor, share: Tensor) => add(a, mul(sub(b, a), share));
  return mix(mix(pixel(0), pixel(1), across), mix(pixel(side), pixel(side + 1), across), down);
}
/** x: [N, C, P] */
function coloured(x: Tensor, numbers: Numbers): Tensor {
  const C = x.shape[1];
  const mean = reduceMean(x, 2, true);
  const grey = C === 1 ? mean : reduceSum(mul(mean, x.graph.constant(Float32Array.from(LUMA), [1, 3, 1])), 1, true);
  const brightness = numbers(AT.brightness, 1, 1);
  const contrast = numbers(AT.contrast, 1, 1);
  const lit = add(mul(x, mul(brightness, contrast)), mul(grey, mul(brightness, sub(1, contrast))));
  return clip(C === 1 ? lit : matMul(numbers(AT.colour, 3, 3), lit), 0, 1);
}
/** A product with a normalised Gaussian matrix per axis; sigma 0 is the identity. sigma: [N, 1, 1, 1] */
function blurred(x: Tensor, sigma: Tensor): Tensor {
  const side = x.shape[2];
  const apart = ramp(x.graph, [1, 1, side, side], (i) => (Math.floor(i / side) - (i % side)) ** 2);
  const weights = exp(neg(div(apart, mul(square(max(sigma, 1e-3)), 2))));
  const kernel = div(weights, reduceSum(weights, -1, true));
  return matMul(matMul(kernel, x), swap(kernel));
}
function cutOut(x: Tensor, numbers: Numbers): Tensor {
  const half = numbers(AT.cutout + 2, 1, 1, 1);
  const pixels = ramp(x.graph, [1, 1, 1, x.shape[3]], (i) => i);
  const near = (at: number, axis: Tensor) => lessOrEqual(abs(sub(axis, numbers(at, 1, 1, 1))), half);
  return where(and(near(AT.cutout, swap(pixels)), near(AT.cutout + 1, pixels)), 0, x);
}
