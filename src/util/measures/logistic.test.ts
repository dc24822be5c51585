import { describe, expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { fitLogistic, logisticProbe, logisticScores } from './logistic.ts';
import { isPositive, labels, WIDTH, x } from './testing/reference-data.ts';
import reference from './testing/reference.json' with { type: 'json' };

describe('weights and intercepts equal those of scikit-learn', () => {
  test.each([0.1, 10] as const)('three classes, C = %d', (C) => {
    const { weights, hasConverged } = fitLogistic({ values: x, labels }, WIDTH, { classes: 3, C });
    const expected = centred(reference.logistic3[C].map((row) => [...row]));
    expect(hasConverged).toBe(true);
    expected.flat().forEach((w, i) => expect(weights[i] - interceptMean(weights, i)).toBeCloseTo(w, 4));
  });
  test('two classes: one log-odds', () => {
    const values = { values: x, labels: isPositive.map(Number) };
    const { weights } = fitLogistic(values, WIDTH, { classes: 2 });
    expect(weights).toHaveLength(WIDTH + 1);
    reference.logistic2[0].forEach((w, i) => expect(weights[i]).toBeCloseTo(w, 4));
  });
});

/** A constant added to all intercepts changes nothing, so both sides are compared with mean 0. */
function centred(rows: number[][]): number[][] {
  const mean = rows.reduce((s, r) => s + r[WIDTH], 0) / rows.length;
  return rows.map((r) => [...r.slice(0, WIDTH), r[WIDTH] - mean]);
}
const interceptMean = (w: Float64Array, i: number): number =>
  i % (WIDTH + 1) === WIDTH ? (w[WIDTH] + w[2 * WIDTH + 1] + w[3 * WIDTH + 2]) / 3 : 0;

test('separable classes with hardly any penalty stay finite', () => {
  const model = fitLogistic({ values: [-2, -1, 1, 2], labels: [0, 0, 1, 1] }, 1, { classes: 2, C: 1e6 });
  expect(model.weights.every(Number.isFinite)).toBe(true);
  expect([...logisticScores(model, [-1, 1])].map(Math.sign)).toEqual([0, -1, 0, 1]);
});

test('the probe finds well-apart blobs, is at chance on shuffled labels, and breaks ties towards the smallest C', () => {
  const sets = [1, 2, 3].map((seed) => blobs(seed, 150));
  const found = logisticProbe(sets[0], sets[1], sets[2], 2, 3);
  expect(found.accuracy).toBeGreaterThan(0.98);
  expect(found.C).toBeLessThan(10);
  const random = prng(4, 'shuffle');
  const shuffled = sets.map(({ values, labels: own }) => ({ values, labels: own.map(() => random.int(3)) }));
  expect(logisticProbe(shuffled[0], shuffled[1], shuffled[2], 2, 3).accuracy).toBeLessThan(0.5);
});

function blobs(seed: number, rows: number) {
  const random = prng(seed, 'blobs');
  const own = Int32Array.from({ length: rows }, () => random.int(3));
  const values = new Float64Array(2 * rows);
  own.forEach((c, i) => {
    values[2 * i] = 10 * Math.cos(2.1 * c) + random.normal();
    values[2 * i + 1] = Math.sin(2.1 * c) + 0.1 * random.normal();
  });
  return { values, labels: own };
}

test('refuses labels outside the classes and features that are not finite', () => {
  expect(() => fitLogistic({ values: [1, 2], labels: [0, 3] }, 1, { classes: 3 })).toThrow('labels 0..2; got 3');
  expect(() => fitLogistic({ values: [1, NaN], labels: [0, 1] }, 1, { classes: 2 })).toThrow('finite features');
});
