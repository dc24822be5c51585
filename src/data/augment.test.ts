// Views against a plain resampling loop.
import { expect, it } from 'vitest';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { augment, drawViews, VIEW_NUMBERS } from './augment.ts';

const N = 4;
const side = 9;
function run(views: Float32Array, x: Float32Array): Float64Array {
  const g = new Graph();
  g.output('y', augment(g.input('x', [N, side, side]), g.input('views', [N, VIEW_NUMBERS])));
  return evaluateOutputs(g, { x, views }).y;
}
const images = prng(1, 'images').uniforms(N * side * side);

it('strength 0 gives the images themselves', () => {
  const y = run(drawViews(prng(2, 'v'), N, 0, side), images);
  y.forEach((v, i) => expect(v).toBeCloseTo(images[i], 6));
});
it('equals bilinear resampling with zeros outside, brightness and a cut-out', () => {
  const views = drawViews(prng(3, 'v'), N, 1, side);
  const y = run(views, images);
  const c = (side - 1) / 2;
  for (let n = 0; n < N; n++) {
    const [sx, sy, dx, dy, light, cx, cy, r] = views.slice(n * VIEW_NUMBERS, (n + 1) * VIEW_NUMBERS);
    const at = (i: number, j: number) =>
      i < 0 || j < 0 || i >= side || j >= side ? 0 : images[(n * side + i) * side + j];
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const u = c + sy * (i - c) + dy;
        const v = c + sx * (j - c) + dx;
        const i0 = Math.floor(u);
        const j0 = Math.floor(v);
        const a = u - i0;
        const b = v - j0;
        const value =
          (1 - a) * ((1 - b) * at(i0, j0) + b * at(i0, j0 + 1)) +
          a * ((1 - b) * at(i0 + 1, j0) + b * at(i0 + 1, j0 + 1));
        const isCut = Math.abs(i - cy) <= r && Math.abs(j - cx) <= r;
        expect(y[(n * side + i) * side + j]).toBeCloseTo(isCut ? 0 : light * value, 5);
      }
  }
});
it('the same seed draws the same views', () => {
  expect(drawViews(prng(7, 'v'), 3, 1)).toEqual(drawViews(prng(7, 'v'), 3, 1));
});
it('moves every channel alike', () => {
  const views = drawViews(prng(3, 'v'), 2, 1, side);
  const g = new Graph();
  g.output('y', augment(g.input('x', [2, 2, side, side]), g.input('views', [2, VIEW_NUMBERS])));
  const together = evaluateOutputs(g, { x: images, views }).y;
  // channel c of image n is image 2 n + c of the grey call, which gets each image's numbers twice
  const twice = Float32Array.from([0, 0, 1, 1].flatMap((n) => [...views.subarray(n * 8, n * 8 + 8)]));
  expect(Array.from(together)).toEqual(Array.from(run(twice, images)));
});
