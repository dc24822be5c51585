import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { standardError, mean } from '../../util/stats.ts';
import { coefficientsFor, polynomial, powerOf, relu, withPower, type Activation } from './activation.ts';
import {
  cosineAt,
  distanceAt,
  fittedPower,
  kernelTable,
  limitKernel,
  logKernel,
  placeOf,
  readSmooth,
  readTable,
} from './kernel.ts';
import { DEEP, majorityActivation, nearestActivation } from './rules.ts';

const own = polynomial('own', [0.3, 0.5, 0.7, 0.4]);
const all: Activation[] = [withPower(2), withPower(3.5), nearestActivation, majorityActivation, own, relu];

/** The recursion as it is written, in plain numbers. */
function plain({ dual }: Activation, xi: number, depth: number): number {
  let sigma = xi;
  let k = xi;
  for (let l = 0; l < depth; l++) {
    const next = Math.exp(dual.log(Math.log(sigma)));
    k = k * Math.exp(dual.logSlope(Math.log(sigma))) + next;
    sigma = next;
  }
  return k;
}

describe('activations', () => {
  it.each(all)("dual of $name is the mean of phi(z) phi(z') over correlated normals", ({ phi, dual }) => {
    const random = prng(1, 'dual');
    for (const xi of [0.2, 0.7, 0.95]) {
      const products = Array.from({ length: 40_000 }, () => {
        const [z, w] = [random.normal(), random.normal()];
        return phi(z) * phi(xi * z + Math.sqrt(1 - xi * xi) * w);
      });
      const gap = mean(products) - Math.exp(dual.log(Math.log(xi)));
      expect(Math.abs(gap)).toBeLessThan(4 * standardError(products));
    }
  });
  it.each(all)("slope of $name's dual is its derivative, and 1 is a fixed point", ({ dual, constants }) => {
    expect(dual.log(0)).toBeCloseTo(0, 12);
    for (const xi of [0.1, 0.5, 0.9]) {
      const at = (x: number) => Math.exp(dual.log(Math.log(x)));
      expect(Math.exp(dual.logSlope(Math.log(xi)))).toBeCloseTo((at(xi + 1e-5) - at(xi - 1e-5)) / 2e-5, 7);
    }
    expect(Math.exp(dual.logSlope(0))).toBeCloseTo(constants.spread, 12);
  });
  it("keeps digits near 1: 1 - dual(1 - e) = B' e", () => {
    expect(-withPower(2).dual.log(-1e-13) / 1e-13).toBeCloseTo(2, 9);
  });
  it("the paper's family has B' = 2 and the power asked for", () => {
    for (const alpha of [2, 3, 4.5, 8]) {
      const { constants, limit } = withPower(alpha);
      expect(constants.spread).toBeCloseTo(2, 12);
      expect(powerOf(constants)).toBeCloseTo(alpha, 10);
      expect(limit).toBe('singular');
    }
  });
  it("finds coefficients for A' and B', and none where there are none", () => {
    const a = coefficientsFor(0.6, 1.9)!;
    const { slope, spread } = polynomial('', a).constants;
    expect([slope, spread]).toEqual([expect.closeTo(0.6, 9), expect.closeTo(1.9, 9)]);
    expect(coefficientsFor(0.6, 2.9)).toBeNull();
    expect(coefficientsFor(0.6, 1.2)).toBeNull();
    expect(() => polynomial('', [0, 0])).toThrow(/other than zero/);
  });
});

describe('kernel', () => {
  it.each(all)('of $name equals the plain recursion', (activation) => {
    for (const depth of [1, 3, 8])
      for (const xi of [0.3, 0.8, 0.999])
        expect(logKernel(activation, Math.log(xi), depth)).toBeCloseTo(Math.log(plain(activation, xi, depth)), 9);
  });
  it.each([withPower(2), withPower(4), majorityActivation, own])('of $name goes on in closed form', (activation) => {
    for (const xi of [0.3, 0.8, 0.999])
      expect(logKernel(activation, Math.log(xi), 400)).toBeCloseTo(Math.log(plain(activation, xi, 400)), 8);
  });
  it.each(all)('diagonal of $name is the recursion at 1', (activation) => {
    for (const depth of [1, 5, 30])
      expect(kernelTable(activation, depth, 64).logDiagonal).toBeCloseTo(Math.log(plain(activation, 1, depth)), 9);
  });
  it('is read between its nodes: by a line to 1e-4, by the cubic to 1e-8', () => {
    const table = kernelTable(withPower(2), 20, 4096);
    for (const xi of [0.123, 0.5, 0.97, 0.99999]) {
      const place = placeOf(xi, 4096);
      expect(cosineAt(place, 4096)).toBeCloseTo(xi, 10);
      const exact = logKernel(withPower(2), Math.log(xi), 20);
      expect(Math.abs(readTable(table, place) - exact)).toBeLessThan(1e-4);
      expect(Math.abs(readSmooth(table, place) - exact)).toBeLessThan(1e-8);
    }
  });
  it('falls with distance, even where Sigma would underflow, up to rounding where it has settled', () => {
    for (const activation of all) {
      const { log } = kernelTable(activation, DEEP, 256);
      expect(log.every((v) => Number.isFinite(v))).toBe(true);
      for (let i = 1; i < 256; i++) expect(log[i]).toBeLessThan(log[i - 1] + 1e-12);
    }
  });
  it.each([2, 3, 4])('has the power %d in the limit, and two more at moderate depth', (alpha) => {
    const range = [1e-3, 0.1] as const;
    expect(fittedPower(limitKernel(withPower(alpha), 2048), range)).toBeCloseTo(alpha, 1);
    expect(fittedPower(kernelTable(withPower(alpha), 40, 2048).log, range)).toBeCloseTo(alpha + 2, 1);
  });
  it('fits a pure power exactly', () => {
    const log = Float64Array.from({ length: 512 }, (_, i) => -2.5 * Math.log(distanceAt(i, 512)));
    expect(fittedPower(log, [1e-3, 0.5])).toBeCloseTo(2.5, 10);
  });
});
