import { describe, expect, it } from 'vitest';
import { mean, standardError } from '../../util/stats.ts';
import { prng } from '../../util/prng.ts';
import { gramOf, kernelRegressionLoss, kernelTargetAlignment } from './kernel.ts';
import { Network, totalOf } from './network.ts';
import { drawProblem, featuresOf, largestRate, targetOf, type Problem, type Setting } from './problem.ts';
import { Training } from './training.ts';

const SMALL: Setting = { D: 6, P: 20, N: 9, alpha: 0.7, epsilon: 0.3, mix: 0.3, rate: 1 };
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i], 0);
const row = (a: Float64Array, i: number, D: number) => a.subarray(i * D, (i + 1) * D);

/** The network neuron by neuron: output, and its first-order expansion about `start`. */
function output(problem: Problem, w: Float64Array, x: Float64Array, isLinearised: boolean): number {
  const { setting, start } = problem;
  const { D, N, alpha, epsilon } = setting;
  let f = 0;
  for (let n = 0; n < N; n++) {
    const h = dot(row(w, n, D), x);
    const h0 = dot(row(start, n, D), x);
    f += isLinearised ? (1 + epsilon * h0) * (h - h0) : h + (epsilon / 2) * h * h - h0 - (epsilon / 2) * h0 * h0;
  }
  return (alpha * f) / N;
}

function loss(problem: Problem, w: Float64Array, isLinearised: boolean): number {
  const { setting, x, y } = problem;
  return mean(Array.from(y, (t, p) => (output(problem, w, row(x, p, setting.D), isLinearised) - t) ** 2));
}

/** Gradient of the loss by central differences, which knows no formula. */
function gradient(problem: Problem, w: Float64Array, isLinearised: boolean): Float64Array {
  const h = 1e-5;
  return w.map((_, k) => {
    const moved = (by: number) => loss(problem, w.with(k, w[k] + by), isLinearised);
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

describe.each([false, true])('a network by its moments, linearised: %s', (isLinearised) => {
  it('takes the steps that gradient descent on every neuron takes', () => {
    const problem = drawProblem(prng(3, 'toy'), SMALL);
    const { N, alpha, rate } = SMALL;
    const network = new Network(problem, isLinearised);
    let w = problem.start;
    for (let t = 0; t < 30; t++) {
      expect(network.trainLoss).toBeCloseTo(loss(problem, w, isLinearised), 8);
      const g = gradient(problem, w, isLinearised);
      w = w.map((v, k) => v - ((rate * N) / alpha ** 2) * g[k]);
      network.step();
    }
    const neurons = network.neurons();
    expect(Math.max(...w.map((v, k) => Math.abs(v - neurons[k])))).toBeLessThan(1e-6);
    expect(network.norm).toBeGreaterThan(0);
  });

  it('has the test loss that fresh inputs give', () => {
    const problem = drawProblem(prng(4, 'toy'), { ...SMALL, P: 40 });
    const network = new Network(problem, isLinearised);
    for (let t = 0; t < 40; t++) network.step();
    const { D } = SMALL;
    const x = Float64Array.from(prng(5, 'fresh').normals(20_000 * D, 1 / Math.sqrt(D)));
    const w = network.neurons();
    const losses = Array.from({ length: 20_000 }, (_, p) => {
      const at = row(x, p, D);
      return (output(problem, w, at, isLinearised) - targetOf(Math.sqrt(D) * at[0], SMALL.mix)) ** 2;
    });
    expect(Math.abs(mean(losses) - totalOf(network.testLoss))).toBeLessThan(4 * standardError(losses));
  });
});

it('starts at the loss of saying nothing', () => {
  const { testLoss } = new Network(drawProblem(prng(1, 'toy'), { ...SMALL, mix: 0 }));
  expect(testLoss.linear).toBeCloseTo(0);
  expect(testLoss.trace).toBeCloseTo(1 / 4);
  expect(testLoss.misalignment).toBeCloseTo(1 / 2);
});

it('lists x and its products', () => {
  expect([...featuresOf(Float64Array.of(2, 3), 2)]).toEqual([2, 3, 4, 6, 9]);
});

describe('the tangent kernel', () => {
  const problem = drawProblem(prng(6, 'toy'), { ...SMALL, mix: 0 });
  const { D, P, N, epsilon } = SMALL;

  it('is the sum over neurons', () => {
    const gram = gramOf(new Network(problem));
    for (const [p, q] of [
      [0, 0],
      [3, 11],
    ]) {
      const [a, b] = [row(problem.x, p, D), row(problem.x, q, D)];
      const slopes = Array.from({ length: N }, (_, n) => {
        const w = row(problem.start, n, D);
        return (1 + epsilon * dot(w, a)) * (1 + epsilon * dot(w, b)) * dot(a, b);
      });
      expect(gram[p * P + q]).toBeCloseTo(mean(slopes), 12);
    }
  });

  it('interpolates where the linearised network ends', () => {
    const few = drawProblem(prng(7, 'toy'), { ...SMALL, P: 8, epsilon: 1, rate: 0.5 });
    const network = new Network(few, true);
    for (let t = 0; t < 20_000; t++) network.step();
    expect(network.trainLoss).toBeLessThan(1e-12);
    expect(totalOf(network.testLoss)).toBeCloseTo(kernelRegressionLoss(few), 6);
  });

  it('is aligned with a target as far as it is the target', () => {
    const y = Float64Array.of(1, -1, 2, -2);
    const own = Float64Array.from({ length: 16 }, (_, k) => y[k >> 2] * y[k % 4]);
    expect(kernelTargetAlignment(own, y)).toBeCloseTo(1);
    const other = Float64Array.of(1, 1, -1, -1);
    const strange = Float64Array.from({ length: 16 }, (_, k) => other[k >> 2] * other[k % 4]);
    expect(kernelTargetAlignment(strange, y)).toBeCloseTo(0);
  });
});

describe('training', () => {
  const setting: Setting = { D: 10, P: 45, N: 40, alpha: 1, epsilon: 0.2, mix: 0, rate: 4 };
  const problem = drawProblem(prng(8, 'toy'), setting);

  it('reads when losses cross, and goes on from a checkpoint at the exact step', () => {
    const whole = new Training(problem);
    whole.advance(900);
    expect(whole.fit).toBeGreaterThan(0);
    expect(whole.generalise).toBeGreaterThan(whole.fit);
    expect(whole.rich).toBeGreaterThan(0);
    expect(whole.riseAt(whole.rich)).toBeCloseTo(0.9, 8);

    const first = new Training(problem);
    first.advance(200);
    const second = new Training(problem);
    second.load(structuredClone(first.save()));
    second.advance(700);
    for (const key of ['steps', 'fit', 'generalise', 'rich', 'train', 'test', 'normAtFit'] as const)
      expect(second[key], key).toBe(whole[key]);
  });

  it('crosses where fewer steps have not', () => {
    const now = new Training(problem);
    now.advance(900);
    const before = new Training(problem);
    before.advance(Math.floor(now.fit));
    expect(before.train).toBeGreaterThanOrEqual(0.1);
    before.advance(1);
    expect(before.train).toBeLessThan(0.1);
  });

  it('stops where the rate is too large, and not at the largest stable one', () => {
    for (const alpha of [0.25, 4]) {
      const wide = { D: 30, P: 140, N: 60, alpha, epsilon: 0.1, mix: 0 };
      const rate = largestRate(wide);
      const calm = new Training(drawProblem(prng(9, 'toy'), { ...wide, rate: 0.95 * rate }));
      calm.advance(300);
      expect(calm.train).toBeLessThan(1);
      const wild = new Training(drawProblem(prng(9, 'toy'), { ...wide, rate: 3 * rate }));
      wild.advance(300);
      expect(wild.hasDiverged).toBe(true);
      expect(wild.steps).toBe(300);
    }
  });
});
