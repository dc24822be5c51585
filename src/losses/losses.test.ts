// Losses against their formulas written out as loops, and their gradients against finite differences.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { reduceSum } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { normalise } from '../nn/layers.ts';
import { prng } from '../util/prng.ts';
import { size } from '../util/shape.ts';
import { accuracy } from './accuracy.ts';
import { crossEntropy } from './cross-entropy.ts';
import { distillation } from './distillation.ts';
import { infoNce } from './info-nce.ts';
import { ntXent } from './nt-xent.ts';
import { oneHot } from './one-hot.ts';
import { cosineDistance, meanSquaredError } from './regression.ts';
import { supervisedContrastive } from './supervised-contrastive.ts';

const N = 6;
const D = 4;
const TAU = 0.25;
type Rows = number[][];
const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i], 0);
const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
const lse = (v: number[]) => {
  const m = Math.max(...v);
  return m + Math.log(v.reduce((s, x) => s + Math.exp(x - m), 0));
};
const others = (i: number) => [...Array(N).keys()].filter((k) => k !== i);
const labels = [0, 1, 2, 0, 1, 1];

/** Value and gradient error of `loss` on inputs of the given shapes. */
function run(shapes: number[][], loss: (...x: Tensor[]) => Tensor) {
  const g = new Graph();
  const random = prng(3, 'losses');
  const feeds: Record<string, Float64Array> = {};
  const inputs = shapes.map((s, i) => {
    feeds[`x${i}`] = Float64Array.from(random.normals(size(s)));
    return g.input(`x${i}`, s);
  });
  const y = loss(...inputs);
  const total = y.shape.length ? reduceSum(y, 'all') : y;
  const rows = inputs.map((t) =>
    Array.from({ length: t.shape[0] }, (_, r) =>
      Array.from(feeds[t.input!].slice(r * t.shape[1], (r + 1) * t.shape[1])),
    ),
  );
  return {
    value: evaluate(g, feeds, [y]).get(y)!,
    rows,
    error: checkGradients(total, inputs, backward(total, inputs), feeds).error,
  };
}
const unit = (rows: Rows): Rows => rows.map((r) => r.map((v) => v / Math.hypot(...r)));
function expectLoss(shapes: number[][], loss: (...x: Tensor[]) => Tensor, by: (...rows: Rows[]) => number) {
  const { value, rows, error } = run(shapes, loss);
  expect(value[0]).toBeCloseTo(by(...rows), 9);
  expect(error).toBeLessThan(1e-7);
}

describe('losses equal their formulas', () => {
  it('cross-entropy', () =>
    expectLoss(
      [[N, 3]],
      (z) => crossEntropy(z, oneHot(z.graph.constant(Int32Array.from(labels), [N]), 3)),
      (z) => mean(z.map((r, i) => lse(r) - r[labels[i]])),
    ));
  it('distillation', () =>
    expectLoss(
      [
        [N, 3],
        [N, 3],
      ],
      (s, t) => distillation(s, t, 4),
      (s, t) =>
        16 *
        mean(
          s.map((r, i) => {
            const q = r.map((v) => v / 4);
            const p = t[i].map((v) => v / 4);
            return p.reduce((sum, v, k) => sum + Math.exp(v - lse(p)) * (v - lse(p) - q[k] + lse(q)), 0);
          }),
        ),
    ));
  it('NT-Xent', () =>
    expectLoss(
      [[N, D]],
      (x) => ntXent(normalise(x), 1 / TAU),
      (x) => {
        const z = unit(x);
        return mean(z.map((a, i) => lse(others(i).map((k) => dot(a, z[k]) / TAU)) - dot(a, z[(i + N / 2) % N]) / TAU));
      },
    ));
  it('InfoNCE', () =>
    expectLoss(
      [
        [N, D],
        [N, D],
      ],
      (a, b) => infoNce(normalise(a), normalise(b), 1 / TAU),
      (x, y) => {
        const a = unit(x);
        const b = unit(y);
        return mean(a.map((r, i) => lse(b.map((c) => dot(r, c) / TAU)) - dot(r, b[i]) / TAU));
      },
    ));
  it('supervised contrastive', () =>
    expectLoss(
      [[N, D]],
      (x) => {
        const same = Float32Array.from({ length: N * N }, (_, i) =>
          Number(labels[Math.floor(i / N)] === labels[i % N] && Math.floor(i / N) !== i % N),
        );
        return supervisedContrastive(normalise(x), x.graph.constant(same, [N, N]), 1 / TAU);
      },
      (x) => {
        const z = unit(x);
        return mean(
          z.map((a, i) => {
            const norm = lse(others(i).map((k) => dot(a, z[k]) / TAU));
            const positives = others(i).filter((k) => labels[k] === labels[i]);
            return positives.length ? -mean(positives.map((k) => dot(a, z[k]) / TAU - norm)) : 0;
          }),
        );
      },
    ));
  it('mean squared error and cosine distance', () => {
    expectLoss(
      [
        [N, D],
        [N, D],
      ],
      meanSquaredError,
      (a, b) => mean(a.map((r, i) => mean(r.map((v, k) => (v - b[i][k]) ** 2)))),
    );
    expectLoss(
      [
        [N, D],
        [N, D],
      ],
      cosineDistance,
      (x, y) => {
        const a = unit(x);
        const b = unit(y);
        return mean(a.map((r, i) => 1 - dot(r, b[i])));
      },
    );
  });
  it('accuracy', () => {
    const { value, rows } = run([[N, 3]], (z) =>
      accuracy(z, oneHot(z.graph.constant(Int32Array.from(labels), [N]), 3)),
    );
    expect(value[0]).toBe(mean(rows[0].map((r, i) => Number(r[labels[i]] === Math.max(...r)))));
  });
  it('stays finite at the smallest temperature and identical rows', () => {
    const g = new Graph();
    const x = g.input('x', [4, 2]);
    const loss = ntXent(normalise(x), 1 / 0.02);
    const [dx] = backward(loss, [x]);
    const values = evaluate(g, { x: [1, 0, 1, 0, 1, 0, 1, 0] }, [loss, dx!]);
    expect(values.get(loss)![0]).toBeCloseTo(Math.log(3), 9);
    expect([...values.get(dx!)!].every(Number.isFinite)).toBe(true);
  });
});
