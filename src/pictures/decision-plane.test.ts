import { expect, it } from 'vitest';
import { decisionTable, fieldPixels, fieldPlace } from './decision-plane.tsx';

const picture = {
  rows: 2,
  cols: 2,
  // top left, top right, bottom left, bottom right
  classes: [0, 1, 1, 0],
  x: [-1, 1] as [number, number],
  y: [-1, 1] as [number, number],
  groups: ['same', 'other'],
  points: { x: [-0.5, 0.5, 0.5, 3], y: [0.5, 0.5, -0.5, 0], group: [0, 1, 1, 0] },
};

it('lies with y upwards', () => {
  const to = fieldPlace(picture, 100, 50);
  expect(to(-1, 1)).toEqual([0, 0]);
  expect(to(1, -1)).toEqual([100, 50]);
});
it('names the region of each point, none outside', () =>
  expect(decisionTable(picture).rows.map((row) => row.slice(3))).toEqual([
    ['same', 'same'],
    ['other', 'other'],
    ['other', 'same'],
    ['same', null],
  ]));
it('tints each cell in the colour of its group, paler where the model is less sure', () => {
  const pixels = fieldPixels({ ...picture, sure: [1, 1, 0.5, 0] }, 'light');
  expect([...pixels.subarray(0, 3)]).toEqual([0x00, 0x72, 0xb2]);
  expect([...pixels.subarray(4, 7)]).toEqual([0xb8, 0x74, 0x00]);
  expect([3, 7, 11, 15].map((at) => pixels[at])).toEqual([107, 107, 54, 0]);
});
