import { expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { inner } from './collapse.ts';
import { project, seen } from './project.ts';

it('keeps lengths and angles of the means, and rows that are means', () => {
  const means = Float64Array.from(prng(1, 'means').normals(3 * 7));
  const { means: shown, rows } = project(means, means, 3);
  const wanted = inner(means, means, 3, 7);
  inner(shown, shown, 3, 3).forEach((v, i) => expect(v).toBeCloseTo(wanted[i], 10));
  rows.forEach((v, i) => expect(v).toBeCloseTo(shown[i], 10));
});

it('shows what of a row lies in the span, also where means are dependent', () => {
  const means = Float64Array.of(1, 0, 0, -1, 0, 0, 0, 0, 0);
  const { rows } = project(means, Float64Array.of(2, 5, 7), 3);
  expect(Math.hypot(...rows)).toBeCloseTo(2);
});

it('turns without changing lengths across the view', () => {
  expect(seen([1, 0, 0], { turn: 0, tilt: 0 })).toEqual([1, 0]);
  const [across, up] = seen([0, 0, 1], { turn: 0.7, tilt: 0 });
  expect([across, up]).toEqual([0, 1]);
});
