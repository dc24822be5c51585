import { expect, test } from 'vitest';
import { erf, logNormalCdf, upperTail } from './special.ts';

// mpmath at 40 digits: log(ncdf(x)), rounded to float64
const LOG_CDF: [number, number][] = [
  [-40, -804.6084420137538],
  [-10, -53.23128515051247],
  [-5, -15.064998393988725],
  [-2, -3.783184333682032],
  [-1, -1.8410216450092636],
  [-0.5, -1.1759117615936185],
  [0.5, -0.3689464152886564],
  [2, -0.02301290932896349],
  [6, -9.865876455243758e-10],
  [9, -1.1285884059538405e-19],
];

test.each(LOG_CDF)('log of the normal distribution function at %d', (x, expected) => {
  expect(logNormalCdf(x) / expected).toBeCloseTo(1, 13);
});

test('pieces meet, and far ends are right', () => {
  expect(logNormalCdf(0)).toBeCloseTo(-Math.LN2, 15);
  expect(logNormalCdf(-2 - 1e-12)).toBeCloseTo(logNormalCdf(-2 + 1e-12), 11);
  expect(upperTail(2 - 1e-12)).toBeCloseTo(upperTail(2 + 1e-12), 11);
  expect(logNormalCdf(-1e6) / -5e11).toBeCloseTo(1, 9);
  expect(logNormalCdf(50)).toBeCloseTo(0, 15);
  expect(upperTail(-2) + upperTail(2)).toBeCloseTo(1, 15);
  expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15);
});
