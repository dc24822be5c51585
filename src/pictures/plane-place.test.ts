import { expect, it } from 'vitest';
import { placeIn, planeScales } from './plane-place.ts';

const picture = { x: [0, 4], y: [0, 1] };

it('fills its place, y upwards', () => {
  const to = placeIn(planeScales(picture)!, 220, 120);
  const [left, low] = to(0, 0);
  const [right, high] = to(4, 1);
  expect(left).toBeGreaterThanOrEqual(10);
  expect(right).toBeLessThanOrEqual(210);
  expect(low).toBeGreaterThan(high);
  expect(left + right).toBeCloseTo(220);
});
it('keeps units square on demand', () => {
  const to = placeIn(planeScales(picture)!, 220, 120, true);
  const [x0, y0] = to(0, 0);
  const [x1] = to(1, 0);
  const [, y1] = to(0, 1);
  expect(x1 - x0).toBeCloseTo(y0 - y1);
});
it('makes room for trails', () => {
  const scales = planeScales({ ...picture, trail: { steps: 1, x: [-8, 0], y: [0, 0] } })!;
  expect(scales.x.domain[0]).toBeLessThanOrEqual(-8);
});
it('is nothing without points', () => expect(planeScales({ x: [], y: [] })).toBeNull());
