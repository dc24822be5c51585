// Part A: the dossier's own measurements, theory against simulation, the identities.
import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { chooseRho, folds } from './choose.ts';
import { interpolate, leastNorm, ridge, solve, statistics } from './estimate.ts';
import { effectiveSigma, laplaceScale, NO_PRIVACY } from './privacy.ts';
import { D, draw, drawTruth, lossesOf, Moments, noiseOf, RHO_GRID, withPrivacy, type Design } from './simulate.ts';
import { bestRho, ridgeRisk, riskOf } from './theory.ts';

const design = (m: number, k: number, sigma = 0.5, epsilon = NO_PRIVACY): Design => ({ d: D, m, k, sigma, epsilon });
function simulate(setting: Design, rhos: readonly number[], draws: number, seed = 1): Moments[] {
  const truth = drawTruth(prng(seed, 'truth'), setting.d);
  const moments = rhos.map(() => new Moments(truth));
  for (let t = 1; t <= draws; t++) {
    const stats = statistics(draw(prng(seed, 'draw', t), setting, truth).bags);
    rhos.forEach((rho, i) => moments[i].add(interpolate(stats, rho)));
  }
  return moments;
}

// "Measured here" of the lab's plan: 20 draws of an independent program; risk at rho = 0 / .05 / .1 / .3 / 1
const RHOS = [0, 0.05, 0.1, 0.3, 1];
const MEASURED: [Design, number[]][] = [
  [design(100, 2), [0.492, 0.317, 0.292, 0.313, 0.422]],
  [design(100, 5), [0.476, 0.263, 0.296, 0.437, 0.665]],
  [design(70, 5), [2.89, 0.38, 0.392, 0.494, 0.679]],
  [design(40, 5), [0.767, 0.72, 0.672, 0.658, 0.724]],
  [design(400, 5), [0.048, 0.067, 0.123, 0.331, 0.647]],
  [design(100, 5, 1.5), [4.29, 1.34, 0.955, 0.679, 0.715]],
];

describe('agrees with the measurements made before this lab was written', () => {
  it.each(MEASURED)('%o', (setting, expected) => {
    const moments = simulate(setting, RHOS, 20);
    expected.forEach((value, i) => {
      // two independent means of 20 draws each; 4 standard errors, and the table's rounding
      const tolerance = 4 * Math.SQRT2 * moments[i].error + 0.0005;
      expect(
        Math.abs(moments[i].risk.risk - value),
        `rho ${RHOS[i]}: ${moments[i].risk.risk.toFixed(3)} against ${value}`,
      ).toBeLessThan(tolerance);
      // near m = d least squares on bag means varies wildly; with any weight inside the comparison must be tight
      if (i > 0) expect(tolerance).toBeLessThan(0.3 * value);
    });
  });
  it('n = 600: the bag loss peaks where bags are as many as dimensions, the best interpolation does not', () => {
    const ks = Array.from({ length: 20 }, (_, i) => i + 1);
    const at = (k: number) => design(Math.floor(600 / k), k);
    const bag = ks.map((k) => riskOf(at(k), 0).risk);
    const best = ks.map((k) => bestRho(at(k)).risk);
    expect(ks[bag.indexOf(Math.max(...bag))]).toBe(9);
    best.forEach((v, i) => {
      if (i) expect(v).toBeGreaterThan(best[i - 1]);
    });
    expect(best[9]).toBeCloseTo(0.44, 1);
  });
});

describe('theory', () => {
  it('meets simulation in bias and variance, also under privacy and with few bags', () => {
    const DRAWS = 40;
    // design(20, 2): fewer people than dimensions
    for (const setting of [design(100, 5), design(40, 5), design(200, 3), design(20, 2), design(100, 5, 0.5, 2)]) {
      const moments = simulate(setting, [0.05, 0.3, 1], DRAWS, 2);
      [0.05, 0.3, 1].forEach((rho, i) => {
        const theory = riskOf(withPrivacy(setting), rho);
        const { risk, bias2, variance } = moments[i].risk;
        expect(Math.abs(risk - theory.risk) / theory.risk, `risk at ${rho}`).toBeLessThan(0.12);
        // standard error of |mean estimate - truth|^2 in D dimensions, and what d = 64 leaves to the limit
        const error = 2 * Math.sqrt((theory.bias2 * variance) / D / DRAWS) + (variance / DRAWS) * Math.sqrt(2 / D);
        expect(Math.abs(bias2 - variance / DRAWS - theory.bias2), `bias at ${rho}`).toBeLessThan(3 * error + 0.02);
      });
    }
  });
  it('has the limits that can be computed by hand', () => {
    expect(riskOf(design(128, 5), 0).risk).toBeCloseTo(0.25, 12); // sigma^2 d / (m - d)
    expect(Math.sqrt(riskOf(design(100, 5), 1).bias2)).toBeCloseTo(1 - 1 / 5, 6);
    expect(riskOf(design(D, 5), 0).risk).toBe(Infinity);
    expect(riskOf(design(32, 5, 0), 0).risk).toBeCloseTo(0.5, 12); // half of theta* is unseen
    expect(riskOf(design(100, 1), 0.7)).toEqual(riskOf(design(100, 1), 0)); // bags of one: both losses are one
    expect(riskOf(design(100, 5), 1e-9).risk).toBeCloseTo(riskOf(design(100, 5), 0).risk, 5);
  });
  it('ridge: meets simulation, and the optimum lambda = sigma^2 d / m', () => {
    const setting = design(100, 5);
    const truth = drawTruth(prng(3, 'truth'), D);
    const moments = new Moments(truth);
    for (let t = 0; t < 40; t++) moments.add(ridge(statistics(draw(prng(3, 'draw', t), setting, truth).bags), 5, 0.16));
    expect(moments.risk.risk).toBeCloseTo(ridgeRisk(setting, 0.16).risk, 1);
    expect(ridgeRisk(setting, 0.16).risk).toBeLessThan(
      Math.min(ridgeRisk(setting, 0.12).risk, ridgeRisk(setting, 0.21).risk),
    );
  });
});

describe('estimators', () => {
  const setting = design(90, 4);
  const truth = drawTruth(prng(4, 'truth'), D);
  const { bags } = draw(prng(4, 'draw'), setting, truth);
  const stats = statistics(bags);
  it('instance loss = bag loss + spread of predictions within bags', () => {
    for (const rho of [0, 0.2, 1]) {
      const { bag, instance, within } = lossesOf(bags, interpolate(stats, rho));
      expect(instance).toBeCloseTo(bag + within, 12);
      expect(within).toBeGreaterThan(0.01);
    }
  });
  it('minimises the interpolated loss', () => {
    const rho = 0.3;
    const theta = interpolate(stats, rho);
    const loss = (v: Float64Array) => {
      const l = lossesOf(bags, v);
      return (1 - rho) * l.bag + rho * l.instance;
    };
    for (let s = 0; s < 5; s++)
      expect(loss(theta.map((v) => v + 0.01 * prng(s, 'nudge').normal()))).toBeGreaterThan(loss(theta));
  });
  it('with fewer bags than dimensions fits every bag mean with the least norm', () => {
    const few = draw(prng(5, 'draw'), design(40, 4), truth).bags;
    const theta = interpolate(statistics(few), 0);
    const nullity = prng(6, 'null');
    expect(lossesOf(few, theta).bag).toBeLessThan(1e-16);
    // least norm: orthogonal to everything that no bag mean sees, so a shorter solution does not exist
    const s = statistics(few);
    const other = Float64Array.from({ length: D }, () => nullity.normal());
    const seen = leastNorm(
      s.Sb,
      Float64Array.from({ length: D }, (_, i) => other.reduce((sum, v, j) => sum + s.Sb[i * D + j] * v, 0)),
      D,
      40,
    );
    expect(theta.reduce((sum, v, j) => sum + v * (other[j] - seen[j]), 0)).toBeCloseTo(0, 8);
  });
  it('solves, also where rounding has made a matrix indefinite', () => {
    expect([...solve(Float64Array.of(2, 1, 1, 2), Float64Array.of(3, 3), 2)]).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(1, 12),
    ]);
    expect([...solve(Float64Array.of(1, 1, 1, 1 - 1e-17), Float64Array.of(2, 2), 2)]).toEqual([
      expect.closeTo(1, 8),
      expect.closeTo(1, 8),
    ]);
  });
  it('held-out bags choose a weight inside where the ends are bad, and none where bags are many', () => {
    const pick = (d: Design) => {
      const b = draw(prng(7, 'draw'), d, truth).bags;
      return chooseRho(folds(b, statistics(b)), RHO_GRID);
    };
    expect(pick(design(100, 5))).toBeGreaterThan(0);
    expect(pick(design(100, 5))).toBeLessThan(0.5);
    expect(pick(design(400, 5))).toBeLessThanOrEqual(0.02);
  });
});

describe('privacy', () => {
  it('adds Laplace noise of the promised scale, less for larger bags', () => {
    expect(laplaceScale(2, 5, NO_PRIVACY)).toBe(0);
    expect(laplaceScale(2, 10, 0.5)).toBeCloseTo(0.8, 12);
    expect(effectiveSigma(0.5, 0, 5)).toBe(0.5);
    const setting = design(4000, 5, 0.5, 1);
    const truth = new Float64Array(2).fill(Math.SQRT1_2);
    const few = { ...setting, d: 2 };
    const { bags, responses } = draw(prng(8, 'draw'), few, truth);
    const b = noiseOf(few);
    const noise = Array.from(
      { length: 4000 },
      (_, a) => bags.means[a] - responses.subarray(a * 5, a * 5 + 5).reduce((s, v) => s + v, 0) / 5,
    );
    expect(noise.reduce((s, v) => s + Math.abs(v), 0) / 4000).toBeCloseTo(b, 1);
    expect(noise.reduce((s, v) => s + v * v, 0) / 4000 / (2 * b * b)).toBeCloseTo(1, 0);
  });
  it('makes an interior bag size best', () => {
    const risk = (k: number) => bestRho(withPrivacy(design(Math.floor(6000 / k), k, 0.5, 1))).risk;
    const ks = [1, 2, 3, 5, 8, 12, 20, 40];
    const risks = ks.map(risk);
    const best = risks.indexOf(Math.min(...risks));
    expect(best).toBeGreaterThan(0);
    expect(best).toBeLessThan(ks.length - 1);
  });
});
