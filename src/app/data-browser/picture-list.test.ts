import { expect, test } from 'vitest';
import { nextPosition } from './picture-list.tsx';

test.each([
  ['ArrowRight', 5, 6],
  ['ArrowLeft', 5, 4],
  ['ArrowDown', 5, 15],
  ['ArrowUp', 15, 5],
  ['PageDown', 5, 95],
  ['PageUp', 95, 5],
  ['Home', 40, 0],
  ['End', 40, 99],
])('%s from %i leads to %i', (key, at, to) => {
  expect(nextPosition(key, at, 100, 10)).toBe(to);
});

test('edges hold: no wrap, no jump to the end when there is no line above or below', () => {
  expect(nextPosition('ArrowRight', 99, 100, 10)).toBe(99);
  expect(nextPosition('ArrowUp', 3, 100, 10)).toBe(3);
  expect(nextPosition('ArrowDown', 95, 100, 10)).toBe(95);
  expect(nextPosition('PageDown', 95, 100, 10)).toBe(99);
});

test('other keys are left alone', () => {
  expect(nextPosition('Tab', 3, 100, 10)).toBeNull();
  expect(nextPosition('a', 3, 100, 10)).toBeNull();
});
