import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { horizonOf, tasksOf } from './arms.ts';
import { classMeans, centred, collapseOf, inner, shapeDistance, simplexOf, withinOverBetween } from './collapse.ts';
import { leastOf } from './lab.ts';
import { FreeFeatures, type Task } from './model.ts';
import { largestShare, leastLoss, predict, predictClass, rareSize, scaleOf, thresholdSize } from './theory.ts';

const SIZES = [200, 100, 50];
const tasks = tasksOf({ sizes: SIZES, depth: 3, lambda: 0.005, width: 16 });
const trained = (task: Task, steps: number, seed = 201) => {
  const model = new FreeFeatures(task, prng(seed, 'start'));
  for (let t = 0; t < steps; t++) model.step();
  return model;
};

describe('the closed form', () => {
  it.each([1, 2, 3, 4, 6])('is the best strength of a class by search, M = %i', (depth) => {
    const design = { sizes: SIZES, depth, lambda: 0.005 };
    const N = 350;
    for (const n of [3, 8, 14, 25, 60, 200]) {
      const cost = (s: number) => (n * 0.005) / (2 * (s + N * 0.005)) + ((depth * 0.005) / 2) * s ** (1 / depth);
      let best = 0;
      for (let e = -6; e < 4; e += 0.001) if (cost(10 ** e) < cost(best)) best = 10 ** e;
      const { strength } = predictClass(design, n);
      if (best === 0) expect(strength, `n = ${n}`).toBe(0);
      else expect(Math.abs(strength / best - 1), `n = ${n}`).toBeLessThan(0.003);
    }
  });

  it('has a threshold between living and dead', () => {
    for (const depth of [1, 2, 3, 5]) {
      const design = { sizes: SIZES, depth, lambda: 0.005 };
      const n = thresholdSize(design);
      expect(predictClass(design, 0.999 * n).strength).toBe(0);
      // a single layer fades out; deeper ones jump
      expect(predictClass(design, 1.001 * n).strength).toBeGreaterThan(depth === 1 ? 0 : 0.1);
      expect(scaleOf(design) / n).toBeCloseTo(largestShare(depth), 12);
    }
  });

  it('cuts the rare class down to where it vanishes', () => {
    const design = { sizes: SIZES, depth: 3, lambda: 0.005 };
    const sizes = [200, 100, rareSize(design)];
    expect(predict({ ...design, sizes }).map(({ x }) => x > 0)).toEqual([true, true, false]);
  });
});

describe('training', () => {
  it.each(['imbalanced', 'bias', 'entropy'] as const)('follows the gradient of its loss, %s', (arm) => {
    const model = trained({ ...tasks[arm], sizes: [5, 3, 2], width: 4 }, 3);
    const { lambda } = model.task;
    const parameters = [model.features, ...model.layers, ...(model.task.hasBias ? [model.bias] : [])];
    for (const parameter of parameters) {
      model.differentiate();
      const analytic = parameter.gradient.slice();
      const decay = parameter === model.bias ? 0 : lambda;
      for (const i of [0, 3]) {
        if (i >= analytic.length) continue;
        const at = parameter.value[i];
        const loss = (by: number) => {
          parameter.value[i] = at + by;
          return model.differentiate();
        };
        const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5;
        parameter.value[i] = at;
        expect(Math.abs(slope - analytic[i] - decay * at)).toBeLessThan(1e-8);
      }
    }
  });

  it.each([1, 2, 3, 5])('ends at the predicted lengths and loss with M = %i, and never below that loss', (depth) => {
    const task = { ...tasks.imbalanced, depth };
    const model = new FreeFeatures(task, prng(202, 'start'));
    const least = leastLoss(task);
    for (let t = 0; t < 2500; t++) {
      model.step();
      expect(model.loss).toBeGreaterThan(least * (1 - 1e-9));
    }
    expect(model.loss / least - 1).toBeLessThan(1e-6);
    const { means, rows, nc1, nc2Means, nc2Rows, nc3 } = collapseOf(model);
    predict(task).forEach((wanted, k) => {
      expect(Math.abs(means[k] / wanted.mean - 1)).toBeLessThan(1e-3);
      expect(Math.abs(rows[k] / wanted.row - 1)).toBeLessThan(1e-3);
    });
    for (const value of [nc1, nc2Means, nc2Rows, nc3]) expect(value).toBeLessThan(1e-3);
  });

  it('lets the rare class vanish, and opens a simplex with a bias', () => {
    const rare = collapseOf(trained(tasks.rare, 2000));
    expect(rare.means[2] / rare.means[0]).toBeLessThan(0.01);
    const bias = trained(tasks.bias, 1500);
    expect(collapseOf(bias).nc2Means).toBeLessThan(1e-3);
    expect(bias.loss / leastOf(bias)! - 1).toBeLessThan(1e-3);
    expect(collapseOf(trained(tasks.entropy, 2500)).nc2Means).toBeLessThan(0.01);
  });

  it('goes on from a checkpoint at the exact step', () => {
    const whole = trained(tasks.bias, 60);
    const first = trained(tasks.bias, 25);
    const second = new FreeFeatures(tasks.bias, prng(1, 'other'));
    second.load(structuredClone(first.save()));
    for (let t = 0; t < 35; t++) second.step();
    expect(second.features.value).toEqual(whole.features.value);
    expect([second.steps, second.loss]).toEqual([60, whole.loss]);
  });
});

describe('measures', () => {
  it('NC1 is the trace of the spreads, written out', () => {
    const rows = Float64Array.of(1, 0, 3, 0, -1, 1, -1, 3);
    const means = classMeans(rows, [2, 2], 2);
    expect([...means]).toEqual([2, 0, -1, 2]);
    // means differ by (3, -2): Σ_B = cc'/1 with c = (1.5, -1); the pseudo-inverse is cc'/|c|⁴
    const c = [1.5, -1];
    const along = [-1, 1].map((x) => (x * c[0]) ** 2).concat([-1, 1].map((y) => (y * c[1]) ** 2));
    const wanted = along.reduce((a, b) => a + b, 0) / 4 / (c[0] ** 2 + c[1] ** 2) ** 2 / 2;
    expect(withinOverBetween(rows, means, centred(means, 2, 2), [2, 2], 2)).toBeCloseTo(wanted, 12);
  });

  it('compares shapes whatever their size', () => {
    const simplex = simplexOf(3);
    expect(
      shapeDistance(
        simplex,
        simplex.map((v) => 7 * v),
      ),
    ).toBeCloseTo(0);
    expect(
      shapeDistance(inner(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 0, 0, 1), 2, 2), Float64Array.of(1, 0, 0, 1)),
    ).toBe(0);
  });
});

it('trains longer where weight decay is small', () => {
  expect(horizonOf(0.005)).toBe(2000);
  expect(horizonOf(0.0005)).toBe(12_000);
});
