import { expect, test } from 'vitest';
import { splitDigits } from './digits.ts';

// as many of each class as the originals hold
const COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
const labels = Uint8Array.from(COUNTS.flatMap((count, label) => new Array<number>(count).fill(label)));

test('the split takes every row once, balanced in blocks of ten while the smallest class lasts', () => {
  const { train, validation, test: held } = splitDigits(labels);
  expect([train.length, validation.length, held.length]).toEqual([1197, 200, 400]);
  expect(new Set([...train, ...validation, ...held]).size).toBe(1797);
  for (const order of [train.slice(0, 1140), validation, held]) {
    for (let block = 0; block < order.length; block += 10)
      expect(new Set(order.slice(block, block + 10).map((row) => labels[row])).size).toBe(10);
  }
  expect(splitDigits(labels).train).toEqual(train);
});
