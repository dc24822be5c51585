import { expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';
import { prng } from './prng.ts';

test('the same content has the same name, wherever it lies in memory', () => {
  const bytes = Uint8Array.from({ length: 41 }, (_, i) => i * 7);
  const shifted = new Uint8Array(50);
  shifted.set(bytes, 3);
  expect(contentHash(shifted.subarray(3, 44))).toBe(contentHash(bytes));
  expect(contentHash(bytes)).toMatch(/^[0-9a-f]{16}$/);
});

test('one value, one more zero or two values exchanged give another name', () => {
  const values = prng(1, 'hash').normals(100);
  const names = new Set([contentHash(values), contentHash(values.subarray(0, 99))]);
  for (let i = 0; i < 100; i++) {
    const other = values.slice();
    other[i] += 1e-6 + Math.abs(other[i]) * 1e-6;
    names.add(contentHash(other));
  }
  const exchanged = values.slice();
  [exchanged[4], exchanged[5]] = [exchanged[5], exchanged[4]];
  names.add(contentHash(exchanged));
  expect(names.size).toBe(103);
  expect(new Set([0, 1, 2, 3, 4, 5].map((n) => contentHash(new Uint8Array(n)))).size).toBe(6);
});
