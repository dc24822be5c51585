// DKD against its formula as loops, its identity with plain distillation, and its gradient against finite differences.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { add, reduceMean, sub } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { decoupledDistillation } from './decoupled-distillation.ts';
import { distillation } from './distillation.ts';
import { oneHot } from './one-hot.ts';

const N = 5;
const C = 4;
const T = 4;
const labels = [0, 3, 1, 1, 2];
const rows = (flat: ArrayLike<number>) =>
  Array.from({ length: N }, (_, i) => Array.from(flat).slice(i * C, (i + 1) * C));
const softmax = (v: number[]) => {
  const m = Math.max(...v);
  const e = v.map((x) => Math.exp(x - m));
  const s = e.reduce((a, b) => a + b);
  return e.map((x) => x / s);
};
const kl = (p: number[], q: number[]) => p.reduce((s, v, i) => s + v * Math.log(v / q[i]), 0);
const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;

function build(scale = 1) {
  const g = new Graph();
  const random = prng(2, 'dkd');
  const student = g.input('s', [N, C]);
  const teacher = g.input('t', [N, C]);
  const parts = decoupledDistillation(student, teacher, oneHot(g.constant(Int32Array.from(labels)), C), T);
  return {
    g,
    student,
    teacher,
    parts,
    feeds: { s: random.normals(N * C, scale), t: random.normals(N * C, 2 * scale) },
  };
}

describe('decoupled distillation', () => {
  it('equals KL over {target, rest} and KL over the other classes, times T^2', () => {
    const { g, parts, feeds } = build();
    const values = evaluate(g, feeds, [parts.target, parts.others]);
    const soft = (flat: ArrayLike<number>) => rows(flat).map((r) => softmax(r.map((v) => v / T)));
    const t = soft(feeds.t);
    const s = soft(feeds.s);
    const without = (p: number[], y: number) => {
      const q = p.filter((_, k) => k !== y);
      const sum = q.reduce((a, b) => a + b);
      return q.map((v) => v / sum);
    };
    expect(values.get(parts.target)![0]).toBeCloseTo(
      T * T * mean(labels.map((y, i) => kl([t[i][y], 1 - t[i][y]], [s[i][y], 1 - s[i][y]]))),
      9,
    );
    expect(values.get(parts.others)![0]).toBeCloseTo(
      T * T * mean(labels.map((y, i) => kl(without(t[i], y), without(s[i], y)))),
      9,
    );
  });
  it("gives plain distillation when each sample's second part is weighted by 1 - p_target of the teacher", () => {
    const g = new Graph();
    const random = prng(3, 'dkd');
    const student = g.input('s', [1, C]);
    const teacher = g.input('t', [1, C]);
    const y = oneHot(g.constant(Int32Array.of(2)), C);
    const { target, others } = decoupledDistillation(student, teacher, y, T);
    const plain = distillation(student, teacher, T);
    const feeds = { s: random.normals(C), t: random.normals(C) };
    const values = evaluate(g, feeds, [target, others, plain]);
    const p = softmax(Array.from(feeds.t, (v) => v / T))[2];
    expect(values.get(target)![0] + (1 - p) * values.get(others)![0]).toBeCloseTo(values.get(plain)![0], 9);
  });
  it('has the gradient of its value', () => {
    const { student, teacher, parts, feeds } = build();
    const loss = add(parts.target, parts.others);
    expect(checkGradients(loss, [student, teacher], backward(loss, [student, teacher]), feeds).error).toBeLessThan(
      1e-7,
    );
  });
  it('stays finite when the teacher is certain', () => {
    const { g, student, parts, feeds } = build(200);
    const loss = add(parts.target, parts.others);
    const [ds] = backward(reduceMean(sub(loss, 0), 'all'), [student]);
    const values = evaluate(g, feeds, [loss, ds!]);
    expect([...values.get(loss)!, ...values.get(ds!)!].every(Number.isFinite)).toBe(true);
  });
});
