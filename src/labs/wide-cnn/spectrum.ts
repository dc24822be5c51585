// Eigenvalues of a kernel on four patches that are points of a circle. Its eigenfunctions are products of waves, one per
// circle; the eigenvalue is the kernel's Fourier coefficient, and the patches whose wave is not constant say which
// part of the tree it belongs to.
import type { ScatterPicture } from '../../pictures/payloads.ts';
import { JOIN, kernelOf, type Architecture } from './kernel.ts';

export const PATCHES = 4;
/** Waves 0 .. MOST on each circle, from MOST + 1 equally spaced angles in 0 .. pi: the kernel is even in every angle. */
const MOST = 10;

export interface Eigenvalue {
  value: number;
  /** Sines and cosines with these frequencies: 2 for each that is not zero. */
  count: number;
  /** Smallest layer with a node that sees all its patches; 0 for the constant. */
  sector: number;
}

/** Every product of waves up to MOST, by value, largest first. */
export function spectrumOf(architecture: Architecture): Eigenvalue[] {
  const side = MOST + 1;
  const coefficients = sampled(architecture, side);
  for (let axis = 0; axis < PATCHES; axis++) cosineTransform(coefficients, side, axis);
  return Array.from(coefficients, (sum, at) => {
    const waves = digits(at, side);
    const count = waves.reduce((product, w) => product * (w ? 2 : 1), 1);
    return { value: sum, count, sector: sectorOf(waves) };
  }).sort((a, b) => b.value - a.value);
}

const digits = (at: number, side: number): number[] =>
  Array.from({ length: PATCHES }, (_, axis) => Math.floor(at / side ** axis) % side);

function sampled(architecture: Architecture, side: number): Float64Array {
  const kernel = kernelOf(architecture, PATCHES);
  return Float64Array.from({ length: side ** PATCHES }, (_, at) =>
    kernel(digits(at, side).map((i) => Math.cos((Math.PI * i) / MOST))),
  );
}

/** Fourier coefficients along one axis by the trapezoid rule on 0 .. pi (a DCT-I), in place. */
function cosineTransform(values: Float64Array, side: number, axis: number): void {
  const stride = side ** axis;
  const line = new Float64Array(side);
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / stride) % side) continue;
    for (let i = 0; i < side; i++) line[i] = values[start + i * stride] * (i === 0 || i === MOST ? 0.5 : 1);
    for (let w = 0; w < side; w++) {
      let sum = 0;
      for (let i = 0; i < side; i++) sum += line[i] * Math.cos((Math.PI * i * w) / MOST);
      // the last wave and its mirror image fall together on this grid
      values[start + w * stride] = (sum / MOST) * (w === MOST ? 0.5 : 1);
    }
  }
}

function sectorOf(waves: readonly number[]): number {
  const used = waves.flatMap((w, p) => (w ? [p] : []));
  if (!used.length) return 0;
  let layer = 1;
  for (let size = 1; Math.floor(used[0] / size) !== Math.floor(used.at(-1)! / size); size *= JOIN) layer++;
  return layer;
}

export const SECTORS = ['constant', 'single patches', 'pairs', 'whole input'];
const MOST_RANK = 3000;

/** Ranked eigenvalues on logarithmic axes, tinted by sector. */
export function spectrumPicture(architecture: Architecture): ScatterPicture {
  const x: number[] = [];
  const y: number[] = [];
  const group: number[] = [];
  let rank = 0;
  for (const { value, count, sector } of spectrumOf(architecture)) {
    if (rank > MOST_RANK || value < 1e-9) break;
    x.push(Math.log10(rank + (count + 1) / 2));
    y.push(Math.log10(value));
    group.push(sector);
    rank += count;
  }
  return { x, y, group, groups: SECTORS, xLabel: 'log₁₀ rank', yLabel: 'log₁₀ eigenvalue' };
}
