import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { prng } from './prng.ts';

it('agrees with the platform and comes back whole, also beyond one chunk', () => {
  const random = prng(1, 'bytes');
  for (const n of [0, 1, 2, 3, 255, 8192, 20_001]) {
    const bytes = Uint8Array.from({ length: n }, () => random.int(256));
    const text = toBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(text)).toEqual(bytes);
  }
  expect(() => fromBase64('a')).toThrow();
});
