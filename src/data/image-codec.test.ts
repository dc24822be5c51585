import { expect, test } from 'vitest';
import { prng } from '../util/prng.ts';
import { packImages, unpackImages, type ImageLayout } from './image-codec.ts';

const grey: ImageLayout = { rows: 3, channels: 1, height: 7, width: 5 };
const colour: ImageLayout = { rows: 3, channels: 4, height: 7, width: 5 };
const sizeOf = (l: ImageLayout) => l.rows * l.channels * l.height * l.width;
const noise = (length: number, name: string) => {
  const random = prng(1, name);
  return Uint8Array.from({ length }, () => random.int(256));
};

test.each([
  ['noise', noise(sizeOf(grey), 'grey')],
  ['all zero', new Uint8Array(sizeOf(grey))],
  ['all 255', new Uint8Array(sizeOf(grey)).fill(255)],
  ['ramp', Uint8Array.from({ length: sizeOf(grey) }, (_, i) => (i * 7) & 255)],
])('grey %s survives packing and unpacking', (_, pixels) => {
  expect(unpackImages(packImages(pixels, grey), grey)).toEqual(pixels);
});

test('colour noise survives, except under zero alpha', () => {
  const pixels = noise(sizeOf(colour), 'colour');
  const area = 35;
  for (let row = 0; row < 3; row++) for (let k = 0; k < 10; k++) pixels[(row * 4 + 3) * area + k * 3] = 0;
  const expected = pixels.map((v, i) =>
    pixels[(Math.floor(i / (4 * area)) * 4 + 3) * area + (i % area)] === 0 ? 0 : v,
  );
  expect(expected).not.toEqual(pixels);
  expect(unpackImages(packImages(pixels, colour), colour)).toEqual(expected);
});

test('with a loss, values move by no more than it, 0 and 255 stay, and packing again changes nothing', () => {
  const pixels = noise(sizeOf(colour), 'lossy').map((v, i) => (i % 140 >= 105 ? 255 : v));
  const loss = [3, 3, 3, 2];
  const first = unpackImages(packImages(pixels, colour, loss), colour);
  const moved = pixels.map((v, i) => Math.abs(v - first[i]));
  expect(Math.max(...moved)).toBe(3);
  pixels.forEach((v, i) => {
    if (v === 0 || v === 255) expect(first[i]).toBe(v);
  });
  expect(unpackImages(packImages(first, colour), colour)).toEqual(first);
});

test('unpacking works on a view into a larger buffer', () => {
  const pixels = noise(sizeOf(grey), 'view');
  const packed = packImages(pixels, grey);
  const larger = new Uint8Array(packed.length + 3);
  larger.set(packed, 3);
  expect(unpackImages(larger.subarray(3), grey)).toEqual(pixels);
});

test('the first rows come alone, in grey and in colour', () => {
  for (const layout of [grey, colour]) {
    const all = unpackImages(packImages(noise(sizeOf(layout), 'first'), layout), layout);
    const packed = packImages(all, layout);
    for (const rows of [0, 1, 2, 3])
      expect(unpackImages(packed, layout, rows)).toEqual(all.slice(0, (rows * all.length) / layout.rows));
  }
});

test('a flat image leaves one non-zero residual', () => {
  const packed = packImages(new Uint8Array(25).fill(9), { rows: 1, channels: 1, height: 5, width: 5 });
  expect([...packed.subarray(24)].filter((v) => v !== 0)).toEqual([9]);
});

test('bytes of another length or another layout are refused', () => {
  expect(() => unpackImages(new Uint8Array(30), grey)).toThrow(RangeError);
  expect(() => unpackImages(new Uint8Array(3), grey)).toThrow(/at least 24 bytes; got 3/);
  const packed = packImages(noise(sizeOf(grey), 'refused'), grey);
  expect(() => unpackImages(packed.subarray(0, packed.length - 1), grey)).toThrow(RangeError);
  expect(() => unpackImages(packed, { ...grey, rows: 2 })).toThrow(RangeError);
});
