import { describe, expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { detectionAp, iou, iouByClass, maskIou, suppress } from './detection.ts';

describe('overlap', () => {
  test('by hand: boxes, intervals, apart, without size', () => {
    expect(iou([0, 0, 2, 2], [1, 1, 3, 3])).toBeCloseTo(1 / 7, 14);
    expect(iou([0, 4], [2, 6])).toBeCloseTo(1 / 3, 14);
    expect(iou([0, 0, 1, 1], [2, 2, 3, 3])).toBe(0);
    expect(iou([1, 1], [1, 1])).toBe(0);
  });
  test('boxes on whole pixels agree with their masks', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = prng(seed, 'boxes');
      const box = () => {
        const [x, y] = [random.int(8), random.int(8)];
        return [x, y, x + 1 + random.int(7), y + 1 + random.int(7)];
      };
      const [a, b] = [box(), box()];
      const mask = (e: number[]) =>
        Array.from({ length: 256 }, (_, i) => {
          const [x, y] = [i % 16, Math.floor(i / 16)];
          return Number(x >= e[0] && x < e[2] && y >= e[1] && y < e[3]);
        });
      expect(iou(a, b)).toBeCloseTo(maskIou(mask(a), mask(b)), 12);
    }
  });
  test('by class from counts', () => {
    expect([...iouByClass([3, 1, 0, 2, 4, 0, 0, 0, 0], 3)]).toEqual([0.5, 4 / 7, NaN]);
  });
});

test('suppression keeps the best of a pile and what stands apart', () => {
  const boxes = [
    [0, 0, 10, 10],
    [1, 1, 11, 11],
    [20, 20, 30, 30],
    [0, 0, 10, 9],
  ];
  expect(suppress(boxes, [0.8, 0.9, 0.5, 0.7], 0.5)).toEqual([1, 2]);
  expect(suppress(boxes, [1, 1, 1, 1], 0.95)).toEqual([0, 1, 2, 3]);
});

describe('average precision of detections', () => {
  const truths = [
    { image: 0, extent: [0, 10] },
    { image: 1, extent: [0, 10] },
  ];
  test('by hand: hit, miss, hit: 1 * 1/2 + 2/3 * 1/2', () => {
    const detections = [
      { image: 0, extent: [0, 10], score: 3 },
      { image: 0, extent: [50, 60], score: 2 },
      { image: 1, extent: [1, 10], score: 1 },
    ];
    expect(detectionAp(detections, truths, 0.5)).toBeCloseTo(1 / 2 + 1 / 3, 14);
    expect(detectionAp(detections, truths, 0.95)).toBe(0.5);
  });
  test('a second detection of one truth is a miss; the right place in another image too', () => {
    const twice = [
      { image: 0, extent: [0, 10], score: 3 },
      { image: 0, extent: [0, 10], score: 2 },
    ];
    expect(detectionAp(twice, truths, 0.5)).toBe(0.5);
    expect(detectionAp([{ image: 2, extent: [0, 10], score: 1 }], truths, 0.5)).toBe(0);
    expect(detectionAp(twice, [], 0.5)).toBeNaN();
  });
});
