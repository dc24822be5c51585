import { describe, expect, it } from 'vitest';
import type { NumberControl } from '../../labs/_kit/contract/meta.ts';
import { positionOf, positions, valueAt } from './slider-scale.ts';

const control = (min: number, max: number, step: number, more: Partial<NumberControl> = {}): NumberControl => ({
  kind: 'number',
  label: '',
  help: '',
  min,
  max,
  step,
  default: min,
  ...more,
});
const controls = [
  control(0, 1, 0.1),
  control(-3, 3, 0.25),
  control(64, 512, 64, { integer: true }),
  control(0.02, 5, 0.01, { scale: 'log' }),
  control(1e-5, 1, 1e-5, { scale: 'log' }),
  control(1, 1000, 1, { scale: 'log', integer: true }),
  control(0, 0.001, 0.0001),
];

describe('slider positions', () => {
  it.each(controls)('end at the ends and come back from values: %j', (c) => {
    const last = positions(c);
    expect([valueAt(c, 0), valueAt(c, last)]).toEqual([c.min, c.max]);
    expect([positionOf(c, c.min), positionOf(c, c.max), positionOf(c, -1e9), positionOf(c, 1e9)]).toEqual([
      0,
      last,
      0,
      last,
    ]);
    let before = -Infinity;
    for (let position = 0; position <= last; position++) {
      const value = valueAt(c, position);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
      if (!(c.scale === 'log' && c.integer)) expect(Math.abs(positionOf(c, value) - position)).toBeLessThanOrEqual(0);
    }
  });
  it('has no rounding dust', () => {
    expect(Array.from({ length: 11 }, (_, i) => valueAt(controls[0], i))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    expect(valueAt(controls[1], 13)).toBe(0.25);
    expect(valueAt(controls[6], 3)).toBe(0.0003);
    expect(String(valueAt(controls[3], 77)).length).toBeLessThanOrEqual(6);
  });
});
