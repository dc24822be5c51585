import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { factorInPlace, solveFactored } from '../../util/dense-cholesky.ts';
import { prng } from '../../util/prng.ts';
import { mean, standardError } from '../../util/stats.ts';
import { checkClaims } from './claims.ts';
import { drawFields, drawInputs, fit, kernelMatrix, withRidge } from './inputs.ts';
import { arc0, arc1, effectiveDimension, kernelOf, patchesOf, type Architecture } from './kernel.ts';
import { sizesUpTo, slopeOf, tasksOf } from './measure.ts';
import { spectrumOf } from './spectrum.ts';

const deep: Architecture = { kind: 'convolutional', layers: 3 };
const shallow: Architecture = { kind: 'convolutional', layers: 1 };
const connected: Architecture = { kind: 'connected', layers: 3 };

describe('kernels', () => {
  it('arc-cosine kernels are means over random ReLUs', () => {
    const random = prng(1, 'relu');
    for (const t of [-0.5, 0.3, 0.9]) {
      const draws = Array.from({ length: 60_000 }, () => {
        const z = random.normal();
        const w = t * z + Math.sqrt(1 - t * t) * random.normal();
        return z > 0 && w > 0 ? [2, 2 * z * w] : [0, 0];
      });
      for (const [k, exact] of [arc0(t), arc1(t)].entries()) {
        const values = draws.map((d) => d[k]);
        expect(Math.abs(mean(values) - exact)).toBeLessThan(4 * standardError(values));
      }
    }
  });
  it('tangent kernel is the mean inner product of gradients of wide networks (two patches, two layers)', () => {
    // f = sum_k a_k relu(sum_p V_kp . h_p) with h_p = relu(W x_p) shared over patches, all weights standard normal
    const [x, y] = [drawInputs(prng(2), 1, 2, 2), drawInputs(prng(3), 1, 2, 2)];
    const cosines = [0, 1].map((p) => [0, 1].reduce((s, k) => s + x.values[2 * p + k] * y.values[2 * p + k], 0));
    const width = 256;
    const samples = Array.from({ length: 30 }, (_, s) => tangentOfNetwork(x.values, y.values, width, s));
    // unscaled: per path the kernel at equal inputs is 3
    const expected = 3 * kernelOf({ kind: 'convolutional', layers: 2 }, 2)(cosines);
    expect(Math.abs(mean(samples) - expected)).toBeLessThan(4 * standardError(samples) + 0.02);
  });
  it('one layer is a sum over patches; equal inputs give 1', () => {
    const kernel = kernelOf(shallow, 4);
    const at = (...c: number[]) => kernel(c);
    expect(at(1, 1, 1, 1)).toBeCloseTo(1, 12);
    expect(at(0.2, 0.5, 1, 1) + at(1, 1, 1, 1)).toBeCloseTo(at(0.2, 1, 1, 1) + at(1, 0.5, 1, 1), 12);
    const whole = kernelOf(deep, 4);
    const mixed = whole([0.2, 0.5, 1, 1]) + whole([1, 1, 1, 1]) - whole([0.2, 1, 1, 1]) - whole([1, 0.5, 1, 1]);
    expect(Math.abs(mixed)).toBeGreaterThan(1e-3);
  });
  it('the connected one sees the mean cosine only, and cosines past 1 by rounding do no harm', () => {
    const kernel = kernelOf(connected, 4);
    expect(kernel([0.1, 0.3, 0.5, 0.7])).toBeCloseTo(kernel([0.4, 0.4, 0.4, 0.4]), 12);
    for (const a of [deep, shallow, connected]) expect(kernelOf(a, 4)([1 + 1e-15, 1, 1, 1])).toBeCloseTo(1, 10);
  });
  it('counts patches and dimensions', () => {
    expect([2, 3, 4].map(patchesOf)).toEqual([2, 4, 8]);
    expect([1, 2, 3].map((l) => effectiveDimension(3, l))).toEqual([2, 4, 8]);
  });
});

describe('spectrum', () => {
  it.each([deep, shallow, connected])(
    'adds up to the trace and meets the eigenvalues of a Gram matrix (%o)',
    (architecture) => {
      const found = spectrumOf(architecture);
      expect(found.reduce((s, e) => s + e.value * e.count, 0)).toBeCloseTo(1, 9);
      const n = 500;
      const gram = kernelMatrix(architecture, ...twice(drawInputs(prng(6), n, 4, 2)));
      const values = new EigenvalueDecomposition(Matrix.from1DArray(n, n, Array.from(gram)), {
        assumeSymmetric: true,
      }).realEigenvalues
        .map((v) => v / n)
        .sort((a, b) => b - a);
      expect(values[0]).toBeCloseTo(found[0].value, 1);
      // eight waves of one turn share one value; the Gram matrix spreads them
      expect(found[1].count).toBe(2);
      expect(mean(values.slice(1, 9)) / found[1].value).toBeCloseTo(1, 1);
    },
  );
  it('names the part of the tree', () => {
    const sectors = new Set(spectrumOf(deep).map((e) => e.sector));
    expect([...sectors].sort()).toEqual([0, 1, 2, 3]);
    expect(
      Math.max(
        ...spectrumOf(shallow)
          .filter((e) => e.sector > 1)
          .map((e) => Math.abs(e.value)),
      ),
    ).toBeLessThan(1e-12);
  });
});

describe('learning', () => {
  const inputs = drawInputs(prng(7), 60, 4, 2);
  const gram = kernelMatrix(deep, inputs, inputs);
  it('without ridge passes through its points; leading blocks equal separate fits', () => {
    const [y] = drawFields(prng(8), gram, 60, 1);
    const weights = fit(gram, 60, y, 0);
    for (let i = 0; i < 60; i += 7) {
      const value = weights.reduce((s, w, j) => s + w * gram[i * 60 + j], 0);
      expect(value).toBeCloseTo(y[i], 5);
    }
    const nested = solveFactored(factorInPlace(withRidge(gram, 60, 60, 1e-3), 60), 60, y, 20);
    const alone = solveFactored(factorInPlace(withRidge(gram, 60, 20, 1e-3), 20), 20, y);
    nested.forEach((v, i) => expect(v).toBeCloseTo(alone[i], 8));
  });
  it('fields have the covariance of their kernel', () => {
    const fields = drawFields(prng(9), gram, 60, 4000);
    for (const [i, j] of [
      [0, 0],
      [3, 11],
      [20, 41],
    ]) {
      const products = fields.map((f) => f[i] * f[j]);
      expect(Math.abs(mean(products) - gram[i * 60 + j])).toBeLessThan(4 * standardError(products));
    }
  });
  it('fits the slope of a power without the two smallest sizes', () => {
    const points = sizesUpTo(512).map((n, i) => ({ n, error: i < 2 ? 1 : n ** -0.7 }));
    expect(points.length).toBe(6);
    expect(slopeOf(points)).toBeCloseTo(0.7, 10);
  });
  it('gives every arm its curve; the shallow student learns patches best and the whole not at all', () => {
    const last = new Map<string, number>();
    for (const task of tasksOf(3, { s1: 2, depth: 3, most: 128, ridge: 0, noise: 0 }, (arm, metric, _, v) => {
      if (metric === 'error') last.set(arm, v);
    }))
      task();
    expect(last.size).toBe(9);
    expect(last.get('patch-shallow')!).toBeLessThan(last.get('patch-deep')!);
    expect(last.get('patch-deep')!).toBeLessThan(last.get('patch-connected')!);
    expect(last.get('whole-shallow')!).toBeGreaterThan(last.get('whole-deep')! + 0.1);
  });
});

describe('claims', () => {
  const arm = (id: string, slope: number, error = 0.1) => ({
    id,
    label: id,
    series: [],
    final: { slope: [slope - 0.01 * slope, slope, slope + 0.01 * slope], error: [error, error * 1.01, error] },
  });
  const verdicts = (patch: number, whole: number) =>
    checkClaims([
      arm('patch-deep', patch),
      arm('pair-deep', 0.5),
      arm('whole-deep', whole),
      arm('patch-connected', 0.45),
      arm('whole-connected', 0.22),
      arm('whole-shallow', 0.05, 0.5),
    ]).map((c) => c.verdict);
  it('pass in order, fail out of order', () => {
    expect(verdicts(0.8, 0.2)).toEqual(Array(4).fill('reproduced'));
    expect(verdicts(0.52, 0.45).slice(0, 3)).toEqual(Array(3).fill('not-reproduced'));
  });
});

function twice<T>(value: T): [T, T] {
  return [value, value];
}

/** Inner product of the gradients of one random network with two patches, scaled as in the limit. */
function tangentOfNetwork(x: Float64Array, y: Float64Array, width: number, seed: number): number {
  const random = prng(seed, 'network');
  const normals = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const [w, v, a] = [normals(width * 2), normals(width * 2 * width), normals(width)];
  const passes = [x, y].map((input) => forward(input, w, v, a, width));
  const [p, q] = passes;
  let total = 0;
  // gradient of a: 2 / width sum of outputs
  for (let k = 0; k < width; k++) total += (2 / width) * p.top[k] * q.top[k];
  // gradient of V and W, by back-propagated signals
  for (let patch = 0; patch < 2; patch++) {
    let signals = 0;
    for (let k = 0; k < width; k++) signals += p.back[k] * q.back[k];
    let features = 0;
    for (let h = 0; h < width; h++) features += p.hidden[patch * width + h] * q.hidden[patch * width + h];
    total += (2 / width) * signals * (1 / 2) * (2 / width) * features;
  }
  let first = 0;
  for (let h = 0; h < width; h++) {
    let sum = 0;
    for (let patch = 0; patch < 2; patch++)
      for (let other = 0; other < 2; other++) {
        const dot = [0, 1].reduce((s, k) => s + x[2 * patch + k] * y[2 * other + k], 0);
        sum += p.low[patch * width + h] * q.low[other * width + h] * dot;
      }
    first += sum;
  }
  return total + first;
}

/** top = relu(sum over patches of V hidden / sqrt(2) * sqrt(2 / width)), hidden = relu(W x). */
function forward(x: Float64Array, w: Float64Array, v: Float64Array, a: Float64Array, width: number) {
  const hidden = new Float64Array(2 * width);
  for (let p = 0; p < 2; p++)
    for (let h = 0; h < width; h++)
      hidden[p * width + h] = Math.max(0, w[2 * h] * x[2 * p] + w[2 * h + 1] * x[2 * p + 1]);
  const scale = Math.sqrt(1 / width);
  const top = new Float64Array(width);
  const back = new Float64Array(width);
  const low = new Float64Array(2 * width);
  for (let k = 0; k < width; k++) {
    let sum = 0;
    for (let i = 0; i < 2 * width; i++) sum += v[k * 2 * width + i] * hidden[i];
    const pre = scale * sum;
    top[k] = Math.max(0, pre);
    back[k] = pre > 0 ? a[k] : 0;
    const signal = Math.sqrt(2 / width) * back[k] * scale;
    for (let i = 0; i < 2 * width; i++) if (hidden[i] > 0) low[i] += signal * v[k * 2 * width + i];
  }
  return { top, back, hidden, low };
}
