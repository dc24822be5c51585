import { describe, expect, it } from 'vitest';
import type { ArmResult } from '../_kit/contract/result.ts';
import { checkClaims, roundNear } from './claims.ts';

const LEFT = [1, 0.5, 0.21, 0.1];
/** Two seeds; values by round. */
function arm(
  id: string,
  accuracy: number[][],
  earlyStop = [
    [500, 400, 300, 300],
    [500, 400, 300, 300],
  ],
): ArmResult {
  const series = accuracy.map((values, s) => ({
    accuracy: values.map((v, r): [number, number] => [r, v]),
    earlyStop: earlyStop[s].map((v, r): [number, number] => [r, v]),
    reach: earlyStop[s].map((v, r): [number, number] => [r, v / 2]),
    remaining: LEFT.map((v, r): [number, number] => [r, v]),
  }));
  return { id, label: id, series, final: {} };
}
const level = (v: number) => [
  [v, v, v, v],
  [v, v, v, v],
];
const verdicts = (arms: ArmResult[]) => Object.fromEntries(checkClaims(arms).map((c) => [c.id, c.verdict]));
const good = [
  arm('ticket', level(0.86)),
  arm('dense', level(0.862)),
  arm('reinit', level(0.84)),
  arm('random-mask', level(0.83)),
];

describe('claims', () => {
  it('pass with every margin kept', () => {
    expect(verdicts(good)).toEqual({
      match: 'reproduced',
      weights: 'reproduced',
      speed: 'reproduced',
      lead: 'reproduced',
      wiring: 'reproduced',
      tenth: 'reproduced',
    });
  });
  it('fail below each margin', () => {
    expect(verdicts([arm('ticket', level(0.856)), ...good.slice(1)]).match).toBe('not-reproduced');
    expect(verdicts([good[0], good[1], arm('reinit', level(0.8505)), good[3]]).weights).toBe('not-reproduced');
    expect(verdicts([good[0], good[1], arm('reinit', level(0.84), level(275)), good[3]]).speed).toBe('not-reproduced');
  });
  it('says when every early stop is the last step, so that the speed check is empty', () => {
    const note = (arms: ArmResult[]) => checkClaims(arms).find((c) => c.id === 'speed')!.note;
    const late = level(500);
    const at500 = (id: string, v: number) => arm(id, level(v), late);
    expect(note(good)).not.toContain('nothing to tell apart');
    expect(
      note([at500('ticket', 0.86), at500('dense', 0.86), at500('reinit', 0.84), at500('random-mask', 0.83)]),
    ).toContain('nothing to tell apart');
  });
  it('needs a gain in every seed, not only in the mean', () => {
    const mixed = arm('reinit', [
      [0.8, 0.8, 0.8, 0.8],
      [0.87, 0.87, 0.87, 0.87],
    ]);
    expect(verdicts([good[0], good[1], mixed, good[3]]).weights).toBe('not-reproduced');
  });
  it('stays open until a round comes near 20 %', () => {
    const early = good.map((a) => ({
      ...a,
      series: a.series.map((s) => Object.fromEntries(Object.entries(s).map(([m, v]) => [m, v.slice(0, 2)]))),
    }));
    expect(roundNear(early, 0.2)).toBeNull();
    expect(new Set(Object.values(verdicts(early)))).toEqual(new Set(['undecided']));
    expect(checkClaims(early).map((c) => /near (\d+) %/.exec(c.note!)?.[1])).toEqual([
      '20',
      '20',
      '20',
      '20',
      '20',
      '10',
    ]);
    expect(roundNear(good, 0.2)).toEqual({ round: 2, remaining: 0.21 });
  });
});
