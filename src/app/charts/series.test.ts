import { describe, expect, it } from 'vitest';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { finalValues, metricsIn, seedBand, smooth, spreadOf } from './series.ts';

const arm: ArmResult = {
  id: 'a',
  label: 'A',
  final: { accuracy: [0.5, 0.7] },
  series: [
    {
      loss: [
        [0, 2],
        [10, 1],
      ],
    },
    {
      loss: [
        [0, 4],
        [10, Number.NaN],
        [20, 3],
      ],
    },
  ],
};

describe('seedBand', () => {
  it('averages the seeds that have a finite value at a step', () => {
    expect(seedBand(arm, 'loss')).toEqual([
      { step: 0, mean: 3, low: 2, high: 4, seeds: 2 },
      { step: 10, mean: 1, low: 1, high: 1, seeds: 1 },
      { step: 20, mean: 3, low: 3, high: 3, seeds: 1 },
    ]);
    expect(seedBand(arm, 'absent')).toEqual([]);
  });
});

describe('smooth', () => {
  it('leaves a constant curve where it is, from the first point on', () => {
    for (const value of smooth([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
  });
  it('weights the past', () => {
    expect(smooth([0, 1], 0.5)[1]).toBeCloseTo(2 / 3, 12);
  });
});

describe('finalValues', () => {
  it('takes the stated finals, else the last points', () => {
    expect(finalValues(arm, 'accuracy')).toEqual([0.5, 0.7]);
    expect(finalValues(arm, 'loss')).toEqual([1, 3]);
    expect(finalValues(arm, 'absent')).toEqual([]);
  });
  it('feeds the spread', () => {
    expect(spreadOf([1, 3])).toEqual({ mean: 2, low: 1, high: 3, count: 2 });
    expect(spreadOf([])).toBeNull();
  });
});

describe('metricsIn', () => {
  it('lists each metric once', () => expect(metricsIn([arm, arm])).toEqual(['loss', 'accuracy']));
});
