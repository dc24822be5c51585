import { expect, test } from 'vitest';
import { prng } from '../util/prng.ts';
import { packImages, unpackImages } from './image-codec.ts';

const layout = { rows: 3, channels: 2, height: 7, width: 5 };
const size = 3 * 2 * 7 * 5;

test.each([
  ['noise', () => Uint8Array.from({ length: size }, ((random) => () => random.int(256))(prng(1, 'codec')))],
  ['all zero', () => new Uint8Array(size)],
  ['all 255', () => new Uint8Array(size).fill(255)],
  ['ramp', () => Uint8Array.from({ length: size }, (_, i) => (i * 7) & 255)],
])('%s survives packing and unpacking', (_, make) => {
  const pixels = make();
  expect(unpackImages(packImages(pixels, layout), layout)).toEqual(pixels);
});

test('unpacking works on a view into a larger buffer', () => {
  const pixels = Uint8Array.from({ length: size }, (_, i) => (i * 31) & 255);
  const packed = packImages(pixels, layout);
  const larger = new Uint8Array(packed.length + 3);
  larger.set(packed, 3);
  expect(unpackImages(larger.subarray(3), layout)).toEqual(pixels);
});

test('a flat image leaves one non-zero residual per plane', () => {
  const packed = packImages(new Uint8Array(25).fill(9), { rows: 1, channels: 1, height: 5, width: 5 });
  expect([...packed.subarray(24)].filter((v) => v !== 0)).toEqual([9]);
});

test('a wrong length is refused', () => {
  expect(() => unpackImages(new Uint8Array(30), layout)).toThrow(/got 30/);
});
