// The lab's own arithmetic: arms at equal cost, claims, answers, the map's staircase, edits of a scene.
import { describe, expect, it } from 'vitest';
import { token } from '../../data/scenes/vocabulary.ts';
import { collectArms } from '../_kit/run/collect.ts';
import { ExampleStore } from '../_kit/run/example-store.ts';
import { aliveAt, checkAsk, likeliest } from './ask.ts';
import { planFrom, planKey, plansOf, type PlanKnobs } from './arms.ts';
import { checkClaims } from './claims.ts';
import { exampleOf } from './example.ts';
import { meta } from './meta.ts';
import { SHAPE, WIDTHS } from './models.ts';
import { placeOf } from './redundancy-map.tsx';
import { scheduleCost, tokensPerLayer } from '../../own-model/schedule.ts';
import { lanesOf, stepTimes } from './training-race.tsx';
import { added, emptied, sceneSubject, suggestions, touched, truthOf } from './subject.ts';

const PAPER: PlanKnobs = { stages: 4, lambda: 0.5, firstCut: 2, rule: 'attention', positions: 'renumber' };

describe('arms', () => {
  it('cost the same within 3 per cent, all tokens aside, and every arm has a place on the page', () => {
    const { plans, notices } = plansOf(PAPER);
    const target = scheduleCost(plans[1].schedule, WIDTHS);
    expect(notices).toEqual([]);
    for (const { id, schedule } of plans.filter((p) => p.id !== 'full'))
      expect(Math.abs(scheduleCost(schedule, WIDTHS) / target - 1), id).toBeLessThan(0.03);
    for (const { id } of plans) expect(meta.arms.map((a) => a.id)).toContain(id);
    expect(tokensPerLayer(plans[1].schedule)).toEqual([64, 64, 32, 32, 16, 16, 8, 8]);
  });
  it('says what an impossible schedule became', () => {
    const { plans, notices } = plansOf({ ...PAPER, stages: 6, firstCut: 6 });
    expect(notices.join(' ')).toMatch(/stages 6 became 3/);
    expect(tokensPerLayer(plans[1].schedule)).toHaveLength(SHAPE.layers);
  });
  it('settings survive their key', () => expect(planFrom(planKey(PAPER))).toEqual(PAPER));
});

describe('claims', () => {
  const SEEDS = [201, 202, 203];
  const QUESTIONS = 1000;
  const ACCURACY: Record<string, number> = {
    full: 0.95,
    pyramid: 0.82,
    early: 0.75,
    random: 0.7,
    twin: 0.955,
    'twin-random': 0.86,
  };
  const CURVE = [0.6, 0.65, 0.7, 0.8, 0.82, 0.88, 0.89];

  /** The first questions are answered rightly, so that better arms answer all that worse ones do. */
  const answered = (accuracy: number): Float32Array =>
    Float32Array.from({ length: QUESTIONS }, (_, i) => Number(i < Math.round(accuracy * QUESTIONS)));

  function resultOf(changes: Record<string, number> = {}, curve: readonly number[] = CURVE) {
    const accuracies = Object.entries({ ...ACCURACY, ...changes });
    const points = SEEDS.flatMap((seed, s) => [
      ...accuracies.map(([arm, value]) => ({ arm, seed, metric: 'accuracy', step: QUESTIONS, value })),
      ...curve.map((value, i) => ({
        arm: 'cut-vanilla',
        seed,
        metric: 'cutAccuracy',
        step: i + 1,
        value: value + 0.001 * s * i,
      })),
    ]);
    const store = new ExampleStore(
      SEEDS.flatMap((seed) => accuracies.map(([arm, value]) => ({ arm, seed, values: { accuracy: answered(value) } }))),
    );
    const claims = checkClaims(store.joinTo(collectArms(meta.arms, SEEDS, points), SEEDS));
    return Object.fromEntries(claims.map((c) => [c.id, c]));
  }

  it('hold for clear effects, and report that dropping is not free without training', () => {
    const c = resultOf();
    for (const id of ['redundancy', 'redundancy-rank', 'pyramid'])
      expect(c[id], id).toMatchObject({ verdict: 'reproduced', required: true, n: 3 });
    expect(c['training-pair']).toMatchObject({ verdict: 'reproduced', required: false });
    expect(c.redundancy.measured).toBeCloseTo(0.285);
    expect(c.training).toMatchObject({ verdict: 'undecided', required: true, needs: 3, points: 'for' });
    expect(c.training.note).toMatch(/trained once/);
    expect(c['training-free']).toMatchObject({ verdict: 'not-reproduced', required: false });
    expect(c.attention).toMatchObject({ verdict: 'reproduced', required: false });
    expect(c['attention-trained']).toMatchObject({ verdict: 'reproduced', required: false });
    expect(c['step-time'].verdict).toBe('undecided');
  });
  it('fail one by one', () => {
    expect(resultOf({}, [0.85, 0.86, 0.87, 0.88, 0.89, 0.9, 0.91]).redundancy.verdict).toBe('not-reproduced');
    expect(resultOf({}, [...CURVE].reverse())['redundancy-rank'].verdict).toBe('not-reproduced');
    expect(resultOf({ early: 0.82 }).pyramid.verdict).not.toBe('reproduced');
    expect(resultOf({ early: 0.83 }).pyramid.verdict).toBe('not-reproduced');
    expect(resultOf({ twin: 0.92 })['training-pair'].verdict).toBe('not-reproduced');
  });
  it('stay undecided where the lead lies within the noise of the questions', () => {
    expect(resultOf({ early: 0.798 }).pyramid).toMatchObject({ verdict: 'undecided', points: 'for' });
  });
  it('are undecided before anything is measured, and where a curve lacks a layer', () => {
    for (const c of checkClaims(collectArms(meta.arms, [1], [])))
      expect(c).toMatchObject({ verdict: 'undecided', measured: null });
    expect(resultOf({}, CURVE.slice(1))['redundancy-rank']).toMatchObject({ verdict: 'undecided', measured: null });
  });
});

describe('training in front of the visitor', () => {
  it('splits the curves by lane and takes the newest step time', () => {
    expect(lanesOf({ x: [1, 2, 0.5], y: [3, 2, 4], group: [0, 0, 1] })).toEqual([
      [
        [1, 3],
        [2, 2],
      ],
      [[0.5, 4]],
    ]);
    const arms = collectArms(
      meta.arms,
      [1],
      [5, 10].flatMap((step) => [
        { arm: 'full', seed: 1, metric: 'stepMs', step, value: 40 * step },
        { arm: 'twin', seed: 1, metric: 'stepMs', step, value: 25 * step },
      ]),
    );
    expect(stepTimes(arms)).toEqual([400, 250]);
    expect(stepTimes([])).toEqual([null, null]);
  });
});

describe('a question', () => {
  it('needs a picture of the right size and words of the language', () => {
    const rgb = new Uint8Array(48 * 48 * 3);
    const words = [token('count'), token('red')];
    expect(checkAsk({ rgb, words }).words).toEqual(words);
    expect(() => checkAsk({ rgb: new Uint8Array(12), words })).toThrow(/48 x 48 x 3 bytes; got 12/);
    expect(() => checkAsk(null)).toThrow(/got none/);
    expect(() => checkAsk({ rgb, words: [999] })).toThrow(/words of the vocabulary/);
    expect(() => checkAsk({ rgb, words: [] })).toThrow(/words/);
  });
  it('is answered by the likeliest words', () => {
    const logits = new Float32Array(40).fill(-10);
    logits[token('red')] = Math.log(3);
    logits[token('blue')] = 0;
    const top = likeliest(logits);
    expect(top.slice(0, 2).map((t) => t.word)).toEqual(['red', 'blue']);
    expect(top[0].p / top[1].p).toBeCloseTo(3);
  });
  it('keeps what the last cut left', () => {
    const arm = {
      kept: [
        { layer: 0, patches: [0, 1, 2] },
        { layer: 2, patches: [1] },
      ],
    };
    expect([0, 1, 2, 7].map((l) => aliveAt(arm, l).length)).toEqual([3, 3, 1, 1]);
  });
});

describe('the picture', () => {
  const shares = [0.75, 0.5, 0.25, 0.125, 0.0625, 0];
  it('places the staircase between the columns', () => {
    expect(placeOf(1, shares)).toBe(0);
    expect(placeOf(0.75, shares)).toBe(0.5);
    expect(placeOf(0.5, shares)).toBe(1.5);
    expect(placeOf(0.375, shares)).toBe(2);
    expect(placeOf(0, shares)).toBe(5.5);
  });
  it('edits a scene, and knows its answers', () => {
    const { scene, question } = exampleOf(1);
    const empty = emptied(scene);
    const one = touched(empty, 10, 20, 0, 0);
    const two = added(one, 0, 1);
    const subject = sceneSubject(two, 'mine');
    expect(truthOf(sceneSubject(scene, 'example'), question.words)).toMatchObject({ answer: question.answer });
    expect(truthOf(subject, [token('count'), token('red')])!.answer).toBe(token('2'));
    expect(touched(one, 11, 21, 3, 3).objects).toEqual([]);
    expect(suggestions(subject).length).toBeGreaterThan(3);
    expect(suggestions({ ...subject, scene: null })).toHaveLength(5);
  });
});
