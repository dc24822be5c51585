import { describe, expect, test } from 'vitest';
import {
  average,
  coordinatesOn,
  cosine,
  distance,
  dot,
  lerp,
  norm,
  planeThrough,
  pointOn,
  project,
  reject,
} from './flat.ts';
import { prng } from './prng.ts';

const [a, b, c] = [0, 1, 2].map((k) => prng(k, 'flat').normals(1000));
const near = (x: ArrayLike<number>, y: ArrayLike<number>) => expect(distance(x, y)).toBeLessThan(1e-4);

test('by hand', () => {
  expect(dot([1, 2], [3, 4])).toBe(11);
  expect(norm([3, 4])).toBe(5);
  expect(distance([1, 1], [4, 5])).toBe(5);
  expect(cosine([1, 0], [1, 1])).toBeCloseTo(Math.SQRT1_2, 14);
  expect([
    ...average([
      [1, 2],
      [3, 6],
    ]),
  ]).toEqual([2, 4]);
  expect([...project([3, 4], [2, 0])]).toEqual([3, 0]);
  expect([...reject([3, 4], [2, 0])]).toEqual([0, 4]);
  expect([...project([3, 4], [0, 0])]).toEqual([0, 0]);
  expect(() => dot([1], [1, 2])).toThrow('dot: expected vectors of one length; got 1 and 2');
});

test('interpolation meets its ends exactly', () => {
  expect(lerp(a, b, 0)).toEqual(a);
  expect(lerp(a, b, 1)).toEqual(b);
  near(lerp(a, b, 0.5), average([a, b]));
});

describe('plane', () => {
  test('holds its three points, and distances in it are those of the space', () => {
    const plane = planeThrough(a, b, c);
    [a, b, c].forEach((w, i) => near(pointOn(plane, ...plane.points[i]), w));
    [a, b, c].forEach((w, i) =>
      coordinatesOn(plane, w).forEach((v, k) => expect(v).toBeCloseTo(plane.points[i][k], 3)),
    );
    expect(dot(plane.u, plane.v)).toBeCloseTo(0, 6);
    expect(distance(pointOn(plane, 1, 2), pointOn(plane, 4, -2))).toBeCloseTo(5, 4);
  });
  test('refuses points on a line', () => {
    expect(() => planeThrough(a, b, lerp(a, b, 0.3))).toThrow('not on a line');
    expect(() => planeThrough(a, a, b)).toThrow('not on a line');
  });
});
