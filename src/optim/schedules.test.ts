import { describe, expect, it } from 'vitest';
import { cosine } from './schedules.ts';

describe('cosine schedule', () => {
  it('starts at the full rate and ends above zero, as CosineAnnealingLR stepped once per step', () => {
    const rate = cosine(0.1, 10);
    for (let t = 1; t <= 10; t++) expect(rate(t)).toBeCloseTo(0.05 * (1 + Math.cos((Math.PI * (t - 1)) / 10)), 12);
    expect(rate(1)).toBe(0.1);
    expect(rate(10)).toBeGreaterThan(0.002);
  });
  it('has the full rate at the end of the warm-up and at the step after it', () => {
    const rate = cosine(0.1, 12, { warmup: 2, floor: 0.1 });
    expect([1, 2, 3].map(rate)).toEqual([0.05, 0.1, 0.1]);
    expect(rate(12)).toBeGreaterThan(0.01);
    expect(rate(13)).toBeCloseTo(0.01, 12);
    expect(cosine(0.1, 1)(1)).toBe(0.1);
  });
});
