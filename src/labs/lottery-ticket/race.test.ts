// The whole race on a tiny network, driven on the reference evaluator: what the rounds do, and that a saved race goes on exactly.
import { describe, expect, it } from 'vitest';
import type { DataSplit } from '../../data/types.ts';
import type { StepperState } from '../../engine/engine.ts';
import { prng } from '../../util/prng.ts';
import { mean } from '../../util/stats.ts';
import { defaultKnobs } from '../_kit/contract/knobs.ts';
import { referenceEngine, testContext } from '../_kit/testing/reference-engine.ts';
import { meta } from './meta.ts';
import { Race, type Knobs, type Sizes } from './race.ts';

const SIDE = 3;
const CLASSES = 3;
const sizes: Sizes = {
  batch: 5,
  every: 2,
  chunk: 10,
  widths: { inputs: SIDE * SIDE, hidden: [6, 5], classes: CLASSES },
};
const knobs: Knobs = { ...(defaultKnobs(meta) as Knobs), prune: 30, rounds: 2, steps: 6, rate: 0.02 };

function split(seed: number, rows: number): DataSplit {
  const random = prng(seed, 'data');
  const labels = Int32Array.from({ length: rows }, () => random.int(CLASSES));
  return {
    rows,
    shape: [1, SIDE, SIDE],
    labels,
    values: Float32Array.from(
      { length: rows * SIDE * SIDE },
      (_, i) => Number(i % CLASSES === labels[Math.floor(i / (SIDE * SIDE))]) + 0.3 * random.normal(),
    ),
  };
}
const sets = { train: split(1, 25), validation: split(2, 10), test: split(3, 20) };

type Point = [arm: string, seed: number, metric: string, round: number, value: number];
function race(over: Partial<Knobs> = {}) {
  const { ctx, sent } = testContext(referenceEngine('device'), [1, 2]);
  const points: Point[] = [];
  const examples: Record<string, Record<string, Float32Array>> = {};
  const it_ = new Race({ ...ctx, knobs: { ...knobs, ...over } }, sets, sizes);
  return {
    points,
    examples,
    sent,
    race: it_,
    loop: it_.loop({
      point: (...p) => {
        points.push(p);
      },
      examples: (arm, seed, values) => {
        examples[`${arm} ${seed}`] = { ...examples[`${arm} ${seed}`], ...values };
      },
    }),
  };
}
const newest = ({ sent }: Pick<ReturnType<typeof race>, 'sent'>, id: string) =>
  sent.findLast((p) => p.id === id)?.value;
async function finish({ loop }: Pick<ReturnType<typeof race>, 'loop'>): Promise<void> {
  for await (const _ of loop);
}
const value = (points: Point[], arm: string, metric: string, round: number, seed = 1) =>
  points.find(([a, s, m, r]) => a === arm && s === seed && m === metric && r === round)?.[4];

describe('race', () => {
  it('starts from one dense network, prunes by the plan, and keeps the arms apart', async () => {
    const r = race();
    await finish(r);
    for (const metric of ['accuracy', 'loss']) {
      for (const same of ['random-mask', 'one-shot', 'dense'])
        expect(value(r.points, same, metric, 0), same).toBe(value(r.points, 'ticket', metric, 0));
      expect(value(r.points, 'dense', metric, 2)).toBe(value(r.points, 'dense', metric, 0));
    }
    // the first pruning is one-shot pruning; the second is not
    expect(value(r.points, 'one-shot', 'loss', 1)).toBe(value(r.points, 'ticket', 'loss', 1));
    const losses = ['ticket', 'reinit', 'random-mask'].map((arm) => value(r.points, arm, 'loss', 2));
    expect(new Set(losses).size).toBe(3);
    // 54 + 30 + 15 weights: 30 % of the hidden ones go each round, 15 % of the last layer's
    expect(value(r.points, 'ticket', 'remaining', 1)).toBeCloseTo((38 + 21 + 13) / 99, 12);
    expect(value(r.points, 'ticket', 'remaining', 2)).toBeCloseTo((27 + 15 + 11) / 99, 12);
    expect(new Set(r.points.map((p) => p[3]))).toEqual(new Set([0, 1, 2]));
    expect([...new Set(r.sent.map((p) => p.id))].sort()).toEqual(['curves', 'ticket']);
  });

  it.each(['0', '4'])('goes on exactly where it was saved (rewinding to step %s)', async (rewind) => {
    const whole = race({ rewind });
    const broken = race({ rewind });
    await finish(whole);
    for (let i = 0; i < 9; i++) await broken.loop.next(); // in the middle of round 1
    const saved = structuredClone(await broken.race.save()) as StepperState;
    const before = [...broken.points];
    await broken.loop.return(undefined);
    const resumed = race({ rewind });
    await resumed.race.load(saved);
    await finish(resumed);
    expect([...before, ...resumed.points]).toEqual(whole.points);
    expect(newest(resumed, 'ticket')).toEqual(newest(whole, 'ticket'));
  });

  it('tells of every test image, in the rounds that the checks look at', async () => {
    const r = race({ prune: 50, rounds: 3 });
    await finish(r);
    // of the rounds, only the last is near a fifth or a tenth
    expect(value(r.points, 'ticket', 'remaining', 3)).toBeCloseTo(15 / 99, 6);
    for (const arm of ['ticket', 'reinit', 'random-mask', 'one-shot', 'dense'])
      for (const seed of [1, 2]) {
        const given = r.examples[`${arm} ${seed}`];
        expect(Object.keys(given)).toEqual(['accuracy@3']);
        expect(given['accuracy@3'].length).toBe(20);
        expect(mean(given['accuracy@3'])).toBeCloseTo(value(r.points, arm, 'accuracy', 3, seed)!, 6);
      }
  });

  it('keeps the signs of the original weights on request', async () => {
    const [other, signs] = [race(), race({ reinit: 'signs' })];
    for (const r of [other, signs]) await finish(r);
    expect(value(signs.points, 'ticket', 'loss', 1)).toBe(value(other.points, 'ticket', 'loss', 1));
    expect(value(signs.points, 'reinit', 'loss', 1)).not.toBe(value(other.points, 'reinit', 'loss', 1));
  });

  it('a network that diverged has neither accuracy nor early stop', async () => {
    const r = race({ rate: NaN });
    await finish(r);
    for (const metric of ['accuracy', 'final', 'earlyStop', 'loss'])
      for (const arm of ['ticket', 'reinit', 'dense'])
        expect(value(r.points, arm, metric, 2), `${metric} of ${arm}`).toBeNaN();
    expect(value(r.points, 'ticket', 'reach', 2)).toBeUndefined();
  });

  it('rewinding changes what the ticket starts from; reinitialisation stays as it was', async () => {
    const zero = race();
    const late = race({ rewind: '4' });
    const random = race({ rewind: 'random' });
    for (const r of [zero, late, random]) await finish(r);
    for (const other of [late, random]) {
      expect(value(other.points, 'ticket', 'loss', 0)).toBe(value(zero.points, 'ticket', 'loss', 0));
      expect(value(other.points, 'ticket', 'loss', 1)).not.toBe(value(zero.points, 'ticket', 'loss', 1));
      expect(value(other.points, 'reinit', 'loss', 1)).toBe(value(zero.points, 'reinit', 'loss', 1));
    }
  });
});
