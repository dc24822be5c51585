// What the picture computes while the visitor moves a knob: theory at once, simulation draw by draw.
import { prng } from '../../util/prng.ts';
import { interpolate, statistics } from './estimate.ts';
import { draw, drawTruth, Moments, RHO_GRID, withPrivacy, type Design } from './simulate.ts';
import { bestRho, FINE_GRID, riskOf, type Risk } from './theory.ts';

/** Draws behind each dot, at most. */
export const MOST = 20;
/** Bag sizes of the sweep. */
export const SIZES: readonly number[] = Array.from({ length: 20 }, (_, i) => i + 1);
/** Those that are simulated too. */
const SIMULATED = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20];

/** The same people in bags of another size. */
export const withSize = (design: Design, k: number): Design => ({
  ...design,
  k,
  m: Math.max(1, Math.floor((design.m * design.k) / k)),
});

export interface Theory {
  curve: { rho: number; risk: Risk }[];
  ends: { bag: Risk; instance: Risk };
  best: { rho: number; risk: number };
  sizes: { k: number; bag: number; instance: number; best: number; rho: number }[];
}
export function theoryOf(design: Design): Theory {
  const setting = withPrivacy(design);
  const curve = FINE_GRID.map((rho) => ({ rho, risk: riskOf(setting, rho) }));
  const sizes = SIZES.map((k) => {
    const s = withPrivacy(withSize(design, k));
    const best = bestRho(s);
    return { k, bag: riskOf(s, 0).risk, instance: riskOf(s, 1).risk, best: best.risk, rho: best.rho };
  });
  return { curve, ends: { bag: riskOf(setting, 0), instance: riskOf(setting, 1) }, best: bestRho(setting), sizes };
}

/** Theory, and the milliseconds that it took. */
export function timedTheory(design: Design): { theory: Theory; ms: number } {
  const start = performance.now();
  const theory = theoryOf(design);
  return { theory, ms: performance.now() - start };
}

export interface Dot {
  x: number;
  mean: number;
  error: number;
}
export interface Simulation {
  draws: number;
  curve: Dot[];
}
/** Risk on the grid of weights; one more draw at every turn. The first seed's draws, as in the run. */
export function* simulateCurve(design: Design): Generator<Simulation> {
  const truth = drawTruth(prng(1, 'truth'), design.d);
  const grid = RHO_GRID.map(() => new Moments(truth));
  for (let t = 1; t <= MOST; t++) {
    const stats = statistics(draw(prng(1, 'draw', t), design, truth).bags);
    RHO_GRID.forEach((rho, i) => grid[i].add(interpolate(stats, rho)));
    yield { draws: t, curve: RHO_GRID.map((x, i) => ({ x, mean: grid[i].risk.risk, error: grid[i].error })) };
  }
}

export interface SizeSimulation {
  draws: number;
  bag: Dot[];
  instance: Dot[];
  best: Dot[];
}
/** Risk against bag size for the bag loss, the instance loss, and the weight that theory calls best; one size of one draw at every turn. */
export function* simulateSizes(design: Design): Generator<SizeSimulation> {
  const truth = drawTruth(prng(2, 'truth'), design.d);
  const designs = SIMULATED.map((k) => withSize(design, k));
  const rhos = designs.map((s) => bestRho(withPrivacy(s)).rho);
  const moments = designs.map(() => ({
    bag: new Moments(truth),
    instance: new Moments(truth),
    best: new Moments(truth),
  }));
  const dots = (of: 'bag' | 'instance' | 'best') =>
    moments.flatMap((m, i): Dot[] =>
      m[of].count ? [{ x: designs[i].k, mean: m[of].risk.risk, error: m[of].error }] : [],
    );
  for (let t = 1; t <= MOST / 2; t++)
    for (const [i, s] of designs.entries()) {
      const stats = statistics(draw(prng(2, 'sweep', t, s.k), s, truth).bags);
      moments[i].bag.add(interpolate(stats, 0));
      moments[i].instance.add(interpolate(stats, 1));
      moments[i].best.add(interpolate(stats, rhos[i]));
      yield { draws: t, bag: dots('bag'), instance: dots('instance'), best: dots('best') };
    }
}
