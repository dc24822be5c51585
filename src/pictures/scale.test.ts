import { describe, expect, it } from 'vitest';
import { logTicks, scaleOf } from './scale.ts';

describe('ticks', () => {
  it('are round and inside', () => {
    expect(logTicks(0.02, 5)).toEqual([0.03, 0.1, 0.3, 1, 3]);
    expect(logTicks(0.05, 2, 12)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(logTicks(1e-9, 1)).toHaveLength(5);
    expect(logTicks(0.42, 0.66)).toEqual([0.45, 0.5, 0.55, 0.6, 0.65]);
  });
});

describe('scaleOf', () => {
  it('maps the extremes near the ends', () => {
    const scale = scaleOf([2, 4], { pad: 0 })!;
    expect([2, 3, 4].map(scale.at)).toEqual([0, 0.5, 1]);
    const log = scaleOf([0.1, 10, -5, 0], { log: true, pad: 0 })!;
    expect(log.at(1)).toBeCloseTo(0.5, 12);
  });
  it('gives a single value room, and nothing for no values', () => {
    expect(scaleOf([7])!.at(7)).toBeCloseTo(0.5, 12);
    expect(scaleOf([Number.NaN, Infinity])).toBeNull();
    expect(scaleOf([-1, 0], { log: true })).toBeNull();
  });
});
