import { describe, expect, it } from 'vitest';
import { marginOf } from './margin.ts';

describe('marginOf', () => {
  it.each([
    ['>= 0.9', 0.95, 0.05],
    ['>= 0.9', 0.8, -0.1],
    ['<= -0.9', -1, 0.1],
    ['< 0.05', 0.01, 0.04],
    ['≥ −0.5', 0, 0.5],
    ['> 1e-3', 2e-3, 1e-3],
    ['>= 0.01 above both ends', 0.03, 0.02],
  ])('%s at %d', (threshold, measured, margin) => expect(marginOf({ threshold, measured })).toBeCloseTo(margin, 12));
  it('takes the number where the run has one', () => {
    expect(marginOf({ threshold: '', measured: 3, margin: { below: 5 } })).toBe(2);
    expect(marginOf({ threshold: '', measured: 3, margin: { atLeast: 5 } })).toBe(-2);
  });
  it.each([
    ['within 2 of the best', 1],
    ['', 1],
    ['>= 0.9', null],
    ['>= 0.9', Number.NaN],
  ])('%s at %s has none', (threshold, measured) => {
    expect(marginOf({ threshold, measured })).toBeNull();
  });
});
