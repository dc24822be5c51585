// The interval by the two-way layout, held against its formula and against chance.
import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../../util/prng.ts';
import { deviation, mean } from '../../../util/stats.ts';
import { perSeed, type Effect } from './effect.ts';
import { estimate, meanSquares, reach } from './interval.ts';
import { pseudoValues } from './jackknife.ts';

const effectOf = (rows: Float64Array[]): Effect => ({ ...perSeed(rows.map(mean)), rows });

describe('mean squares', () => {
  it('add up to the whole sum of squares', () => {
    const random = prng(1, 'rows');
    const rows = Array.from({ length: 4 }, () => Float64Array.from(random.normals(7)));
    const { seeds, examples, rest } = meanSquares(rows);
    const all = rows.flatMap((row) => [...row]);
    const total = all.reduce((sum, v) => sum + (v - mean(all)) ** 2, 0);
    expect(3 * seeds + 6 * examples + 18 * rest).toBeCloseTo(total, 10);
    expect(seeds / 28).toBeCloseTo(deviation(rows.map(mean)) ** 2 / 4, 12);
  });
});

describe('estimate', () => {
  it('of scalars is the t interval over seeds', () => {
    expect(estimate(perSeed([1, 2, 4]), 'training')).toMatchObject({ value: 7 / 3, df: 2, shared: 0 });
    expect(estimate(perSeed([1, 2, 4]), 'training').se).toBeCloseTo(Math.sqrt(7 / 3 / 3), 12);
  });
  it('of one seed has no spread over trainings, but one over test examples', () => {
    const rows = [Float64Array.of(0, 1, 1, 0)];
    expect(estimate(perSeed([0.5]), 'training').se).toBeNull();
    expect(estimate(effectOf(rows), 'training').se).toBeNull();
    expect(estimate(effectOf(rows), 'test')).toMatchObject({ value: 0.5, df: 3, se: Math.sqrt(1 / 3 / 4) });
  });
  it('takes the resolution where all seeds agree, and nothing where it is unknown', () => {
    expect(estimate(perSeed([2, 2, 2]), 'training').se).toBeNull();
    expect(estimate(perSeed([0.1 + 0.2, 0.3, 0.3]), 'training').se).toBeNull();
    expect(estimate(perSeed([2, 2, 2], 0.5), 'training').se).toBeCloseTo(0.5 / Math.sqrt(12) / Math.sqrt(3), 12);
  });
  it('is not narrower for what the seeds share', () => {
    // every seed answers alike: more seeds tell nothing new
    const row = Float64Array.from({ length: 50 }, (_, i) => Number(i % 5 === 0));
    const { se, df, shared } = estimate(effectOf([row, row, row]), 'training');
    expect(se).toBeCloseTo(deviation(row) / Math.sqrt(50), 12);
    expect(df).toBeCloseTo(49, 9);
    expect(shared).toBeCloseTo(se! ** 2, 12);
  });
});

/** Differences d[s][i] of S seeds on N test images that all share: effect 0, per-seed deviation a, per-image b, rest e. */
function draw(random: Prng, S: number, N: number, a: number, b: number, e: number): Float64Array[] {
  const images = random.normals(N, b);
  return Array.from({ length: S }, () => {
    const seed = a * random.normal();
    const rest = random.normals(N, e);
    return Float64Array.from(rest, (r, i) => seed + images[i] + r);
  });
}

describe('one-sided ends at 95 %, effect exactly at the margin, seeds sharing 100 test images', () => {
  const RUNS = 4000;
  it.each([3, 5])('%d seeds: the interval errs about 5 in 100 times, a t over seeds alone 11 and more', (S) => {
    const random = prng(7, 'coverage', S);
    let two = 0;
    let one = 0;
    for (let run = 0; run < RUNS; run++) {
      const rows = draw(random, S, 100, 0.04, 0.6, 0.5);
      const both = estimate(effectOf(rows), 'training');
      const seeds = estimate(perSeed(rows.map(mean)), 'training');
      two += Number(both.value - reach(0.95, both as { se: number; df: number }) > 0);
      one += Number(seeds.value - reach(0.95, seeds as { se: number; df: number }) > 0);
    }
    expect(two / RUNS).toBeGreaterThan(0.035);
    expect(two / RUNS).toBeLessThan(0.065);
    expect(one / RUNS).toBeGreaterThan(0.11);
  });
});

describe('pseudoValues', () => {
  it('of a mean are the values themselves', () => {
    const values = [0.25, 0.5, 1, 3];
    const without = (i: number) => mean(values.filter((_, j) => j !== i));
    expect([...pseudoValues(4, mean(values), without)]).toEqual(values);
  });
  it('have the statistic as their mean', () => {
    const values = [1, 4, 2, 8, 5];
    const spread = (v: number[]) => Math.log(deviation(v));
    const pseudo = pseudoValues(5, spread(values), (i) => spread(values.filter((_, j) => j !== i)));
    expect(mean(pseudo)).toBeCloseTo(spread(values), 6);
  });
  it('need two examples', () => expect(() => pseudoValues(1, 0, () => 0)).toThrow(/at least 2 examples; got 1/));
});
