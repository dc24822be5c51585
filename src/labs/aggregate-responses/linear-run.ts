// Part A of the run: every arm's estimate on the same draws, seed by seed, and the risk that follows.
import type { LabContext } from '../_kit/contract/lab.ts';
import { chooseLambda, chooseRho, folds } from './choose.ts';
import { gram, interpolate, project, ridge, solve, statistics } from './estimate.ts';
import { draw, drawTruth, lossesOf, Moments, RHO_GRID, withPrivacy, type Design } from './simulate.ts';
import { riskOf } from './theory.ts';

/** Draws per seed. */
export const DRAWS = 20;
/** Weights among which the claim looks for the best one. */
export const INSIDE: readonly number[] = RHO_GRID.filter((rho) => rho >= 0.02 && rho <= 0.5);

const OTHERS = ['interpolating', 'chosen', 'ridge', 'individual'] as const;
type Other = (typeof OTHERS)[number];
interface Cell {
  seed: number;
  truth: Float64Array;
  grid: Moments[];
  others: Record<Other, Moments>;
  rho: number;
  lambda: number;
}

export type Report = (arm: string, seed: number, metric: string, step: number, value: number) => void;

export class LinearRun {
  private readonly design: Design;
  private readonly rho: number;
  private readonly prng: LabContext['prng'];
  private readonly cells: Cell[];
  /** Largest |L_ins - L_bag - R| seen. */
  identityError = 0;

  constructor(design: Design, rho: number, seeds: readonly number[], prng: LabContext['prng']) {
    this.design = design;
    this.rho = rho;
    this.prng = prng;
    this.cells = seeds.map((seed) => {
      const truth = drawTruth(prng(seed, 'truth'), design.d);
      const moments = () => new Moments(truth);
      return {
        seed,
        truth,
        grid: RHO_GRID.map(moments),
        others: Object.fromEntries(OTHERS.map((o) => [o, moments()])) as Record<Other, Moments>,
        rho: 0,
        lambda: 0,
      };
    });
  }

  /** Draw t = 1 .. DRAWS of one seed. */
  step(c: number, t: number): void {
    const cell = this.cells[c];
    const { design } = this;
    const { bags, responses } = draw(this.prng(cell.seed, 'draw', t), design, cell.truth);
    const stats = statistics(bags);
    const thetas = RHO_GRID.map((rho) => interpolate(stats, rho));
    const parts = folds(bags, stats);
    const rho = chooseRho(parts, RHO_GRID);
    const lambda = chooseLambda(parts);
    thetas.forEach((theta, g) => cell.grid[g].add(theta));
    cell.others.interpolating.add(interpolate(stats, this.rho));
    cell.others.chosen.add(thetas[RHO_GRID.indexOf(rho)]);
    cell.others.ridge.add(ridge(stats, bags.k, lambda));
    cell.others.individual.add(solve(gram(bags.x, bags.d), project(bags.x, responses, bags.d), bags.d));
    cell.rho += rho;
    cell.lambda += lambda;
    for (const theta of [thetas[0], thetas[4], thetas[RHO_GRID.length - 1]]) {
      const { bag, instance, within } = lossesOf(bags, theta);
      this.identityError = Math.max(this.identityError, Math.abs(instance - bag - within));
    }
  }

  /** Running means of every arm after draw t of all seeds. */
  report(t: number, send: Report): void {
    const best = this.best();
    for (const { seed, grid, others, rho } of this.cells) {
      const arms: Record<string, Moments> = {
        bag: grid[0],
        instance: grid[RHO_GRID.length - 1],
        best: grid[best],
        ...others,
      };
      for (const [arm, moments] of Object.entries(arms))
        for (const [metric, value] of Object.entries(moments.risk)) send(arm, seed, metric, t, value);
      const weights: Record<string, number> = {
        bag: 0,
        instance: 1,
        best: RHO_GRID[best],
        interpolating: this.rho,
        chosen: rho / t,
      };
      for (const [arm, value] of Object.entries(weights)) send(arm, seed, 'rho', t, value);
    }
  }
  /** Place in the grid of the inner weight with the least mean risk over all seeds: one weight for all. */
  private best(): number {
    const total = (rho: number) => this.cells.reduce((s, c) => s + c.grid[RHO_GRID.indexOf(rho)].risk.risk, 0);
    return RHO_GRID.indexOf(INSIDE.reduce((a, b) => (total(b) < total(a) ? b : a)));
  }

  /** Theory and simulation side by side, for every weight of the grid. */
  table() {
    const setting = withPrivacy(this.design);
    const over = (g: number, of: (m: Moments) => number) =>
      this.cells.reduce((s, c) => s + of(c.grid[g]), 0) / this.cells.length;
    return {
      columns: [
        { label: 'ρ', digits: 2 },
        { label: 'risk, theory', digits: 3 },
        { label: 'risk, simulated', digits: 3 },
        { label: 'bias², theory', digits: 3 },
        { label: 'bias², simulated', digits: 3 },
        { label: 'variance, theory', digits: 3 },
        { label: 'variance, simulated', digits: 3 },
      ],
      rows: RHO_GRID.map((rho, g) => {
        const theory = riskOf(setting, rho);
        const finite = (v: number) => (Number.isFinite(v) ? v : null);
        return [
          rho,
          finite(theory.risk),
          over(g, (m) => m.risk.risk),
          finite(theory.bias2),
          over(g, (m) => m.risk.bias2),
          finite(theory.variance),
          over(g, (m) => m.risk.variance),
        ];
      }),
    };
  }
}
