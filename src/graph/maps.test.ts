// Resizing against the formula written out; shared maxima.
import { expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { prng } from '../util/prng.ts';
import { averagePool, maxPool, mul, reduceMean, reduceSum, sin } from './builder.ts';
import { evaluate } from './evaluate.ts';
import { Graph } from './graph.ts';
import { resizeBilinear } from './maps.ts';

it.each([
  [4, 5, 8, 10],
  [4, 5, 7, 3],
  [6, 6, 3, 3],
  [1, 2, 3, 2],
])('bilinear %i x %i -> %i x %i equals the formula, with gradients of first and second order', (H, W, h, w) => {
  const g = new Graph();
  const x = g.input('x', [2, 3, H, W]);
  const y = resizeBilinear(x, h, w);
  expect(y.shape).toEqual([2, 3, h, w]);
  const data = prng(1, 'x').normals(2 * 3 * H * W);
  const values = evaluate(g, { x: data }, [y]).get(y)!;
  const clamp = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
  for (let n = 0; n < 6; n++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        const u = clamp(((i + 0.5) * H) / h - 0.5, H);
        const v = clamp(((j + 0.5) * W) / w - 0.5, W);
        let want = 0;
        for (let r = 0; r < H; r++)
          for (let s = 0; s < W; s++)
            want += Math.max(0, 1 - Math.abs(u - r)) * Math.max(0, 1 - Math.abs(v - s)) * data[(n * H + r) * W + s];
        expect(values[(n * h + i) * w + j]).toBeCloseTo(want, 6);
      }
  const loss = reduceSum(sin(y), 'all');
  const [first] = backward(loss, [x]);
  expect(checkGradients(loss, [x], [first], { x: data }).error).toBeLessThan(1e-7);
  const slope = reduceSum(mul(first!, first!), 'all');
  expect(checkGradients(slope, [x], backward(slope, [x]), { x: data }).error).toBeLessThan(1e-6);
});
it('largest pixels that are equal share the gradient, in overlapping windows too', () => {
  const g = new Graph();
  const x = g.input('x', [1, 1, 1, 3]);
  const loss = reduceSum(maxPool(x, [1, 2], 1), 'all');
  const [gradient] = backward(loss, [x]);
  expect([...evaluate(g, { x: [2, 2, 1] }, [gradient!]).get(gradient!)!]).toEqual([0.5, 1.5, 0]);
});
it('a window of the whole map is the global mean', () => {
  const g = new Graph();
  const x = g.input('x', [2, 3, 4, 5]);
  const pooled = averagePool(x, [4, 5]);
  const mean = reduceMean(x, [2, 3], true);
  const values = evaluate(g, { x: prng(1, 'x').normals(120) }, [pooled, mean]);
  values.get(mean)!.forEach((v, i) => expect(values.get(pooled)![i]).toBeCloseTo(v, 12));
});
it('refuses padding as wide as the window', () => {
  const x = new Graph().input('x', [1, 1, 4, 4]);
  expect(() => maxPool(x, 2, 2, 2)).toThrow('MaxPool: expected pads below the kernel [2, 2]; got [2, 2, 2, 2]');
});
