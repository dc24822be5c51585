import { describe, expect, test } from 'vitest';
import { dft, dft2, inverseDft } from './dft.ts';
import { prng } from './prng.ts';

describe('one dimension', () => {
  test('a wave of 59 points has two lines', () => {
    const { real, imaginary } = dft(Array.from({ length: 59 }, (_, t) => Math.cos((2 * Math.PI * 7 * t) / 59 + 1)));
    real.forEach((re, k) => {
      const expected = k === 7 || k === 52 ? 59 / 2 : 0;
      expect(Math.hypot(re, imaginary[k])).toBeCloseTo(expected, 10);
    });
    expect(Math.atan2(imaginary[7], real[7])).toBeCloseTo(1, 12);
  });
  test('there and back; energy is kept (Parseval)', () => {
    const x = prng(1, 'dft').normals(23);
    const spectrum = dft(x);
    const back = inverseDft(spectrum);
    x.forEach((v, t) => {
      expect(back.real[t]).toBeCloseTo(v, 12);
      expect(back.imaginary[t]).toBeCloseTo(0, 12);
    });
    const energy = spectrum.real.reduce((s, v, k) => s + v * v + spectrum.imaginary[k] ** 2, 0);
    expect(energy / 23).toBeCloseTo(
      x.reduce((s, v) => s + v * v, 0),
      10,
    );
  });
});

test('two dimensions equal the double sum', () => {
  const [n, m] = [3, 5];
  const x = prng(2, 'dft2').normals(n * m);
  const { real, imaginary } = dft2(x, n, m);
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < m; l++) {
      let re = 0;
      let im = 0;
      x.forEach((v, at) => {
        const angle = -2 * Math.PI * ((k * Math.floor(at / m)) / n + (l * (at % m)) / m);
        re += v * Math.cos(angle);
        im += v * Math.sin(angle);
      });
      expect(real[k * m + l]).toBeCloseTo(re, 12);
      expect(imaginary[k * m + l]).toBeCloseTo(im, 12);
    }
  }
});
