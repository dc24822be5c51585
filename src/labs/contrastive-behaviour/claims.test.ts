// Every check holds, fails and stays open on constructed results, and rests on the arms that were fixed in advance.
import { describe, expect, test } from 'vitest';
import { overallVerdict } from '../_kit/claims/verdict.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { checkClaims, SWEEP, sweepId } from './claims.ts';

interface Values {
  uniformity: number[];
  tolerance: number[];
  probe: number[];
  simple: number;
  hardSimple: number;
}
/** Results in which everything that the paper claims is true. */
const TRUE_TO_PAPER: Values = {
  uniformity: [3.6, 3.4, 3.2, 2.6, 2.4],
  tolerance: [0.1, 0.2, 0.3, 0.4, 0.5],
  probe: [0.78, 0.8, 0.84, 0.83, 0.8],
  simple: 0.75,
  hardSimple: 0.83,
};
/** What each of four seeds adds to the mean of an arm; arms differ a little in it. */
const seedsAround = (mean: number, arm: number): number[] =>
  [-2, -1, 1, 2].map((s, i) => mean + 0.01 * s + 0.0005 * Math.sin(7 * arm + 3 * i));

function armsOf(values: Partial<Values>): ArmResult[] {
  const v = { ...TRUE_TO_PAPER, ...values };
  const arm = (id: string, final: Record<string, number[]>, x?: number): ArmResult => ({
    id,
    label: id,
    series: [],
    final,
    ...(x === undefined ? {} : { x }),
  });
  return [
    ...SWEEP.map((tau, k) =>
      arm(
        sweepId(tau),
        {
          uniformity: seedsAround(v.uniformity[k], k),
          tolerance: seedsAround(v.tolerance[k], k),
          probe: seedsAround(v.probe[k], k),
        },
        tau,
      ),
    ),
    arm('simple', { probe: seedsAround(v.simple, 4) }),
    arm('hard-simple', { probe: seedsAround(v.hardSimple, 5) }),
  ];
}
const REQUIRED = ['uniformity', 'tolerance', 'hump', 'hardness', 'selection'];
const verdicts = (arms: ArmResult[]) => Object.fromEntries(checkClaims(arms).map((c) => [c.id, c.verdict]));
const verdictOf = (id: string, values: Partial<Values>) => verdicts(armsOf(values))[id];

test('results true to the paper: every check holds', () => {
  const claims = checkClaims(armsOf({}));
  expect(claims.filter((c) => c.required).map((c) => c.id)).toEqual(REQUIRED);
  expect(claims.map((c) => c.verdict)).toEqual(claims.map(() => 'reproduced'));
  expect(overallVerdict(claims)).toBe('reproduced');
});

describe('each check fails where the paper is wrong', () => {
  test.each<[string, Partial<Values>]>([
    ['uniformity', { uniformity: [3.2, 3.2, 3.2, 3.2, 3.2] }],
    ['tolerance', { tolerance: [0.6, 0.5, 0.4, 0.3, 0.2] }],
    ['hump', { probe: [0.86, 0.85, 0.84, 0.83, 0.8] }],
    ['hump', { probe: [0.78, 0.8, 0.84, 0.83, 0.86] }],
    ['hardness', { simple: 0.838 }],
    ['selection', { hardSimple: 0.752 }],
    ['coldest', { uniformity: [3, 3.3, 3.2, 2.6, 2.4] }],
  ])('%s', (id, values) => {
    expect(verdictOf(id, values)).toBe('not-reproduced');
  });
});

describe('what is missing leaves open', () => {
  const without = (...ids: string[]) => armsOf({}).filter((a) => !ids.includes(a.id));

  test('no arms', () => {
    expect(checkClaims([]).map((c) => [c.measured, c.verdict])).toEqual(checkClaims([]).map(() => [null, 'undecided']));
  });
  test('one temperature short', () => {
    expect(verdicts(without('tau-0.7'))).toMatchObject({
      uniformity: 'undecided',
      tolerance: 'undecided',
      hump: 'reproduced',
    });
    expect(verdicts(without('tau-0.3'))).toMatchObject({ hump: 'undecided', hardness: 'undecided' });
  });
  test('without hard simple only the selection', () => {
    expect(verdicts(without('hard-simple'))).toMatchObject({ hardness: 'reproduced', selection: 'undecided' });
  });
});

test('an arm that a visitor added takes no part', () => {
  const extra: ArmResult = {
    id: sweepId(0.15),
    label: 'τ = 0.15',
    x: 0.15,
    series: [],
    final: { uniformity: [-9], tolerance: [9], probe: [1] },
  };
  expect(checkClaims([...armsOf({}), extra])).toEqual(checkClaims(armsOf({})));
});
