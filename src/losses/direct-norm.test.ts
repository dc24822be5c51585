// ND and its halves against their formulas as loops, in both regimes of the maximum, and their gradients against finite differences.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { directionLoss, directNorm, normLoss } from './direct-norm.ts';

const N = 8;
const D = 4;
type Rows = number[][];
const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i], 0);
const norm = (v: number[]) => Math.hypot(...v);
const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
const cut = (flat: ArrayLike<number>): Rows =>
  Array.from({ length: flat.length / D }, (_, i) => Array.from(flat).slice(i * D, (i + 1) * D));

/** Unit directions, and teacher norms of which half lie below and half above the student's. */
function sample() {
  const random = prng(1, 'direct-norm');
  const s = cut(random.normals(N * D));
  const e = cut(random.normals(N * D)).map((r) => r.map((v) => v / norm(r)));
  return { s, e, t: s.map((r, i) => norm(r) * (i % 2 ? 0.6 : 1.7)) };
}
function run(loss: (s: Tensor, e: Tensor, t: Tensor) => Tensor, { s, e, t } = sample()) {
  const g = new Graph();
  const x = g.input('s', [N, D]);
  const feeds = { s: s.flat(), e: e.flat(), t };
  const y = loss(x, g.input('e', [N, D]), g.input('t', [N]));
  const [dx] = backward(y, [x]);
  const values = evaluate(g, feeds, [y, dx!]);
  return {
    value: values.get(y)![0],
    gradient: cut(values.get(dx!)!),
    error: checkGradients(y, [x], [dx], feeds).error,
  };
}

describe('direct-norm loss', () => {
  it('equals 1 - <s, e> / max(|s|, |t|)', () => {
    const { s, e, t } = sample();
    const { value, error } = run(directNorm);
    expect(value).toBeCloseTo(mean(s.map((r, i) => 1 - dot(r, e[i]) / Math.max(norm(r), t[i]))), 7);
    expect(error).toBeLessThan(1e-7);
  });
  it('lengthens short features and leaves the length of long ones alone', () => {
    const { s, e, t } = sample();
    const { gradient } = run(directNorm);
    s.forEach((r, i) => {
      const along = dot(gradient[i], r) / norm(r);
      if (norm(r) < t[i]) gradient[i].forEach((v, k) => expect(v).toBeCloseTo(-e[i][k] / t[i] / N, 9));
      else expect(along).toBeCloseTo(0, 7);
    });
  });
  it('direction only equals 1 - cos and never changes a length', () => {
    const { s, e } = sample();
    const { value, gradient, error } = run(directionLoss);
    expect(value).toBeCloseTo(mean(s.map((r, i) => 1 - dot(r, e[i]) / norm(r))), 7);
    s.forEach((r, i) => expect(dot(gradient[i], r)).toBeCloseTo(0, 7));
    expect(error).toBeLessThan(1e-7);
  });
  it("norm only equals 1 - min(1, |s| / |t|) and is silent beyond the teacher's norm", () => {
    const { s, t } = sample();
    const { value, gradient, error } = run((x, _e, n) => normLoss(x, n));
    expect(value).toBeCloseTo(mean(s.map((r, i) => 1 - Math.min(1, norm(r) / t[i]))), 7);
    s.forEach((r, i) => {
      if (norm(r) > t[i]) expect(gradient[i].every((v) => v === 0)).toBe(true);
    });
    expect(error).toBeLessThan(1e-7);
  });
  it('is finite, gradient too, for features that are zero', () => {
    const { e, t } = sample();
    const zero = { s: cut(new Float64Array(N * D)), e, t };
    for (const loss of [directNorm, directionLoss, (x: Tensor, _e: Tensor, n: Tensor) => normLoss(x, n)]) {
      const { value, gradient } = run(loss, zero);
      expect(Number.isFinite(value) && gradient.flat().every(Number.isFinite)).toBe(true);
    }
  });
});
