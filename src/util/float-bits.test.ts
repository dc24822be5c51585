import { expect, it } from 'vitest';
import { bitsToDoubles, doublesToBits } from './float-bits.ts';
import { prng } from './prng.ts';

it('brings every double back, bit by bit, also through a structured clone', () => {
  const random = prng(1, 'bits');
  const values = Float64Array.from({ length: 500 }, () => random.normal() * 10 ** (600 * (random.next() - 0.5)));
  values.set([0, -0, Infinity, -Infinity, Number.MIN_VALUE, Math.PI]);
  const back = bitsToDoubles(structuredClone(doublesToBits(values)));
  expect(back).toEqual(values);
  expect(Object.is(back[1], -0)).toBe(true);
});
