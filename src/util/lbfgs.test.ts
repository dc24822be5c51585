import { expect, test } from 'vitest';
import { lbfgs } from './lbfgs.ts';

test('finds the minimum of the Rosenbrock function in ten dimensions', () => {
  const found = lbfgs((x, g) => {
    g.fill(0);
    let value = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      const a = x[i + 1] - x[i] ** 2;
      const b = 1 - x[i];
      value += 100 * a * a + b * b;
      g[i] += -400 * a * x[i] - 2 * b;
      g[i + 1] += 200 * a;
    }
    return value;
  }, new Float64Array(10).fill(-1));
  expect(found.hasConverged).toBe(true);
  found.x.forEach((v) => expect(v).toBeCloseTo(1, 6));
});

test('a quadratic of curvatures 1 to 10^6 and a start that is the minimum', () => {
  const f = (x: Float64Array, g: Float64Array) => {
    x.forEach((v, i) => (g[i] = 10 ** i * (v - i)));
    return x.reduce((s, v, i) => s + (10 ** i * (v - i) ** 2) / 2, 0);
  };
  const found = lbfgs(f, new Float64Array(7));
  found.x.forEach((v, i) => expect(v).toBeCloseTo(i, 6));
  expect(lbfgs(f, found.x, { tolerance: 1e-6 }).iterations).toBe(0);
});
