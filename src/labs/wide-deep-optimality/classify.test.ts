import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { relu, withPower } from './activation.ts';
import { classify, kNearest, machines, majority, nearest, pairsOf, scoreRow } from './classify.ts';
import { checkClaims } from './claims.ts';
import { logKernel } from './kernel.ts';
import { tasksOf } from './measure.ts';
import { bayesLabel, drawSample, firstOf } from './octant.ts';
import { fillField, flatten, octantCells, unflatten } from './octant-map.ts';
import { DEEP, majorityActivation, nearestActivation } from './rules.ts';

const NODES = 2048;
const train = drawSample(prng(1, 'train'), 60, 2, 0.2);
const test = drawSample(prng(1, 'test'), 300, 2, 0.2);
const gram = pairsOf(train, train, NODES);
const pairs = pairsOf(test, train, NODES);

describe('classifiers', () => {
  it("A = A' = 0 is the nearest neighbour, A != 0 the majority", () => {
    const [near] = machines(nearestActivation, DEEP, gram, train.labels, [60]);
    const [most] = machines(majorityActivation, DEEP, gram, train.labels, [60]);
    expect(classify(near, pairs)).toEqual(nearest(pairs, train.labels, 60));
    expect(classify(most, pairs)).toEqual(majority(300, train.labels, 60));
    expect(near.isVote && most.isVote).toBe(true);
  });
  it('solves where the diagonal does not dominate: equals ml-matrix on the exact kernel', () => {
    const cosine = (a: Float64Array, b: Float64Array) => a.reduce((s, v, k) => s + v * b[k], 0);
    const row = (s: typeof train, i: number) => s.points.subarray(3 * i, 3 * i + 3);
    const k = (a: Float64Array, b: Float64Array, same: boolean) =>
      same ? 2 : Math.exp(logKernel(relu, Math.log(Math.min(1, cosine(a, b))), 1));
    const matrix = Matrix.zeros(60, 60).apply(function (this: Matrix, i, j) {
      this.set(i, j, k(row(train, i), row(train, j), i === j));
    });
    const weights = new CholeskyDecomposition(matrix).solve(Matrix.columnVector(Array.from(train.labels)));
    const [machine] = machines(relu, 1, gram, train.labels, [60]);
    expect(machine.isVote).toBe(false);
    for (let t = 0; t < 40; t++) {
      let sum = 0;
      let total = 0;
      for (let j = 0; j < 60; j++) {
        const part = weights.get(j, 0) * k(row(test, t), row(train, j), false);
        sum += part;
        total += Math.abs(part);
      }
      expect(scoreRow(machine, pairs, t)).toBeCloseTo(sum / total, 4);
    }
  });
  it('nested sizes equal separate fits', () => {
    const half = firstOf(train, 30);
    const [small] = machines(withPower(2), 6, gram, train.labels, [30, 60]);
    const [alone] = machines(withPower(2), 6, pairsOf(half, half, NODES), half.labels, [30]);
    const halves = pairsOf(test, half, NODES);
    expect(classify(small, pairs)).toEqual(classify(alone, halves));
  });
  it('one neighbour is the nearest; all neighbours are the majority', () => {
    expect(kNearest(pairs, train.labels, 60, 1)).toEqual(nearest(pairs, train.labels, 60));
    expect(kNearest(pairs, train.labels, 59, 59)).toEqual(majority(300, train.labels, 59));
  });
});

describe('data and map', () => {
  it('flips the share of labels asked for, on unit vectors without negative entries', () => {
    const many = drawSample(prng(3), 5000, 3, 0.3);
    const flipped = many.labels.reduce((s, y, i) => s + Number(y !== many.clean[i]), 0) / 5000;
    expect(Math.abs(flipped - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 5000));
    expect(many.points.every((v) => v >= 0)).toBe(true);
    expect(Math.hypot(...many.points.subarray(0, 4))).toBeCloseTo(1, 12);
  });
  it('lays the octant flat and back, areas true', () => {
    for (let i = 0; i < 20; i++) {
      const x = train.points.subarray(3 * i, 3 * i + 3);
      unflatten(...flatten(x)).forEach((v, k) => expect(v).toBeCloseTo(x[k], 12));
    }
    const { n, side } = octantCells(128);
    // an eighth of 4 pi
    expect(n * (1.64 / side) ** 2).toBeCloseTo(Math.PI / 2, 1);
  });
  it('fills a coarse picture first, then all cells', () => {
    const cells = octantCells(24);
    const [machine] = machines(withPower(2), DEEP, gram, train.labels, [60]);
    const turns = [...fillField(cells, machine, pairsOf(cells, train, NODES))];
    const [coarse, fine] = [turns[0], turns.at(-1)!];
    const painted = (sure: Float32Array) => sure.reduce((s, v) => s + Number(v > 0), 0);
    expect([painted(coarse.field.sure), painted(fine.field.sure)]).toEqual([cells.n, cells.n]);
    expect([coarse.isDone, fine.isDone]).toEqual([false, true]);
    expect(cells.truth[0]).toBe(bayesLabel(cells.points.subarray(0, 3)));
  });
});

describe('run', () => {
  const points: { arm: string; metric: string; value: number }[] = [];
  for (const task of tasksOf(
    5,
    { n: 100, d: 2, noise: 0.15 },
    { activation: relu, depth: 2 },
    (arm, metric, _, value) => points.push({ arm, metric, value }),
  ))
    task();
  it('gives every arm its metrics, and the true rule full marks', () => {
    const last = (arm: string, metric: string) => points.findLast((p) => p.arm === arm && p.metric === metric)?.value;
    expect(last('bayes', 'accuracy')).toBe(1);
    expect(last('nearest-deep', 'agreement')).toBe(1);
    expect(last('optimal', 'accuracy')).toBeGreaterThan(last('majority', 'accuracy')!);
    expect(points.every((p) => Number.isFinite(p.value))).toBe(true);
  });
  it('claims fail where the power is wrong or the vote no better', () => {
    const arm = (id: string, final: Record<string, number[]>) => ({ id, label: id, series: [], final });
    const verdicts = (accuracy: number, power: number) =>
      checkClaims([
        arm('optimal', { accuracy: [accuracy, accuracy + 0.01, accuracy], power: [power, power, power] }),
        arm('alpha3', { power: [3, 3, 3] }),
        arm('alpha4', { accuracy: [0.84, 0.84, 0.84], power: [4, 4, 4] }),
        arm('power1', { accuracy: [0.7, 0.7, 0.7] }),
        arm('nearest', { accuracy: [0.8, 0.8, 0.8] }),
        arm('majority', { accuracy: [0.69, 0.69, 0.69] }),
        arm('nearest-deep', { agreement: [1, 1, 1] }),
        arm('relu-shallow', { accuracy: [0.84, 0.84, 0.84] }),
      ]).map((c) => c.verdict);
    expect(verdicts(0.89, 2.01)).toEqual(Array(5).fill('reproduced'));
    expect(verdicts(0.8, 2.4)).toEqual([
      'not-reproduced',
      'not-reproduced',
      'not-reproduced',
      'reproduced',
      'not-reproduced',
    ]);
  });
});
