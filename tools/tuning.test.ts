import { describe, expect, it } from 'vitest';
import type { LabContext, Tuning } from '../src/labs/_kit/contract/lab.ts';
import { referenceEngine, testContext } from '../src/labs/_kit/testing/reference-engine.ts';
import { MAX_SEED } from '../src/app/link.ts';
import { best, scorerOf, spread, tuneArms, tuningSeeds, tuningTable, type Scorer } from './tuning.ts';

const ctx = (): LabContext => ({ ...testContext(referenceEngine(), tuningSeeds(2)).ctx, knobs: { a: 1, b: 1 } });
/** The score is what `of` makes of the knobs and the rate. */
const tuning = (of: (knobs: Record<string, number>, arm: string, rate?: number) => number, steps = 10): Tuning => ({
  metric: 'score',
  better: 'up',
  grid: [1, 2, 3],
  arms: [
    { id: 'base', label: 'base', knob: null },
    { id: 'first', label: 'first', knob: 'a' },
    { id: 'second', label: 'second', knob: 'rate' },
  ],
  experiment: async ({ knobs, seeds }, arm, rate) => ({
    arms: [],
    steps: arm === 'second' ? steps : 10,
    evalEvery: 1,
    claims: () => [],
    shortfall: null,
    trials: [
      async () => ({
        cells: seeds.map((seed) => ({ arm, seed })),
        advance: async () => undefined,
        evaluate: async () => seeds.map((_, i) => ({ score: of(knobs as Record<string, number>, arm, rate) + i })),
        save: async () => ({ steps: 0, arrays: {} }),
        load: async () => undefined,
        dispose: async () => undefined,
      }),
    ],
  }),
});
const request = (t: Tuning, score = spread([scorerOf(t, ctx())])) => ({
  tuning: t,
  command: 'npm run tune -- x',
  grid: t.grid,
  knobs: ctx().knobs,
  seeds: tuningSeeds(2),
  score,
});

describe('tuning', () => {
  it('tries the same values for every arm, and keeps what was chosen for the arms after', async () => {
    const seen: string[] = [];
    const report = await tuneArms(
      request(
        tuning((knobs, arm, rate) => {
          seen.push(`${arm} a=${knobs.a} rate=${rate}`);
          return arm === 'first' ? -((knobs.a - 2) ** 2) : (rate ?? 0);
        }),
      ),
      () => undefined,
    );
    expect([...new Set(seen)]).toEqual([
      'base a=1 rate=undefined',
      'first a=1 rate=undefined',
      'first a=2 rate=undefined',
      'first a=3 rate=undefined',
      'second a=2 rate=1',
      'second a=2 rate=2',
      'second a=2 rate=3',
    ]);
    expect(report.arms.map((a) => a.chosen)).toEqual([null, 2, 3]);
    expect(tuningTable(report).split('\n').slice(2)).toEqual([
      '| arm | 1 | 2 | 3 | chosen |',
      '| --- | --- | --- | --- | --- |',
      '| base | 0.5000 ± 0.7071 |  |  | not tuned |',
      '| first (a) | -0.5000 ± 0.7071 | 0.5000 ± 0.7071 | -0.5000 ± 0.7071 | 2 |',
      '| second (rate) | 1.5000 ± 0.7071 | 2.5000 ± 0.7071 | 3.5000 ± 0.7071 | 3 |',
    ]);
  });
  it('gives equal reports with any number of workers, each of which has one task at a time', async () => {
    const t = tuning((knobs, arm, rate) => (arm === 'first' ? -((knobs.a - 2) ** 2) : (rate ?? 0)));
    const reportOf = async (workers: number) => {
      let mostAtOnce = 0;
      let atOnce = 0;
      const worker = (index: number): Scorer => {
        let isBusy = false;
        return async (task) => {
          expect(isBusy).toBe(false);
          isBusy = true;
          mostAtOnce = Math.max(mostAtOnce, ++atOnce);
          // later workers are quicker: results come in another order than they were asked for
          await new Promise((resolve) => {
            setTimeout(resolve, 5 * (workers - index));
          });
          atOnce--;
          isBusy = false;
          return scorerOf(t, ctx())(task);
        };
      };
      const score = spread(Array.from({ length: workers }, (_, i) => worker(i)));
      return { report: await tuneArms(request(t, score), () => undefined), mostAtOnce };
    };
    const [one, two, many] = [await reportOf(1), await reportOf(2), await reportOf(8)];
    expect([one, two, many].map((r) => r.mostAtOnce)).toEqual([1, 2, 3]);
    expect(two.report).toEqual(one.report);
    expect(many.report).toEqual(one.report);
  });
  it('refuses arms of other lengths, and metrics that are not there', async () => {
    await expect(tuneArms(request(tuning(() => 0, 11)), () => undefined)).rejects.toThrow(
      'tune: expected equal steps for every arm; got 10, 11',
    );
    await expect(tuneArms(request({ ...tuning(() => 0), metric: 'other' }), () => undefined)).rejects.toThrow(
      'tune: expected metric "other" of arm "base", seed 1000001; got none',
    );
  });
  it('takes the first of equals, and nothing that diverged', () => {
    const tried = [
      { value: 1, scores: [1, 3] },
      { value: 2, scores: [2, 2] },
      { value: 3, scores: [9, NaN] },
    ];
    expect(best(tried, 'up').value).toBe(1);
    expect(best([tried[2], tried[1]], 'up').value).toBe(2);
    expect(best([tried[2], tried[1]], 'down').value).toBe(2);
  });
  it('uses seeds that no visitor can ask for', () => {
    expect(Math.min(...tuningSeeds(5))).toBeGreaterThan(MAX_SEED);
  });
});
