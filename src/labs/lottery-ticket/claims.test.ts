import { describe, expect, it } from 'vitest';
import type { ArmResult } from '../_kit/contract/result.ts';
import { checkClaims, roundNear } from './claims.ts';

const LEFT = [1, 0.5, 0.21, 0.1];
/** The same in every round, or by round; three seeds that differ by `spread`. */
const level = (v: number | number[], spread = 0) =>
  [-spread, 0, spread].map((off) => [0, 1, 2, 3].map((r) => (typeof v === 'number' ? v : v[r]) + off));
/** Three seeds; values by round. */
function arm(id: string, accuracy: number[][], earlyStop = level([500, 400, 300, 300])): ArmResult {
  const series = accuracy.map((values, s) => ({
    accuracy: values.map((v, r): [number, number] => [r, v]),
    earlyStop: earlyStop[s].map((v, r): [number, number] => [r, v]),
    reach: earlyStop[s].map((v, r): [number, number] => [r, v / 2]),
    remaining: LEFT.map((v, r): [number, number] => [r, v]),
  }));
  return { id, label: id, series, final: {} };
}

const verdicts = (arms: ArmResult[]) => Object.fromEntries(checkClaims(arms).map((c) => [c.id, c.verdict]));
const good = [
  arm('ticket', level(0.86, 0.001)),
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
  it('fail where the interval lies beyond the margin', () => {
    expect(verdicts([arm('ticket', level(0.85, 0.001)), ...good.slice(1)]).match).toBe('not-reproduced');
    expect(verdicts([good[0], good[1], arm('reinit', level(0.858)), good[3]]).weights).toBe('not-reproduced');
    expect(verdicts([good[0], good[1], arm('reinit', level(0.84), level(250)), good[3]]).speed).toBe('not-reproduced');
  });
  it('stay open where the interval holds the margin', () => {
    const wide = arm('ticket', level(0.86, 0.01));
    expect(verdicts([wide, ...good.slice(1)])).toMatchObject({ match: 'undecided', weights: 'undecided' });
    const close = arm('reinit', level(0.84), level(275));
    expect(verdicts([good[0], good[1], close, good[3]]).speed).toBe('undecided');
  });
  it('stay open for two seeds, and for a network that diverged', () => {
    const two = good.map((a) => ({ ...a, series: a.series.slice(0, 2) }));
    expect(new Set(Object.values(verdicts(two)))).toEqual(new Set(['undecided']));
    const lost = level(0.84);
    lost[1][2] = NaN;
    const claims = checkClaims([good[0], good[1], arm('reinit', lost), good[3]]);
    expect(claims[1]).toMatchObject({ verdict: 'undecided', points: 'for' });
    expect(claims[1].note).toContain('accuracy of reinit, seed no. 2');
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
  it('stays open until a round comes near 20 %', () => {
    const early = good.map((a) => ({
      ...a,
      series: a.series.map((s) => Object.fromEntries(Object.entries(s).map(([m, v]) => [m, v.slice(0, 2)]))),
    }));
    expect(roundNear(early, 0.2)).toBeNull();
    expect(new Set(Object.values(verdicts(early)))).toEqual(new Set(['undecided']));
    expect(checkClaims(early).map((c) => /no round near (\d+) %/.exec(c.note!)?.[1])).toEqual([
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
