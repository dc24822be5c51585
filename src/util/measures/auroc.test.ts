import { describe, expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { deviation } from '../stats.ts';
import { auroc, aurocPseudoValues, delong } from './auroc.ts';
import { jackknife } from './jackknife.ts';
import { isPositive, scores, x } from './testing/reference-data.ts';
import reference from './testing/reference.json' with { type: 'json' };

const variance = (v: ArrayLike<number>) => deviation(v) ** 2;

describe('area', () => {
  test('with ties it equals scikit-learn and the count over pairs', () => {
    expect(auroc(scores, isPositive)).toBeCloseTo(reference.auroc, 14);
    let wins = 0;
    let pairs = 0;
    scores.forEach((p, i) => {
      scores.forEach((q, j) => {
        if (!isPositive[i] || isPositive[j]) return;
        pairs++;
        wins += p > q ? 1 : p === q ? 0.5 : 0;
      });
    });
    expect(auroc(scores, isPositive)).toBeCloseTo(wins / pairs, 14);
  });
  test('constant scores are worth 0.5; one kind alone or a NaN gives NaN', () => {
    expect(auroc([1, 1, 1], [1, 0, 0])).toBe(0.5);
    expect(auroc([1, 2], [1, 1])).toBeNaN();
    expect(auroc([1, NaN], [1, 0])).toBeNaN();
  });
});

describe('uncertainty', () => {
  test('pseudo-values equal those of leaving each example out', () => {
    const slow = jackknife(scores.length, (rows) =>
      auroc(
        Array.from(rows, (r) => scores[r]),
        Array.from(rows, (r) => isPositive[r]),
      ),
    );
    aurocPseudoValues(scores, isPositive).forEach((v, i) => expect(v).toBeCloseTo(slow.pseudoValues[i], 9));
  });
  test('DeLong and the spread over fresh draws agree: one area, and a difference of two correlated ones', () => {
    const areas: number[] = [];
    const differences: number[] = [];
    const own: number[] = [];
    const ofDifference: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const random = prng(seed, 'delong');
      const kinds = Array.from({ length: 100 }, (_, i) => i < 40);
      const a = kinds.map((k) => random.normal() + Number(k));
      const b = a.map((v) => v + 0.7 * random.normal());
      const { areas: found, covariance: c } = delong([a, b], kinds);
      areas.push(found[0]);
      differences.push(found[0] - found[1]);
      own.push(c[0][0]);
      ofDifference.push(c[0][0] + c[1][1] - 2 * c[0][1]);
    }
    const average = (v: number[]) => v.reduce((s, e) => s + e, 0) / v.length;
    // a variance from 400 draws is known to about 7 %
    expect(average(own) / variance(areas)).toBeGreaterThan(0.8);
    expect(average(own) / variance(areas)).toBeLessThan(1.2);
    expect(average(ofDifference) / variance(differences)).toBeGreaterThan(0.8);
    expect(average(ofDifference) / variance(differences)).toBeLessThan(1.2);
  });
  test('the jackknife of a mean is the mean and its squared standard error', () => {
    const values = Array.from(x.subarray(0, 30));
    const mean = (rows: Int32Array) => rows.reduce((s, r) => s + values[r], 0) / rows.length;
    const found = jackknife(30, mean);
    found.pseudoValues.forEach((v, i) => expect(v).toBeCloseTo(values[i], 10));
    expect(found.variance).toBeCloseTo(variance(values) / 30, 12);
  });
});
