// Every check passes and fails on constructed results, at its margin, and is undecided when something is missing.
import { describe, expect, test } from 'vitest';
import type { ArmResult } from '../_kit/contract/result.ts';
import { overallVerdict } from '../_kit/claims/verdict.ts';
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
  uniformity: [3.5, 3.2, 2.6, 2, 1.2],
  tolerance: [0.2, 0.3, 0.4, 0.6, 0.8],
  probe: [0.78, 0.81, 0.84, 0.83, 0.8],
  simple: 0.75,
  hardSimple: 0.83,
};

function armsOf(values: Partial<Values>): ArmResult[] {
  const v = { ...TRUE_TO_PAPER, ...values };
  const arm = (id: string, final: Record<string, number[]>): ArmResult => ({ id, label: id, series: [], final });
  // two seeds on either side of the wanted mean
  const seeds = (mean: number) => [mean - 0.03125, mean + 0.03125];
  return [
    ...SWEEP.map((tau, k) =>
      arm(sweepId(tau), {
        uniformity: seeds(v.uniformity[k]),
        tolerance: seeds(v.tolerance[k]),
        probe: seeds(v.probe[k]),
      }),
    ),
    arm('simple', { probe: seeds(v.simple) }),
    arm('hard-simple', { probe: seeds(v.hardSimple) }),
  ];
}
const check = (id: string, values: Partial<Values>) => checkClaims(armsOf(values)).find((c) => c.id === id)!;

test('results true to the paper: every check is met, all are required', () => {
  const claims = checkClaims(armsOf({}));
  expect(claims.map((c) => [c.id, c.verdict, c.required])).toEqual(
    ['uniformity', 'tolerance', 'hump', 'hardness', 'selection'].map((id) => [id, 'reproduced', true]),
  );
  expect(overallVerdict(claims)).toBe('reproduced');
});

describe('rank correlations', () => {
  test('one exchange of neighbours is just within the margin of 0.9', () => {
    const spread = check('uniformity', { uniformity: [3.2, 3.5, 2.6, 2, 1.2] });
    const hold = check('tolerance', { tolerance: [0.3, 0.2, 0.4, 0.6, 0.8] });
    expect([spread.measured, hold.measured]).toEqual([expect.closeTo(-0.9, 9), expect.closeTo(0.9, 9)]);
    expect([spread.verdict, hold.verdict]).toEqual(['reproduced', 'reproduced']);
  });
  test('two exchanges are not', () => {
    expect(check('uniformity', { uniformity: [3.2, 3.5, 2, 2.6, 1.2] })).toMatchObject({
      measured: expect.closeTo(-0.8, 9),
      verdict: 'not-reproduced',
    });
    expect(check('tolerance', { tolerance: [0.3, 0.2, 0.6, 0.4, 0.8] })).toMatchObject({
      measured: expect.closeTo(0.8, 9),
      verdict: 'not-reproduced',
    });
  });
  test('the wrong direction fails', () => {
    expect(check('uniformity', { uniformity: [1, 2, 3, 4, 5] })).toMatchObject({
      measured: 1,
      verdict: 'not-reproduced',
    });
    expect(check('tolerance', { tolerance: [5, 4, 3, 2, 1] })).toMatchObject({
      measured: -1,
      verdict: 'not-reproduced',
    });
  });
  test('a constant has no rank correlation: undecided', () => {
    expect(check('tolerance', { tolerance: [1, 1, 1, 1, 1] }).verdict).toBe('undecided');
  });
});

describe('hump', () => {
  test('the best interior mean must beat the better end by 0.01', () => {
    expect(check('hump', { probe: [0.78, 0.81, 0.84, 0.83, 0.825] })).toMatchObject({
      measured: expect.closeTo(0.015, 9),
      verdict: 'reproduced',
    });
    expect(check('hump', { probe: [0.835, 0.81, 0.84, 0.83, 0.8] })).toMatchObject({
      measured: expect.closeTo(0.005, 9),
      verdict: 'not-reproduced',
    });
  });
  test('a best value at either end fails', () => {
    expect(check('hump', { probe: [0.9, 0.85, 0.84, 0.83, 0.8] }).verdict).toBe('not-reproduced');
    expect(check('hump', { probe: [0.8, 0.83, 0.84, 0.85, 0.9] }).verdict).toBe('not-reproduced');
  });
});

describe('hardness and selection', () => {
  test('simple must lose 0.02 to the best temperature', () => {
    expect(check('hardness', { simple: 0.815 })).toMatchObject({
      measured: expect.closeTo(0.025, 9),
      verdict: 'reproduced',
    });
    expect(check('hardness', { simple: 0.825 })).toMatchObject({
      measured: expect.closeTo(0.015, 9),
      verdict: 'not-reproduced',
    });
  });
  test('hard simple must gain 0.02 over simple', () => {
    expect(check('selection', { simple: 0.75, hardSimple: 0.775 })).toMatchObject({
      measured: expect.closeTo(0.025, 9),
      verdict: 'reproduced',
    });
    expect(check('selection', { simple: 0.75, hardSimple: 0.765 })).toMatchObject({
      measured: expect.closeTo(0.015, 9),
      verdict: 'not-reproduced',
    });
    expect(check('selection', { simple: 0.8, hardSimple: 0.7 }).verdict).toBe('not-reproduced');
  });
});

describe('missing results', () => {
  const verdicts = (arms: ArmResult[]) => Object.fromEntries(checkClaims(arms).map((c) => [c.id, c.verdict]));
  const without = (...ids: string[]) => armsOf({}).filter((a) => !ids.includes(a.id));

  test('no arms: all undecided, nothing measured', () => {
    expect(checkClaims([]).map((c) => [c.measured, c.verdict])).toEqual(
      Array.from({ length: 5 }, () => [null, 'undecided']),
    );
    expect(overallVerdict(checkClaims([]))).toBe('undecided');
  });
  test('an arm that has not been evaluated counts as missing', () => {
    const arms = armsOf({}).map((a) => (a.id === 'simple' ? { ...a, final: {} } : a));
    expect(verdicts(arms)).toEqual({
      uniformity: 'reproduced',
      tolerance: 'reproduced',
      hump: 'reproduced',
      hardness: 'undecided',
      selection: 'undecided',
    });
  });
  test('one temperature short: everything that rests on the sweep is undecided', () => {
    expect(verdicts(without('tau-0.7'))).toEqual({
      uniformity: 'undecided',
      tolerance: 'undecided',
      hump: 'undecided',
      hardness: 'undecided',
      selection: 'reproduced',
    });
  });
  test('without hard simple only the selection is undecided', () => {
    expect(verdicts(without('hard-simple'))).toMatchObject({ hardness: 'reproduced', selection: 'undecided' });
  });
});

test('an arm that a visitor added takes no part', () => {
  const extra: ArmResult = {
    id: sweepId(0.15),
    label: 'τ = 0.15',
    series: [],
    final: { uniformity: [-9], tolerance: [9], probe: [1] },
  };
  expect(checkClaims([...armsOf({}), extra])).toEqual(checkClaims(armsOf({})));
});
