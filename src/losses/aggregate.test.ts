import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { add, reduceSum, sigmoid } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { aggregateLosses, logisticError, squaredError, type PointLoss } from './aggregate.ts';

const S = 2;
const M = 3;
const K = 4;
const random = prng(1, 'aggregate');
const feeds = { f: random.normals(S * M * K), means: random.uniforms(S * M), own: random.uniforms(S * M * K) };
const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
const l = {
  squared: (y: number, f: number) => (y - f) ** 2,
  logistic: (y: number, f: number) => -y * Math.log(f) - (1 - y) * Math.log(1 - f),
};

function build(loss: PointLoss, isProbability: boolean, hasOwn = false) {
  const g = new Graph();
  const raw = g.input('f', [S, M * K]);
  const f = isProbability ? sigmoid(raw) : raw;
  const losses = aggregateLosses(f, g.input('means', [S, M]), K, loss, hasOwn ? g.input('own', [S, M * K]) : undefined);
  return { g, raw, ...losses };
}
/** Predictions and responses as nested lists [model][bag][member]. */
const nested = (isProbability: boolean) =>
  Array.from({ length: S }, (_, s) =>
    Array.from({ length: M }, (_, a) =>
      Array.from({ length: K }, (_, i) => {
        const v = feeds.f[(s * M + a) * K + i];
        return isProbability ? 1 / (1 + Math.exp(-v)) : v;
      }),
    ),
  );

describe.each([
  ['squared', squaredError, false],
  ['logistic', logisticError, true],
] as const)('%s', (name, loss, isProbability) => {
  it('equals the formulas, and the gradients are right', () => {
    const { g, raw, bag, instance, within } = build(loss, isProbability);
    const values = evaluate(g, feeds, [bag, instance, within]);
    const f = nested(isProbability);
    const y = (s: number, a: number) => feeds.means[s * M + a];
    for (let s = 0; s < S; s++) {
      expect(values.get(bag)![s]).toBeCloseTo(mean(f[s].map((b, a) => l[name](y(s, a), mean(b)))), 6);
      expect(values.get(instance)![s]).toBeCloseTo(mean(f[s].flatMap((b, a) => b.map((v) => l[name](y(s, a), v)))), 6);
      expect(values.get(within)![s]).toBeCloseTo(mean(f[s].flatMap((b) => b.map((v) => (v - mean(b)) ** 2))), 6);
      // Jensen: a convex loss of the mean is at most the mean loss
      expect(values.get(instance)![s]).toBeGreaterThan(values.get(bag)![s]);
    }
    const total = reduceSum(add(bag, instance), 'all');
    expect(checkGradients(total, [raw], backward(total, [raw]), feeds).error).toBeLessThan(1e-7);
  });
});
it('squared: instance = bag + spread within bags', () => {
  const { g, bag, instance, within } = build(squaredError, false);
  const v = evaluate(g, feeds, [bag, instance, within]);
  v.get(instance)!.forEach((value, s) => expect(value).toBeCloseTo(v.get(bag)![s] + v.get(within)![s], 12));
});
it('with targets of their own the instance loss forgets the bags', () => {
  const { g, instance } = build(squaredError, false, true);
  const v = evaluate(g, feeds, [instance]).get(instance)!;
  for (let s = 0; s < S; s++)
    expect(v[s]).toBeCloseTo(
      mean(Array.from({ length: M * K }, (_, i) => (feeds.own[s * M * K + i] - feeds.f[s * M * K + i]) ** 2)),
      6,
    );
});
