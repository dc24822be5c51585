// Colour views against plain loops over pixels.
import { describe, expect, it } from 'vitest';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { backward } from '../autodiff/backward.ts';
import { reduceSum, square } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { COLOR_VIEW_NUMBERS, colorViews, drawColorViews, type ViewOptions } from './color-views.ts';

const N = 4;
const side = 8;
const P = side * side;
const STILL: ViewOptions = { area: 1, aspect: 1, flip: 0, jitter: 0, grey: 0 };
const images = (C: number) => prng(1, 'images').uniforms(N * C * P);
function run(C: number, views: Float32Array, options: ViewOptions = {}): Float64Array {
  const g = new Graph();
  g.output('y', colorViews(g.input('x', [N, C, side, side]), g.input('views', [N, COLOR_VIEW_NUMBERS]), options));
  return evaluateOutputs(g, { x: images(C), views }).y;
}
const draw = (options: ViewOptions, seed = 1) => drawColorViews(prng(seed, 'views').fork(3), N, side, options);
const close = (got: ArrayLike<number>, want: ArrayLike<number>, digits = 5) => {
  expect(got.length).toBe(want.length);
  Array.from(want).forEach((v, i) => expect(got[i]).toBeCloseTo(v, digits));
};
/** Applies f to the colours of each pixel. */
const perPixel = (x: ArrayLike<number>, f: (rgb: number[], image: number) => number[]) => {
  const out = Float64Array.from(x);
  for (let n = 0; n < N; n++)
    for (let p = 0; p < P; p++)
      f(
        [0, 1, 2].map((c) => x[(n * 3 + c) * P + p]),
        n,
      ).forEach((v, c) => (out[(n * 3 + c) * P + p] = v));
  return out;
};
const luma = ([r, g, b]: number[]) => 0.299 * r + 0.587 * g + 0.114 * b;

describe.each([1, 3])('%i channels', (C) => {
  it('strength 0 gives the images themselves, even with blur and cut-out in the graph', () => {
    const options = { strength: 0, blur: 1, cutout: 1, rotation: 30 };
    close(run(C, draw(options), options), images(C), 6);
  });
  it('samples the turned, mirrored crop bilinearly and repeats the edge outside', () => {
    const options = { ...STILL, area: 0.3, aspect: 4 / 3, flip: 0.5, rotation: 40 };
    const views = draw(options);
    const y = run(C, views, options);
    const x = images(C);
    const centre = (side - 1) / 2;
    for (let n = 0; n < N; n++) {
      const [a, b, c, d, down, across] = views.subarray(n * COLOR_VIEW_NUMBERS);
      for (let k = 0; k < C; k++)
        for (let p = 0; p < P; p++) {
          const [i, j] = [Math.floor(p / side) - centre, (p % side) - centre];
          const clamp = (v: number) => Math.min(side - 1, Math.max(0, v));
          const u = clamp(centre + down + a * i + b * j);
          const v = clamp(centre + across + c * i + d * j);
          let want = 0;
          for (let q = 0; q < P; q++)
            want +=
              Math.max(0, 1 - Math.abs(u - Math.floor(q / side))) *
              Math.max(0, 1 - Math.abs(v - (q % side))) *
              x[(n * C + k) * P + q];
          expect(y[(n * C + k) * P + p]).toBeCloseTo(want, 4);
        }
    }
  });
  it('turns by quarters exactly', () => {
    const options: ViewOptions = { ...STILL, turns: (image) => image };
    const y = run(C, draw(options), options);
    const x = images(C);
    for (let n = 0; n < N; n++)
      for (let k = 0; k < C; k++)
        for (let p = 0; p < P; p++) {
          let [i, j] = [Math.floor(p / side), p % side];
          // an anticlockwise quarter turn shows at (i, j) what was at (j, side - 1 - i)
          for (let t = 0; t < n; t++) [i, j] = [j, side - 1 - i];
          expect(y[(n * C + k) * P + p]).toBeCloseTo(x[(n * C + k) * P + i * side + j], 6);
        }
  });
  it('blurs with a normalised Gaussian and cuts a square out', () => {
    const options: ViewOptions = { ...STILL, blur: 1, sigma: [0.8, 0.8], cutout: 1 };
    const views = draw(options);
    const y = run(C, views, options);
    const x = images(C);
    const weight = (i: number, r: number) => Math.exp(-((i - r) ** 2) / (2 * 0.8 ** 2));
    const norm = (i: number) => Array.from({ length: side }, (_, r) => weight(i, r)).reduce((s, v) => s + v);
    let cuts = 0;
    for (let n = 0; n < N; n++) {
      const [cy, cx, half] = views.subarray(n * COLOR_VIEW_NUMBERS + 18);
      for (let k = 0; k < C; k++)
        for (let p = 0; p < P; p++) {
          const [i, j] = [Math.floor(p / side), p % side];
          let want = 0;
          for (let q = 0; q < P; q++)
            want += weight(i, Math.floor(q / side)) * weight(j, q % side) * x[(n * C + k) * P + q];
          const isCut = Math.abs(i - cy) <= half && Math.abs(j - cx) <= half;
          cuts += Number(isCut);
          expect(y[(n * C + k) * P + p]).toBeCloseTo(isCut ? 0 : want / norm(i) / norm(j), 5);
        }
    }
    expect(cuts).toBeGreaterThan(0);
  });
});

it('changes brightness, contrast and saturation as written', () => {
  const options = { ...STILL, jitter: 1, hue: 0 };
  const views = draw(options);
  const x = images(3);
  const y = run(3, views, options);
  const means = Array.from({ length: N }, (_, n) => {
    let sum = 0;
    for (let p = 0; p < P; p++) sum += luma([0, 1, 2].map((c) => x[(n * 3 + c) * P + p]));
    return sum / P;
  });
  const want = perPixel(x, (rgb, n) => {
    const [brightness, contrast, first] = views.subarray(n * COLOR_VIEW_NUMBERS + 6);
    const saturation = (first - 0.299) / (1 - 0.299);
    expect(saturation).toBeGreaterThan(0.59);
    const lit = rgb.map((v) => contrast * brightness * v + (1 - contrast) * brightness * means[n]);
    return lit.map((v) => Math.min(1, Math.max(0, saturation * v + (1 - saturation) * luma(lit))));
  });
  close(y, want);
});
it('a grey view has equal channels of the luma; hue turns colours and leaves grey alone', () => {
  const grey = run(3, draw({ ...STILL, grey: 1 }), {});
  close(
    grey,
    perPixel(images(3), (rgb) => [luma(rgb), luma(rgb), luma(rgb)]),
  );
  expect([...draw(STILL).subarray(8, 17)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const turned = draw({ ...STILL, jitter: 1, brightness: 0, contrast: 0, saturation: 0, hue: 0.5 });
  for (let n = 0; n < N; n++) {
    const m = [...turned.subarray(n * COLOR_VIEW_NUMBERS + 8, n * COLOR_VIEW_NUMBERS + 17)];
    // rows sum to 1 (grey stays), the matrix is a rotation
    for (let r = 0; r < 3; r++)
      for (let s = 0; s < 3; s++) {
        const dot = [0, 1, 2].reduce((sum, k) => sum + m[r * 3 + k] * m[s * 3 + k], 0);
        expect(dot).toBeCloseTo(Number(r === s), 5);
      }
    for (let r = 0; r < 3; r++) expect(m[r * 3] + m[r * 3 + 1] + m[r * 3 + 2]).toBeCloseTo(1, 5);
    expect(m[0]).toBeLessThan(1);
  }
});
it('draws by seed and step alone, and the same places whatever the colours do', () => {
  expect(draw({})).toEqual(draw({}));
  expect(draw({})).not.toEqual(draw({}, 2));
  const places = (v: Float32Array) => Array.from({ length: N }, (_, n) => [...v.subarray(n * 21, n * 21 + 6)]);
  expect(places(draw({}))).toEqual(places(draw({ jitter: 0, grey: 1, blur: 1, cutout: 1 })));
});
it('stays within 0..1 and passes gradients to the image', () => {
  const options = { blur: 0.5, cutout: 0.5, rotation: 20 };
  const views = draw(options);
  expect(run(3, views, options).every((v) => v >= 0 && v <= 1)).toBe(true);
  const g = new Graph();
  const x = g.input('x', [N, 3, side, side]);
  const y = colorViews(x, g.input('views', [N, COLOR_VIEW_NUMBERS]), options);
  const loss = reduceSum(square(y), 'all');
  // mid-grey images, so that no value is clipped
  const feeds = { x: images(3).map((v) => 0.4 + 0.1 * v), views };
  expect(checkGradients(loss, [x], backward(loss, [x]), feeds, 1, 1e-6).error).toBeLessThan(1e-6);
});
it('refuses other shapes', () => {
  const g = new Graph();
  const views = g.input('v', [2, COLOR_VIEW_NUMBERS]);
  expect(() => colorViews(g.input('x', [2, 2, 4, 4]), views)).toThrow(
    'expected [N, 1 or 3, side, side]; got [2, 2, 4, 4]',
  );
});
