import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from './half.ts';

describe('half precision', () => {
  it('gives the bits that IEEE 754 lists', () => {
    expect([
      ...toHalf([0, -0, 1, -2, 65504, 65519, 65520, 1e9, -Infinity, 2 ** -14, 2 ** -24, 2 ** -25, 1 / 3]),
    ]).toEqual([0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00, 0x0400, 1, 0, 0x3555]);
    expect(toHalf([NaN])[0] & 0x7c00).toBe(0x7c00);
  });
  it('comes back from every number of its own', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter(
      (b) => (b & 0x7c00) !== 0x7c00 || (b & 1023) === 0,
    );
    expect(toHalf(fromHalf(all))).toEqual(all);
    expect(fromHalf([0x7e00])[0]).toBeNaN();
  });
  it('rounds to the nearest, ties to even', () => {
    const ulp = 2 ** -10;
    expect([...fromHalf(toHalf([1 + ulp / 2, 1 + 1.5 * ulp, 1 + 0.51 * ulp]))]).toEqual([1, 1 + 2 * ulp, 1 + ulp]);
  });
});
