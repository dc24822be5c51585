import { describe, expect, it } from 'vitest';
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';
import { intervalPlot } from './interval-plot.ts';

const claim: ClaimResult = {
  id: 'c',
  text: 't',
  measured: 2,
  threshold: '≥ 1',
  verdict: 'undecided',
  required: true,
  margin: { atLeast: 1 },
  low: 0,
  high: 4,
};

describe('intervalPlot', () => {
  it('keeps everything on the line, in order', () => {
    const plot = intervalPlot(claim, { ...claim, low: -4, high: 3 })!;
    expect(plot.other!.low).toBeCloseTo(0.08, 12);
    expect(plot.high).toBeCloseTo(0.92, 12);
    expect(plot.low).toBeCloseTo(0.5, 12);
    expect(plot.low! < plot.margin && plot.margin < plot.measured && plot.measured < plot.high!).toBe(true);
    expect(plot.isPassRight).toBe(true);
  });
  it('draws ratios on logarithms', () => {
    const plot = intervalPlot({ ...claim, isRatio: true, margin: { below: 1 }, measured: 1, low: 0.1, high: 10 })!;
    expect([plot.low, plot.measured, plot.high].map((v) => v!.toFixed(2))).toEqual(['0.08', '0.50', '0.92']);
    expect(plot.isPassRight).toBe(false);
  });
  it('has no interval for an exact claim, and one place for equal values', () => {
    expect(intervalPlot({ ...claim, low: null, high: null })).toMatchObject({ low: null, high: null, other: null });
    expect(intervalPlot({ ...claim, measured: 1, low: null, high: null })).toMatchObject({
      measured: 0.5,
      margin: 0.5,
    });
  });
  it('is not drawn without a value or a margin', () => {
    expect(intervalPlot({ ...claim, measured: null })).toBeNull();
    expect(intervalPlot({ ...claim, margin: undefined })).toBeNull();
  });
});
