// Distances, triplet, smooth L1, log-softmax and Sinkhorn against their formulas in loops, one model and stacked.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { reduceSum } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { checkLayer } from '../nn/testing/check-layer.ts';
import { euclideanDistances, squaredDistances, tripletLoss } from './distances.ts';
import { logSoftmax } from './log-softmax.ts';
import { smoothL1 } from './regression.ts';
import { sinkhorn } from './sinkhorn.ts';

const range = (n: number) => [...Array(n).keys()];
const rows = (v: ArrayLike<number>, width: number) =>
  range(v.length / width).map((r) => Array.from(v).slice(r * width, (r + 1) * width));
const sum = (v: number[]) => v.reduce((a, b) => a + b, 0);
const mean = (v: number[]) => sum(v) / v.length;
const squared = (a: number[], b: number[]) => sum(a.map((v, i) => (v - b[i]) ** 2));

describe('equal their formulas', () => {
  it('pairwise distances', () => {
    const pairs = (f: (a: number[], b: number[]) => number) => ({
      inputs: { a: [4, 3], b: [5, 3] },
      reference: (_w: unknown, { a, b }: Record<string, Float64Array>) =>
        rows(a, 3).flatMap((r) => rows(b, 3).map((s) => f(r, s))),
    });
    checkLayer({ ...pairs(squared), build: (_p, { a, b }) => squaredDistances(a, b) });
    checkLayer({ ...pairs((a, b) => Math.sqrt(squared(a, b))), build: (_p, { a, b }) => euclideanDistances(a, b) });
  });
  it('Euclidean distance has a finite gradient at distance 0, first and second order', () => {
    const g = new Graph();
    const x = g.input('x', [3, 2]);
    const [dx] = backward(reduceSum(euclideanDistances(x, x), 'all'), [x]);
    const [ddx] = backward(reduceSum(dx!.graph.node('Mul', [dx!, dx!])[0], 'all'), [x]);
    const values = evaluate(g, { x: [1, 2, 1, 2, 4, 6] }, [dx!, ddx!]);
    // two pairs in either direction pull the third row along (3, 4) / 5, and each of the others once
    [-1.2, -1.6, -1.2, -1.6, 2.4, 3.2].forEach((v, i) => expect(values.get(dx!)![i]).toBeCloseTo(v, 12));
    expect([...values.get(ddx!)!].every(Number.isFinite)).toBe(true);
  });
  it.each([false, true])('triplet loss, squared: %s', (isSquared) => {
    const d = (a: number[], b: number[]) => (isSquared ? squared(a, b) : Math.sqrt(squared(a, b)));
    checkLayer({
      inputs: { a: [6, 3], p: [6, 3], n: [6, 3] },
      build: (_p, { a, p, n }) => tripletLoss(a, p, n, { margin: 0.5, isSquared }),
      reference: (_w, { a, p, n }) => {
        const [A, P, N] = [a, p, n].map((v) => rows(v, 3));
        return [mean(A.map((r, i) => Math.max(0, d(r, P[i]) - d(r, N[i]) + 0.5)))];
      },
    });
  });
  it.each([0.3, 1, 5])('smooth L1 with beta %d', (beta) =>
    checkLayer({
      inputs: { a: [5, 3], b: [5, 3] },
      build: (_p, { a, b }) => smoothL1(a, b, beta),
      reference: (_w, { a, b }) => [
        mean(
          Array.from(a, (v, i) => {
            const d = Math.abs(v - b[i]);
            return d < beta ? (d * d) / (2 * beta) : d - beta / 2;
          }),
        ),
      ],
    }),
  );
  it.each([-1, -2])('log-softmax along axis %d', (axis) =>
    checkLayer({
      inputs: { z: [4, 3] },
      build: (_p, { z }) => logSoftmax(z, axis),
      reference: (_w, { z }) => {
        const at = rows(z, 3);
        return at.flatMap((r) =>
          r.map((v, j) => v - Math.log(sum((axis === -1 ? r : at.map((s) => s[j])).map(Math.exp)))),
        );
      },
    }),
  );
});

describe('Sinkhorn', () => {
  const epsilon = 0.4;
  /** Scaling of exp(-C / epsilon) by rows and columns in turn. */
  const scaled = (cost: number[][], r: number[], c: number[], iterations: number) => {
    const plan = cost.map((row) => row.map((v) => Math.exp(-v / epsilon)));
    for (let k = 0; k < iterations; k++) {
      plan.forEach((row, i) => {
        const s = sum(row);
        row.forEach((_, j) => (row[j] *= r[i] / s));
      });
      c.forEach((mass, j) => {
        const s = sum(plan.map((row) => row[j]));
        plan.forEach((row) => (row[j] *= mass / s));
      });
    }
    return plan;
  };
  it('equals the scaling of the kernel, with equal masses', () =>
    checkLayer({
      inputs: { cost: [4, 3] },
      build: (_p, { cost }) => sinkhorn(cost, { epsilon, iterations: 3 }),
      reference: (_w, { cost }) => scaled(rows(cost, 3), Array(4).fill(1 / 4), Array(3).fill(1 / 3), 3).flat(),
    }));
  it('equals it with given masses, of which gradients flow back', () => {
    const masses = (drawn: Float32Array) => {
      const e = Array.from(drawn, Math.exp);
      return e.map((v) => v / sum(e));
    };
    checkLayer({
      inputs: { cost: [4, 3], r: [4, 1], c: [1, 3] },
      input: (name, drawn) => (name === 'cost' ? drawn : masses(drawn)),
      build: (_p, { cost, r, c }) => sinkhorn(cost, { epsilon, iterations: 2, rows: r, columns: c }),
      reference: (_w, { cost, r, c }) => scaled(rows(cost, 3), Array.from(r), Array.from(c), 2).flat(),
    });
  });
  it('meets both masses in the limit and stays finite at a small epsilon', () => {
    const g = new Graph();
    const plan = sinkhorn(g.input('cost', [2, 2]), { epsilon: 1e-3, iterations: 20 });
    const values = [...evaluate(g, { cost: [0, 5, 7, 1] }, [plan]).get(plan)!];
    [0.5, 0, 0, 0.5].forEach((v, i) => expect(values[i]).toBeCloseTo(v, 9));
  });
  it('refuses what it cannot do', () => {
    const cost = new Graph().input('cost', [2, 2]);
    expect(() => sinkhorn(cost, { epsilon: 0, iterations: 5 })).toThrow('sinkhorn: expected epsilon > 0');
    expect(() => smoothL1(cost, cost, 0)).toThrow('smoothL1: expected beta > 0');
  });
});
