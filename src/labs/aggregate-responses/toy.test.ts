import { expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { bagPredictions, distance, fit, makeToy, PEOPLE, TERMS } from './toy.ts';

it('hits every bag mean at 0, lies flatter with every step towards 1, and is nearest the truth inside', () => {
  const toy = makeToy(prng(4, 'toy'), 5, 0.5);
  const range = (rho: number) => {
    const c = fit(toy, rho);
    const v = Array.from({ length: 41 }, (_, i) => c(-1 + i / 20));
    return Math.max(...v) - Math.min(...v);
  };
  expect(toy.m).toBe(TERMS);
  bagPredictions(toy, fit(toy, 0)).forEach((f, a) => expect(f).toBeCloseTo(toy.means[a], 8));
  expect([0, 0.01, 0.1, 0.3, 1].map(range)).toEqual([0, 0.01, 0.1, 0.3, 1].map(range).toSorted((a, b) => b - a));
  expect(distance(fit(toy, 0.1))).toBeLessThan(Math.min(distance(fit(toy, 0)), distance(fit(toy, 1))));
});
it('keeps people and noise when knobs move', () => {
  const a = makeToy(prng(4, 'toy'), 5, 0.5);
  const b = makeToy(prng(4, 'toy'), 4, 1);
  for (let i = 0; i < PEOPLE; i++) expect(b.x[i]).toBe(a.x[i]);
  for (const k of [1, 3, 7, 20]) {
    const t = makeToy(prng(1, 'toy'), k, 1);
    expect(Number.isFinite(distance(fit(t, 0)))).toBe(true);
    expect(t.x.length).toBe(t.m * k);
  }
});
