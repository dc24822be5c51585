// The cost formula against the paper's own table, and schedules at equal cost.
import { describe, expect, it } from 'vitest';
import {
  cutLayers,
  equalCost,
  meanTokens,
  pyramid,
  scheduleCost,
  singleCut,
  solveLambda,
  tokensPerLayer,
  type Widths,
} from './schedule.ts';

/** LLaVA's language model, Vicuna 7B: 32 layers. */
const VICUNA: Widths = { d: 4096, m: 11008 };
const tera = (cost: number) => (cost / 1e12).toPrecision(3);
const model = (image: number) => ({ layers: 32, image });
const official = { stages: 4, lambda: 0.5, firstCut: 8 };

describe("the paper's table (arXiv 2410.17247, tables 1 and 2)", () => {
  it.each([
    ['LLaVA-1.5', 576, '3.82', '1.78'],
    ['LLaVA-NeXT, 5 patches', 2880, '20.8', '9.46'],
    ['LLaVA-NeXT, 9 patches', 5184, '40.6', '18.1'],
  ])('%s: all tokens and PyramidDrop', (_, image, full, dropped) => {
    expect(tera(scheduleCost({ ...model(image), cuts: [] }, VICUNA))).toBe(full);
    expect(tera(scheduleCost(pyramid(model(image), official).schedule, VICUNA))).toBe(dropped);
  });
  it('FastV, K = 2, half of the tokens', () => {
    expect(tera(scheduleCost({ ...model(576), cuts: [{ layer: 2, keep: 288 }] }, VICUNA))).toBe('2.01');
    expect(tera(scheduleCost({ ...model(2880), cuts: [{ layer: 2, keep: 1440 }] }, VICUNA))).toBe('10.6');
  });
  it('its other shares: lambda 0.4 and 0.6', () => {
    const next = (lambda: number) => tera(scheduleCost(pyramid(model(2880), { ...official, lambda }).schedule, VICUNA));
    expect([next(0.4), next(0.6)]).toEqual(['8.22', '11.0']);
  });
});

describe('pyramid', () => {
  it("gives the official schedule, and the lab's", () => {
    expect(cutLayers(32, 4, 8)).toEqual([8, 16, 24]);
    expect(pyramid(model(576), official).schedule.cuts).toEqual([
      { layer: 8, keep: 288 },
      { layer: 16, keep: 144 },
      { layer: 24, keep: 72 },
    ]);
    const lab = pyramid({ layers: 8, image: 64 }, { stages: 4, lambda: 0.5, firstCut: 2 });
    expect(tokensPerLayer(lab.schedule)).toEqual([64, 64, 32, 32, 16, 16, 8, 8]);
    expect(meanTokens(lab.schedule)).toBe(30);
    expect(lab.notice).toBeUndefined();
  });
  it('clamps what is impossible and says so', () => {
    const late = pyramid({ layers: 8, image: 64 }, { stages: 6, lambda: 0.5, firstCut: 6 });
    expect(late.schedule.cuts.map((c) => c.layer)).toEqual([6, 7]);
    expect(late.notice).toMatch(/stages 6 became 3: only 2 layers can begin with a cut/);
    expect(pyramid({ layers: 8, image: 64 }, { stages: 3, lambda: 0.5, firstCut: 12 }).notice).toMatch(
      /first cut 12 became 7/,
    );
    const tiny = pyramid({ layers: 8, image: 64 }, { stages: 5, lambda: 0.1, firstCut: 1 });
    expect(tokensPerLayer(tiny.schedule)).toEqual([64, 6, 6, 1, 1, 1, 1, 1]);
    expect(tiny.notice).toMatch(/keep 1 token/);
    expect(pyramid({ layers: 8, image: 64 }, { stages: 2, lambda: 3, firstCut: 2 })).toMatchObject({
      notice: expect.stringMatching(/lambda 3 became 1/),
      schedule: { cuts: [] },
    });
  });
  it('keeps everything with one stage or lambda 1', () => {
    for (const knobs of [
      { stages: 1, lambda: 0.5, firstCut: 2 },
      { stages: 4, lambda: 1, firstCut: 2 },
    ])
      expect(pyramid({ layers: 8, image: 64 }, knobs).schedule.cuts).toEqual([]);
  });
});

describe('equal cost', () => {
  const lab = { layers: 8, image: 64 };
  const widths = { d: 64, m: 176 };
  it('holds within one token for every arm', () => {
    const arms = equalCost(lab, { stages: 4, lambda: 0.5, firstCut: 2 }, widths);
    const target = scheduleCost(arms.pyramid.schedule, widths);
    for (const shape of ['early', 'uniform', 'front'] as const) {
      expect(Math.abs(scheduleCost(arms[shape].schedule, widths) / target - 1), shape).toBeLessThan(0.025);
      expect(arms[shape].notice).toBeUndefined();
    }
    expect(arms.early.schedule.cuts[0].layer).toBe(2);
    expect(arms.uniform.schedule.cuts[0].layer).toBe(0);
    expect(arms.front.schedule.cuts.map((c) => c.layer)).toEqual([1, 2, 3]);
    expect(arms.full.schedule.cuts).toEqual([]);
  });
  it('finds the lambda that gave a cost', () => {
    const at = [8, 16, 24];
    const target = scheduleCost(pyramid(model(576), official).schedule, VICUNA);
    expect(solveLambda(model(576), at, target, VICUNA).lambda).toBeCloseTo(0.5, 2);
  });
  it('says when a cost is out of reach', () => {
    expect(singleCut(lab, 6, scheduleCost({ ...lab, cuts: [{ layer: 0, keep: 4 }] }, widths), widths).notice).toMatch(
      /nearest possible cost/,
    );
  });
});
