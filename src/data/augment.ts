// Augmentation in the graph: crop, resize, shift, flip, brightness and cut-out, every channel alike,
// all from a few numbers per image that the host draws from the seeded generator.
import { abs, add, indicator, lessOrEqual, matMul, mul, relu, reshape, slice, sub, swap } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import type { Prng } from '../util/prng.ts';

/** Numbers per image: scale x, scale y, shift x, shift y (pixels), brightness, cut-out centre x, y, half width. */
export const VIEW_NUMBERS = 8;

/**
 * Draws views: crop 0.7-1 of the side, shift +-3 pixels, flip, brightness +-20 %, a cut-out of up to 7x7, all times `strength`.
 * @param strength 0 gives the image itself, 1 the default
 * @returns [n, VIEW_NUMBERS]
 */
export function drawViews(random: Prng, n: number, strength: number, side = 28): Float32Array {
  const out = new Float32Array(n * VIEW_NUMBERS);
  for (let i = 0; i < n; i++) {
    const scale = 1 - 0.3 * strength * random.next();
    const aspect = 1 + 0.1 * strength * (2 * random.next() - 1);
    const flip = strength > 0 && random.next() < 0.5 ? -1 : 1;
    const far = (extent: number) => extent * strength * (2 * random.next() - 1);
    out.set(
      [
        flip * scale * aspect,
        scale / aspect,
        far(3),
        far(3),
        1 + far(0.2),
        random.next() * side,
        random.next() * side,
        3.5 * strength * random.next(),
      ],
      i * VIEW_NUMBERS,
    );
  }
  return out;
}

/**
 * Views of images by bilinear resampling, written as two products: out = R_y x R_x^T,
 * R[i, j] = max(0, 1 - |source(i) - j|) with source(i) = centre + scale (i - centre) + shift.
 * Views that also turn images and change their colours are in color-views.ts.
 * @param x [N, side, side] or [N, C, side, side], 0..1
 * @param views [N, VIEW_NUMBERS] from `drawViews`
 * @returns the shape of x
 */
export function augment(x: Tensor, views: Tensor): Tensor {
  const N = x.shape[0];
  const side = x.shape[x.shape.length - 1];
  const g = x.graph;
  const centre = (side - 1) / 2;
  const each = x.shape.slice(1, -2).map(() => 1);
  const number = (i: number) => reshape(slice(views, 1, i, i + 1), [N, ...each, 1, 1]);
  const column = g.constant(
    Float32Array.from({ length: side }, (_, i) => i - centre),
    [1, ...each, side, 1],
  );
  const pixels = g.constant(
    Float32Array.from({ length: side }, (_, i) => i),
    [1, ...each, 1, side],
  );
  const resample = (scale: Tensor, shift: Tensor) =>
    relu(sub(1, abs(sub(add(add(mul(scale, column), centre), shift), pixels))));
  const rows = resample(number(1), number(3));
  const columns = resample(number(0), number(2));
  const moved = mul(matMul(matMul(rows, x), swap(columns)), number(4));
  const near = (at: Tensor, axis: Tensor) => indicator(lessOrEqual(abs(sub(axis, at)), number(7)));
  const cut = mul(near(number(6), swap(pixels)), near(number(5), pixels));
  return mul(moved, sub(1, cut));
}
