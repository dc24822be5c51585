import { describe, expect, it } from 'vitest';
import type { ClaimResult } from '../contract/result.ts';
import { agreementOf, predictionOf, seedsByRecording } from './agreement.ts';
import { claim } from './claim.ts';
import { perSeed } from './effect.ts';
import { shortfallOf } from './shortfall.ts';
import { overallVerdict, settle } from './verdict.ts';
import { intervalWords, standingText } from './words.ts';

const made = (values: number[], atLeast: number, required = true) =>
  claim('id', 'text', perSeed(values), { atLeast }, { required, replicates: 'training' });
const yes = made([5, 5.1, 4.9], 1);
const no = made([-5, -5.1, -4.9], 1);
const open = made([1, 3, 5], 1);
const point: ClaimResult = {
  id: 'p',
  text: 'p',
  measured: 1,
  threshold: '≥ 2',
  verdict: 'not-reproduced',
  required: true,
};

describe('the verdict of a run', () => {
  it('needs every required claim, and one of them against it', () => {
    expect(overallVerdict([yes, yes])).toBe('reproduced');
    expect(overallVerdict([yes, open])).toBe('undecided');
    expect(overallVerdict([yes, open, no])).toBe('not-reproduced');
    expect(overallVerdict([yes, { ...no, required: false }])).toBe('reproduced');
    expect(overallVerdict([])).toBe('undecided');
    expect(overallVerdict([point, yes])).toBe('not-reproduced');
  });
  it('lets one of k claims decide against only at the level of all k', () => {
    const narrow = made([-0.66, 0.23, 0.23], 1);
    expect(narrow.verdict).toBe('not-reproduced');
    expect(overallVerdict([narrow])).toBe('not-reproduced');
    expect(overallVerdict([narrow, yes])).toBe('undecided');
  });
});

describe('a run that cannot decide', () => {
  it('keeps its numbers and directions, and no verdict', () => {
    const claims = settle([yes, no, point], { shortfall: 'too short', seeds: 3 });
    expect(claims.map((c) => [c.verdict, c.points, c.measured])).toEqual([
      ['undecided', 'for', 5],
      ['undecided', 'against', -5],
      ['undecided', 'against', 1],
    ]);
    expect(claims[0].low).toBe(yes.low);
  });
  it('is any run of one or two seeds, for claims without an interval', () => {
    expect(settle([point], { shortfall: null, seeds: 2 })[0]).toMatchObject({
      verdict: 'undecided',
      points: 'against',
      needs: 3,
    });
    expect(settle([point, no], { shortfall: null, seeds: 3 })).toEqual([point, no]);
  });
  it('says so in words', () => {
    const control = { kind: 'number', label: 'Rate', help: 'a rate', min: 0, max: 1, step: 0.1, default: 0.5 } as const;
    const meta = { controls: { rate: control } };
    expect(shortfallOf(meta, { rate: 0.5 }, { steps: { now: 10, full: 10 }, atDefault: ['rate'] })).toBeNull();
    expect(shortfallOf(meta, { rate: 0.2 }, { steps: { now: 4, full: 10 }, atDefault: ['rate'] })).toBe(
      'it trains 4 of the 10 steps that the checks are about; “Rate” is 0.2, and the checks are about 0.5',
    );
  });
});

describe('agreement with the recording', () => {
  const recorded = made([1, 2, 3], 1);
  it('is to lie where a run of so many seeds is to be expected', () => {
    // 2 +- 4.3027 * sqrt(1/3 + 1)
    expect(predictionOf(recorded, 1)!.high).toBeCloseTo(2 + 4.30265 * Math.sqrt(4 / 3), 4);
    expect(agreementOf(made([6.9], 1), recorded)).toBe('inside');
    expect(agreementOf(made([7], 1), recorded)).toBe('outside');
    expect(agreementOf(made([6.9, 6.9, 6.9], 1), recorded)).toBe('outside');
  });
  it('is unknown without an interval, without a value, or where another part is on show', () => {
    expect(agreementOf({ ...recorded, part: 'a' }, { ...recorded, part: 'a' })).toBe('inside');
    expect(agreementOf({ ...recorded, part: 'a' }, { ...recorded, part: 'b' })).toBeNull();
    expect(agreementOf(recorded, point)).toBeNull();
    expect(agreementOf(made([NaN], 1), recorded)).toBeNull();
  });
  it('tells a run of one seed how many would decide, by the recording', () => {
    expect(seedsByRecording(recorded)).toBe(5);
    expect(seedsByRecording(point)).toBeNull();
  });
});

describe('in words', () => {
  const format = (v: number) => v.toFixed(1);
  it('says where an interval lies', () => {
    expect(intervalWords(open, format)).toBe('measured 3.0, interval -0.4 to 6.4: partly on the side asked, ≥ 1');
    expect(intervalWords(yes, format)).toMatch(/: all on the side asked, ≥ 1$/);
    expect(intervalWords(no, format)).toMatch(/: none on the side asked, ≥ 1$/);
    expect(intervalWords(made([NaN], 1), format)).toBe('not measured; asked ≥ 1');
  });
  it('says what an open check tells, and whether it agrees with the recording', () => {
    const recorded = made([1, 2, 3], 1);
    expect(standingText(open, undefined, true)).toBe('points the way of the claim; about 5 seeds would decide');
    expect(standingText(made([2], 1), recorded, true)).toBe(
      'points the way of the claim; about 5 seeds would decide; agrees with the recording: inside its spread',
    );
    expect(standingText(made([-9], 1), undefined, true)).toBe('points against the claim; 3 seeds or more can decide');
    expect(standingText(made([-9, -9.1, -9.2], 1), recorded, true)).toBe(
      'differs from the recording: outside its spread',
    );
    const [short] = settle([open], { shortfall: 'too short', seeds: 3 });
    expect(standingText(short, recorded, false)).toBe('points the way of the claim');
    expect(standingText(yes, undefined, true)).toBe('');
  });
});
