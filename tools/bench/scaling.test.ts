// Scaling: each point once, and where two lines cross on logarithmic scales.
import { expect, it } from 'vitest';
import { plotSvg } from './plot.ts';
import { overtakes, panels, points, type Measured } from './scaling.ts';

it('finds where the second line falls below the first', () => {
  const first: [number, number][] = [
    [10, 1],
    [100, 10],
    [1000, 100],
  ];
  expect(
    overtakes(first, [
      [10, 4],
      [100, 10],
      [1000, 25],
    ]),
  ).toBeCloseTo(100);
  expect(
    overtakes(first, [
      [10, 10],
      [100, 10],
      [1000, 10],
    ]),
  ).toBeCloseTo(100);
  expect(
    overtakes(first, [
      [10, 2],
      [100, 20],
      [1000, 50],
    ]),
  ).toBeCloseTo(316.2, 0);
  expect(
    overtakes(first, [
      [10, 2],
      [100, 20],
      [1000, 200],
    ]),
  ).toBeNull();
});
it('measures every point once and draws each on its axes', () => {
  const all = points();
  expect(new Set(all.map((p) => JSON.stringify(p))).size).toBe(all.length);
  const measured: Measured[] = all.map((point, i) => ({ point, target: 'wasm', ms: i + 1, firstMs: 1, loss: 1 }));
  expect(panels(measured).map((p) => p.lines[0].points.length)).toEqual([5, 5, 5]);
  expect(plotSvg(panels(measured), 'ms').match(/<circle/g)).toHaveLength(15);
  expect(() => plotSvg(panels([{ ...measured[0], ms: 0 }]), 'ms')).toThrow('expected positive values; got 0');
});
