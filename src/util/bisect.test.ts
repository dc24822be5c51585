import { expect, test } from 'vitest';
import { bisect } from './bisect.ts';

test('roots to the last digit, rising and falling, with ends in either order', () => {
  expect(bisect((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
  expect(bisect((x) => 2 - x * x, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
  expect(bisect((x) => x * x - 2, 2, 0)).toBeCloseTo(Math.SQRT2, 15);
  expect(bisect(Math.cos, 1, 2)).toBeCloseTo(Math.PI / 2, 15);
  expect(bisect((x) => x, 0, 5)).toBe(0);
});

test('values so small that their product is zero still have signs', () => {
  expect(bisect((x) => 1e-200 * (x - 0.3), 0, 1)).toBeCloseTo(0.3, 12);
});

test('stops at the tolerance; refuses an interval without a change of sign', () => {
  let calls = 0;
  const f = (x: number) => {
    calls++;
    return x - 0.3;
  };
  expect(Math.abs(bisect(f, 0, 1, 1e-3) - 0.3)).toBeLessThan(1e-3);
  expect(calls).toBeLessThan(14);
  expect(() => bisect((x) => x * x + 1, 0, 1)).toThrow('two signs at 0 and 1; got 1 and 2');
  expect(() => bisect(() => NaN, 0, 1)).toThrow('two signs');
});
