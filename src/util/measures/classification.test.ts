import { expect, test } from 'vitest';
import {
  accuracyOf,
  agreement,
  confusion,
  expectedCalibrationError,
  recallByClass,
  reliability,
} from './classification.ts';

test('accuracy: ties share, a NaN is wrong', () => {
  expect(accuracyOf([1, 1, 1, 1], [0, 1], 2)).toBe(0.5);
  expect(accuracyOf([2, 1, 0, NaN, 0, 3], [0, 0, 1], 2)).toBeCloseTo(2 / 3, 14);
  expect(accuracyOf([0, 5, 5, 5], [0], 4)).toBe(0);
  expect(() => agreement([1], [1, 2])).toThrow('expected as many rows');
});

test('confusion and recall by hand; predictions that are no class count nowhere', () => {
  const counts = confusion([0, 1, 1, -1, 0], [0, 0, 1, 1, 0], 2);
  expect([...counts]).toEqual([2, 1, 0, 1]);
  const [zero, one, none] = recallByClass([2, 1, 0, 0, 1, 0, 0, 0, 0], 3);
  expect([zero, one, none]).toEqual([2 / 3, 1, NaN]);
});

test('calibration error by hand: two bins, confidence 0.55 and 0.95', () => {
  // ten rows at 0.55, seven right; ten at 0.95, eight right
  const p: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < 20; i++) {
    const top = i < 10 ? 0.55 : 0.95;
    p.push(top, 1 - top);
    labels.push((i < 10 ? i < 7 : i < 18) ? 0 : 1);
  }
  expect(expectedCalibrationError(p, labels, 2, 10)).toBeCloseTo(0.5 * 0.15 + 0.5 * 0.15, 12);
  const bars = reliability(p, labels, 2, 10);
  expect(bars.map((b) => b.rows)).toEqual([0, 0, 0, 0, 0, 10, 0, 0, 0, 10]);
  expect(bars[5]).toMatchObject({ accuracy: 0.7 });
  // a value on an edge belongs to the bin below it, and certain right answers are calibrated
  expect(reliability([0.5, 0.5], [0], 2, 10)[4].rows).toBe(1);
  expect(expectedCalibrationError([1, 0, 0, 1], [0, 1], 2)).toBe(0);
});
