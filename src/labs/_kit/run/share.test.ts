import { describe, expect, it } from 'vitest';
import { checkComplete, Fellows, unitsOf, type ShareOutcome } from './share.ts';

const outcome = (units: number[], count = 5): ShareOutcome => ({
  units,
  count,
  points: units.map((u) => ({ arm: 'a', seed: u, metric: 'loss', step: 0, value: u })),
  examples: [],
  parts: [],
  pictures: {},
  wallMs: 1,
  stepMs: 1,
});

describe('shares of a run', () => {
  it('hold every unit once, and differ by one at most', () => {
    for (const count of [0, 1, 5, 16])
      for (const of of [1, 2, 3, 8]) {
        const shares = Array.from({ length: of }, (_, index) => unitsOf({ index, of }, count));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        const sizes = shares.map((s) => s.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
  });

  it('are together the run, or what is missing is named', () => {
    expect(() => checkComplete([outcome([0, 2, 4]), outcome([1, 3])])).not.toThrow();
    expect(() => checkComplete([outcome([0, 2, 4])])).toThrow('none of unit 1, 3');
    expect(() => checkComplete([outcome([0, 2, 4]), outcome([1, 2, 3])])).toThrow('got units 0, 1, 2, 2, 3, 4');
  });

  it('are heard of as they come, and their outcome replaces what was heard', async () => {
    const fellows = new Fellows();
    const [late, early] = [outcome([2]).points, outcome([1]).points];
    fellows.hear(2, late);
    fellows.hear(1, early);
    expect(fellows.points()).toEqual([...early, ...late]);
    fellows.deliver(2, outcome([2, 4]));
    expect(fellows.points().map((p) => p.value)).toEqual([1, 2, 4]);
    fellows.expect([1, 2]);
    fellows.deliver(1, outcome([1, 3]));
    expect((await fellows.outcomes).map((o) => o.units)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });
});
