import { expect, it } from 'vitest';
import { tinyImages } from './tiny-images.ts';

it('tiny images are images, all different', () => {
  const { values, labels, shape } = tinyImages({ rows: 6, channels: 3, side: 8, classes: 4 });
  expect(shape).toEqual([3, 8, 8]);
  expect(Array.from(labels)).toEqual([0, 1, 2, 3, 0, 1]);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(1);
  const rows = Array.from({ length: 6 }, (_, i) => values.subarray(i * 192, (i + 1) * 192).join());
  expect(new Set(rows).size).toBe(6);
});
