// The three verdicts, and everything that must leave a claim undecided.
import { describe, expect, it } from 'vitest';
import type { ArmResult, Margin } from '../contract/result.ts';
import { allOf, bestOf, claim } from './claim.ts';
import type { ClaimOptions } from './judge.ts';
import { atStep, contrast, level, paired, perSeed, rankCorrelation, ratio, trend } from './effect.ts';

const arm = (id: string, m: number[], more: Partial<ArmResult> = {}): ArmResult => ({
  id,
  label: id.toUpperCase(),
  series: m.map(() => ({})),
  final: { m },
  ...more,
});
const TRAINING: ClaimOptions = { required: true, replicates: 'training' };
const judge = (values: number[], margin: Margin, more: Partial<ClaimOptions> = {}) =>
  claim('id', 'text', perSeed(values), margin, { ...TRAINING, ...more });

describe('verdicts by the interval', () => {
  // mean 2, deviation 1: one-sided half-width 2.92 / sqrt(3) = 1.686
  const values = [1, 2, 3];
  it.each<[Margin, string, 'for' | 'against']>([
    [{ atLeast: 0.31 }, 'reproduced', 'for'],
    [{ atLeast: 0.32 }, 'undecided', 'for'],
    [{ atLeast: 2.1 }, 'undecided', 'against'],
    [{ atLeast: 3.69 }, 'not-reproduced', 'against'],
    [{ below: 3.69 }, 'reproduced', 'for'],
    [{ below: 3.68 }, 'undecided', 'for'],
    [{ below: 0.32 }, 'undecided', 'against'],
    [{ below: 0.31 }, 'not-reproduced', 'against'],
  ])('%o: %s, pointing %s', (margin, verdict, points) => {
    const result = judge(values, margin);
    expect(result).toMatchObject({ verdict, points, measured: 2, df: 2, n: 3 });
    expect(result.low).toBeCloseTo(2 - 1.68585, 4);
    expect(result.high).toBeCloseTo(2 + 1.68585, 4);
  });
  it('writes the threshold from the margin', () => {
    expect(judge(values, { atLeast: -0.005 }).threshold).toBe('≥ −0.005');
    expect(judge(values, { below: 0.85 }).threshold).toBe('< 0.85');
  });
  it('says how many seeds would decide: as many as bring the half-width down to the distance', () => {
    // 1 away from the margin with deviation 1: t(n - 1) / sqrt(n) <= 1 first at n = 5
    expect(judge(values, { atLeast: 1 })).toMatchObject({ verdict: 'undecided', needs: 5 });
    expect(judge(values, { atLeast: 0.3 }).needs).toBeNull();
    expect(judge(values, { atLeast: 2 }).needs).toBeNull();
  });
  it('at another level', () => {
    expect(judge(values, { atLeast: 0.31 }, { level: 0.99 }).verdict).toBe('undecided');
  });
});

describe('undecided whatever the mean', () => {
  it('with a value that is missing or not finite, which is named', () => {
    const arms = [arm('a', [5, NaN, 5], { seeds: [7, 8, 9] }), arm('b', [1, 1, 1.5], { seeds: [7, 8, 9] })];
    const result = claim('id', 'text', paired(arms, 'a', 'b', 'm'), { atLeast: 1 }, TRAINING);
    expect(result).toMatchObject({ verdict: 'undecided', measured: null, low: null, high: null, n: 2, points: 'for' });
    expect(result.note).toBe('no value: m of A, seed 8');
    expect(judge([5, Infinity, 5], { atLeast: 1 }).verdict).toBe('undecided');
  });
  it('with values read back from a file, where NaN is null', () => {
    const arms = [arm('a', [5, null as unknown as number, 5]), arm('b', [1, 1, 1.5])];
    expect(claim('id', 'text', paired(arms, 'a', 'b', 'm'), { atLeast: 1 }, TRAINING).note).toBe(
      'no value: m of A, seed no. 2',
    );
  });
  it('without the arm, or before the first evaluation', () => {
    const arms = [arm('a', [5, 5, 5])];
    const of = (all: ArmResult[]) => claim('id', 'text', paired(all, 'a', 'b', 'm'), { atLeast: 1 }, TRAINING);
    expect(of(arms)).toMatchObject({ verdict: 'undecided', measured: null, points: null });
    expect(of(arms).note).toContain('m of b');
    expect(of([])).toMatchObject({ verdict: 'undecided', measured: null, n: 0 });
  });
  it('with too few seeds', () => {
    expect(judge([9], { atLeast: 1 })).toMatchObject({
      verdict: 'undecided',
      measured: 9,
      low: null,
      points: 'for',
      needs: 3,
    });
    expect(judge([9, 9.1], { atLeast: 1 })).toMatchObject({ verdict: 'undecided', needs: 3 });
    expect(judge([9, 9.1], { atLeast: 1 }).low).toBeLessThan(9);
    expect(judge([9, 9.1, 9.2], { atLeast: 1 }, { seeds: 8 })).toMatchObject({ verdict: 'undecided', needs: 8 });
  });
  it('where seeds agree to the last digit and the resolution is unknown', () => {
    expect(judge([2, 2, 2], { atLeast: 1 })).toMatchObject({ verdict: 'undecided', points: 'for' });
    expect(judge([2, 2, 2], { atLeast: 1 }, { resolution: 0.5 }).verdict).toBe('reproduced');
  });
});

describe('exact claims', () => {
  it('hold in every seed or not at all, and have no interval', () => {
    expect(judge([1e-8], { below: 1e-5 }, { replicates: 'exact' })).toMatchObject({
      verdict: 'reproduced',
      low: null,
      se: null,
    });
    expect(judge([1e-8, 2e-5], { below: 1e-5 }, { replicates: 'exact' })).toMatchObject({
      verdict: 'not-reproduced',
      measured: 2e-5,
    });
    expect(judge([1e-8, NaN], { below: 1e-5 }, { replicates: 'exact' }).verdict).toBe('undecided');
  });
});

describe('effects', () => {
  const x = [0.1, 1, 10];
  const sweep = x.map((at, i) => arm(`x${i}`, [2 * i + 1, 3 * i], { x: at }));
  const ids = ['x0', 'x1', 'x2'];
  it('are differences, sums, ratios, slopes and correlations, seed by seed', () => {
    expect(level(sweep, 'x1', 'm').values).toEqual([3, 3]);
    expect(paired(sweep, 'x2', 'x0', 'm').values).toEqual([4, 6]);
    expect(contrast(sweep, { x0: 0.5, x2: 0.5, x1: -1 }, 'm').values).toEqual([0, 0]);
    expect(ratio(sweep, 'x1', 'x0', 'm').values[0]).toBeCloseTo(Math.log(3), 12);
    trend(sweep, ids, 'm', { log: true }).values.forEach((v, s) => expect(v).toBeCloseTo([2, 3][s] / Math.log(10), 9));
    expect(rankCorrelation(sweep, ids, 'm').values).toEqual([1, 1]);
    expect(rankCorrelation(sweep, ids, 'm').resolution).toBe(0.5);
  });
  it('of arms without an x have no slope', () => {
    expect(claim('id', 't', trend([arm('a', [1, 2, 3])], ['a'], 'm'), { atLeast: 0 }, TRAINING).verdict).toBe(
      'undecided',
    );
  });
  it('ratios are judged on logarithms and shown as ratios', () => {
    const arms = [arm('a', [1, 2, 4]), arm('b', [4, 4, 4])];
    const result = claim('id', 'text', ratio(arms, 'a', 'b', 'm'), { below: 1 }, TRAINING);
    expect(result.measured).toBeCloseTo(0.5, 12);
    expect(result.low! * result.high!).toBeCloseTo(0.25, 12);
    expect(result).toMatchObject({ isRatio: true, points: 'for', verdict: 'undecided' });
  });
  it('compare arms example by example where every cell has its values', () => {
    const rows = (text: string[]) => text.map((bits) => Float32Array.from(bits, Number));
    const of = (id: string, text: string[]) =>
      arm(
        id,
        rows(text).map((row) => row.reduce((s, v) => s + v, 0) / row.length),
        { examples: { m: rows(text) } },
      );
    const arms = [of('a', ['1101', '1111']), of('b', ['0101', '0110'])];
    const effect = paired(arms, 'a', 'b', 'm');
    expect(effect.rows!.map((row) => [...row])).toEqual([
      [1, 0, 0, 0],
      [1, 0, 0, 1],
    ]);
    expect(effect.resolution).toBe(0.25);
    const logs = ratio(arms, 'a', 'b', 'm');
    logs.rows!.forEach((row, s) => expect(row.reduce((t, v) => t + v, 0) / 4).toBeCloseTo(logs.values[s], 12));
    arms[0].examples!.m[1] = null;
    expect(paired(arms, 'a', 'b', 'm').rows).toBeUndefined();
  });
  it('at a step read the series, and NaN where it has no such step', () => {
    const arms = [
      arm('a', [9, 9], {
        series: [
          {
            m: [
              [0, 1],
              [5, 2],
            ],
          },
          { m: [[0, 3]] },
        ],
      }),
    ];
    expect(atStep(arms, 5)[0].final).toEqual({ m: [2, NaN] });
    expect(atStep(arms, 0)[0].final).toEqual({ m: [1, 3] });
  });
});

describe('several parts', () => {
  const part = (name: string, values: number[]) => ({ name, effect: perSeed(values), margin: { atLeast: 1 } });
  const sure = part('sure', [5, 5.1, 4.9]);
  const lost = part('lost', [-5, -5.1, -4.9]);
  const open = part('open', [1, 3, 5]);
  const verdict = (made: typeof allOf, ...parts: (typeof sure)[]) => made('id', 'text', parts, TRAINING).verdict;
  it('must all hold', () => {
    expect(verdict(allOf, sure, sure)).toBe('reproduced');
    expect(verdict(allOf, sure, open)).toBe('undecided');
    expect(verdict(allOf, sure, open, lost)).toBe('not-reproduced');
    expect(allOf('id', 'text', [sure, open], TRAINING)).toMatchObject({ measured: 3, note: 'shown: open', parts: 2 });
  });
  it('or one of them', () => {
    expect(verdict(bestOf, lost, sure)).toBe('reproduced');
    expect(verdict(bestOf, lost, open)).toBe('undecided');
    expect(verdict(bestOf, lost, lost)).toBe('not-reproduced');
  });
  it('hold the worst, or the best, of k to a stricter level', () => {
    // 1.07 from the margin: 0.87 at 95 %, 1.28 at 97.5 %
    const narrow = part('narrow', [-0.66, 0.23, 0.23]);
    expect(verdict(allOf, narrow)).toBe('not-reproduced');
    expect(verdict(allOf, narrow, sure)).toBe('undecided');
    const just = part('just', [2.66, 1.77, 1.77]);
    expect(verdict(bestOf, just)).toBe('reproduced');
    expect(verdict(bestOf, just, open)).toBe('undecided');
  });
});
