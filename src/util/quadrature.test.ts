import { describe, expect, test } from 'vitest';
import { gaussHermite, gaussLegendre, integrate, normalMean } from './quadrature.ts';

const close = (a: Float64Array, b: number[]) => {
  expect(a).toHaveLength(b.length);
  b.forEach((v, i) => expect(a[i]).toBeCloseTo(v, 13));
};

describe('rules in closed form', () => {
  test('Legendre of 1, 2, 3 and 5 nodes', () => {
    close(gaussLegendre(1).nodes, [0]);
    close(gaussLegendre(1).weights, [2]);
    close(gaussLegendre(2).nodes, [-1 / Math.sqrt(3), 1 / Math.sqrt(3)]);
    close(gaussLegendre(3).weights, [5 / 9, 8 / 9, 5 / 9]);
    const [inner, outer] = [-1, 1].map((s) => Math.sqrt(5 + s * 2 * Math.sqrt(10 / 7)) / 3);
    close(gaussLegendre(5).nodes, [-outer, -inner, 0, inner, outer]);
    const heavy = (322 + 13 * Math.sqrt(70)) / 900;
    const light = (322 - 13 * Math.sqrt(70)) / 900;
    close(gaussLegendre(5).weights, [light, heavy, 128 / 225, heavy, light]);
  });
  test('Hermite of 3 nodes: 0 and the roots of 3', () => {
    close(gaussHermite(3).nodes, [-Math.sqrt(3), 0, Math.sqrt(3)]);
    close(gaussHermite(3).weights, [1 / 6, 2 / 3, 1 / 6]);
  });
});

test('moments of a normal variable are exact up to degree 2n - 1, and not beyond', () => {
  const rule = gaussHermite(6);
  const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0];
  moments.forEach((m, k) => expect(normalMean(rule, (z) => z ** k) / (m || 1)).toBeCloseTo(m ? 1 : 0, 10));
  expect(normalMean(rule, (z) => z ** 12) / 10395).toBeCloseTo(1 - 720 / 10395, 10);
});

test('smooth integrals: exp, cosine, mean and deviation of the variable', () => {
  expect(integrate(gaussLegendre(20), Math.exp, 0, 3)).toBeCloseTo(Math.exp(3) - 1, 12);
  expect(normalMean(gaussHermite(40), Math.cos)).toBeCloseTo(Math.exp(-0.5), 13);
  expect(normalMean(gaussHermite(30), Math.exp, 1, 0.5)).toBeCloseTo(Math.exp(1 + 0.125), 12);
  expect(gaussHermite(200).weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test('refuses a number of nodes that is none', () => {
  expect(() => gaussHermite(0)).toThrow('gaussHermite: expected a positive number of nodes; got 0');
});
