import { expect, it } from 'vitest';
import { decisionTable, fieldPlace } from './decision-plane.tsx';

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
