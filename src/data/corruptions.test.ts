// Corruptions: determinism, what each does, and that severities are ordered.
import { describe, expect, it } from 'vitest';
import { prng } from '../util/prng.ts';
import { mean } from '../util/stats.ts';
import { corrupt, CORRUPTIONS, SEVERITIES, type Corruption, type Severity } from './corruptions.ts';

const ROWS = 6;
const SEVERITY: Severity[] = [1, 2, 3, 4, 5];
/** Smooth images: a bright blob on dark ground, with another place and colour each. */
function pictures(C: number, side: number): Float32Array {
  const random = prng(1, 'pictures');
  const out: number[] = [];
  for (let n = 0; n < ROWS; n++) {
    const [y, x] = [random.next() * side, random.next() * side];
    for (let c = 0; c < C; c++) {
      const light = random.next();
      for (let p = 0; p < side * side; p++)
        out.push(0.1 + 0.8 * light * Math.exp(-((Math.floor(p / side) - y) ** 2 + ((p % side) - x) ** 2) / side));
    }
  }
  return Float32Array.from(out);
}
const distance = (a: Float32Array, b: Float32Array) => mean(Array.from(a, (v, i) => Math.abs(v - b[i])));

describe.each([
  [1, 28],
  [3, 16],
])('%i channels of %i pixels', (C, side) => {
  const images = pictures(C, side);
  const make = (kind: Corruption, s: Severity, rows = ROWS, seed = 1) =>
    corrupt(images.subarray(0, rows * C * side * side), [C, side, side], kind, s, prng(seed, 'corrupt'));
  it.each(CORRUPTIONS)('%s grows with the severity, stays in 0..1, and repeats', (kind) => {
    const before = images.slice();
    const far = SEVERITY.map((s) => distance(make(kind, s), images));
    far.forEach((d, i) => expect(d).toBeGreaterThan(i ? far[i - 1] : 0));
    const worst = make(kind, 5);
    expect(worst.every((v) => v >= 0 && v <= 1)).toBe(true);
    expect(make(kind, 5)).toEqual(worst);
    expect(make(kind, 5, 2)).toEqual(worst.subarray(0, 2 * C * side * side));
    expect(images).toEqual(before);
    const isRandom = kind === 'gaussian-noise' || kind === 'occlusion';
    expect(distance(make(kind, 5, ROWS, 2), worst) > 0).toBe(isRandom);
  });
  it('noise has the deviation of the severity', () => {
    const half = new Float32Array(images.length).fill(0.5);
    const noisy = corrupt(half, [C, side, side], 'gaussian-noise', 1, prng(1, 'noise'));
    const spread = Math.sqrt(mean(Array.from(noisy, (v) => (v - 0.5) ** 2)));
    expect(spread).toBeCloseTo(SEVERITIES['gaussian-noise'][0], 2);
  });
  it.each(['blur', 'pixelate', 'contrast'] as const)('%s leaves flat images alone', (kind) => {
    const flat = new Float32Array(images.length).fill(0.3);
    expect(distance(corrupt(flat, [C, side, side], kind, 5, prng(1, 'flat')), flat)).toBeLessThan(1e-6);
  });
});

it('pixelate takes block means, blur the Gaussian of its width, occlusion one square', () => {
  const side = 8;
  const x = prng(1, 'x').uniforms(side * side);
  const of = (kind: Corruption, s: Severity, image = x) => corrupt(image, [1, side, side], kind, s, prng(1, 'one'));
  const blocky = of('pixelate', 2); // 4 blocks a side, of 2 x 2 pixels
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      const [r, c] = [i - (i % 2), j - (j % 2)];
      const want = mean([0, 1, side, side + 1].map((k) => x[r * side + c + k]));
      expect(blocky[i * side + j]).toBeCloseTo(want, 6);
    }
  const dot = new Float32Array(side * side);
  dot[3 * side + 3] = 1;
  const soft = of('blur', 5, dot);
  const deviation = SEVERITIES.blur[4] * side;
  expect(soft[3 * side + 4] / soft[3 * side + 3]).toBeCloseTo(Math.exp(-1 / (2 * deviation ** 2)), 3);
  const hidden = of('occlusion', 3).reduce((n, v) => n + Number(v === 0.5), 0);
  expect(hidden).toBeGreaterThan(0);
  expect(hidden).toBeLessThanOrEqual(16);
});
it('refuses unknown severities and shapes', () => {
  const x = new Float32Array(16);
  expect(() => corrupt(x, [1, 4, 4], 'blur', 6 as Severity, prng(1))).toThrow(
    'corrupt: expected one of gaussian-noise, blur, contrast, brightness, pixelate, occlusion at severity 1 to 5; got blur at 6',
  );
  expect(() => corrupt(x, [3, 4, 4], 'blur', 1, prng(1))).toThrow(
    'corrupt: expected images of [3, 4, 4]; got 16 values',
  );
});
