// The lab's own parts: the ensemble, the sky, the loss of every arm by hand, the arms' common first half, the claim check.
import { describe, expect, it } from 'vitest';
import { tinyImages } from '../_kit/train/tiny-images.ts';
import { ArmsGraph } from '../_kit/train/model-graph.ts';
import { backward } from '../../autodiff/backward.ts';
import { reduceSum } from '../../graph/builder.ts';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { prng } from '../../util/prng.ts';
import { checkClaims } from './claims.ts';
import { softmaxRows } from '../../util/measures/probabilities.ts';
import { ensembleOf } from './ensemble.ts';
import { armSpecs } from './lab.ts';
import { cornersOf, CORNERS, joinSky, skyRows, STARS } from './sky.ts';
import { gapOf } from './sky-text.ts';
import { CLASSES, judge, SIDE, student, studentStep } from './student.ts';

const close = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expect(Array.from(actual)).toEqual(expected.map((v) => expect.closeTo(v, 5)));

describe('ensemble', () => {
  const one = { logits: Float32Array.of(0, Math.log(3), 5, 5) };
  const other = { logits: Float32Array.of(Math.log(3), 0, 1000, -1000) };
  it('averages probabilities, or logits', () => {
    close(ensembleOf([one, other], 'probabilities', 2).soft, [0.5, 0.5, 0.75, 0.25]);
    const { soft, meanLogits } = ensembleOf([one, { logits: Float32Array.of(Math.log(9), 0, 5, 5) }], 'logits', 2);
    close(meanLogits, [Math.log(3), Math.log(3) / 2, 5, 5]);
    close(soft.subarray(0, 2), [Math.sqrt(3) / (1 + Math.sqrt(3)), 1 / (1 + Math.sqrt(3))]);
  });
});

describe('sky', () => {
  const random = prng(1, 'sky');
  const rows = 300;
  const labels = Int32Array.from({ length: rows }, (_, i) => i % CLASSES);
  const soft = softmaxRows(
    Float32Array.from(random.normals(rows * CLASSES, 2), (v, i) => v + (CORNERS.includes(i % CLASSES) ? 6 : 0)),
    CLASSES,
  );
  it('takes garments of its corners, each once, doubtful and clear', () => {
    const chosen = skyRows(soft, labels);
    const top = chosen.map((row) => Math.max(...CORNERS.map((c) => soft[row * CLASSES + c])));
    expect(chosen).toHaveLength(STARS);
    expect(new Set(chosen).size).toBe(STARS);
    expect(chosen.every((row) => CORNERS.includes(labels[row]))).toBe(true);
    expect(Math.min(...top)).toBeLessThan(0.6);
    expect(Math.max(...top)).toBeGreaterThan(0.9);
  });
  it('shares sum to a thousand, and a student that copies has no way to go', () => {
    const dots = cornersOf(soft, [0, 5, 9]);
    for (let i = 0; i < 3; i++) expect(dots[3 * i] + dots[3 * i + 1] + dots[3 * i + 2]).toBeCloseTo(1000, -1);
    expect(gapOf(dots, dots).gap).toBe(0);
    expect(gapOf([1000, 0, 0], [0, 1000, 0])).toEqual({ gap: 1, top: 1 });
  });
  it('is put together from parts that come in any order', () => {
    const still = { stars: [1, 0, 0], labels: [0], side: 1, images: '' };
    const parts = [
      { arm: 'soft', step: 9, dots: [9] },
      { arm: 'soft', step: 0, dots: [0] },
    ];
    expect(
      joinSky(
        still,
        [
          { id: 'soft', label: 's' },
          { id: 'hard', label: 'h' },
        ],
        parts,
      ).arms,
    ).toEqual([
      {
        id: 'soft',
        label: 's',
        frames: [
          { step: 0, dots: [0] },
          { step: 9, dots: [9] },
        ],
      },
    ]);
  });
});

describe('loss', () => {
  const rows = 4;
  const channels = [2, 3, 4];
  const { values, labels } = tinyImages({ rows, side: SIDE });
  const random = prng(3, 'loss');
  const soft = softmaxRows(random.normals(rows * CLASSES), CLASSES);
  const meanLogits = random.normals(rows * CLASSES);
  const sources = { images: values, labels, soft, meanLogits };
  const all = armSpecs({ labelShare: 0.25, decay: 0.01, smoothing: 0.1 });
  /** Loss of an arm, and what it is made of, by the reference interpreter. */
  function lossOf(id: string, late: number) {
    const arm = all.find((a) => a.id === id)!;
    const graph = new ArmsGraph([arm], { batch: rows, residency: 'device', sources });
    const { loss, metrics = {} } = studentStep(graph, channels);
    graph.graph.output('loss', loss);
    if (metrics.told) graph.graph.output('told', metrics.told);
    const theta = graph.params.init(prng(4, 'theta'));
    const feeds = {
      ...Object.fromEntries(Object.entries(arm.numbers!).map(([name, v]) => [name, Float32Array.of(v)])),
      ...sources,
      theta,
      buffers: graph.params.initBuffers(prng(4, 'theta')),
      pick: Int32Array.from([0, 1, 2, 3]),
      late: Float32Array.of(late),
    };
    const out = evaluateOutputs(graph.params.pack(), feeds);
    return { loss: out.loss[0], told: out.told?.[0] };
  }
  it('is the labels in the first half, whatever comes after', () => {
    const first = lossOf('hard', 0).loss;
    for (const id of ['soft', 'half', 'smooth', 'softDecay', 'hardDecay', 'code'])
      expect(lossOf(id, 0).loss).toBeCloseTo(first, 5);
    expect(lossOf('scratch', 0).loss).toBe(0);
    expect(lossOf('scratchLong', 0).loss).not.toBeCloseTo(first, 3);
  });
  it('is linear in the share of the label', () => {
    const [s, h, mixed] = ['soft', 'hard', 'half'].map((id) => lossOf(id, 1).loss);
    expect(mixed).toBeCloseTo(0.75 * s + 0.25 * h, 5);
    expect(lossOf('scratch', 1).loss).toBeCloseTo(s, 6);
  });
  it('has weight decay of half the squared length', () => {
    expect(lossOf('softDecay', 1).loss).toBeGreaterThan(lossOf('soft', 1).loss);
    expect(lossOf('hardDecay', 1).loss - lossOf('hard', 1).loss).toBeCloseTo(
      lossOf('softDecay', 1).loss - lossOf('soft', 1).loss,
      5,
    );
  });
  it('has a discriminator whose sign changes no value', () => {
    const [code, adversarial] = ['code', 'adversarial'].map((id) => lossOf(id, 1));
    expect(code.told).toBeGreaterThan(0);
    expect(adversarial.told).toBeCloseTo(code.told!, 6);
    expect(code.loss).toBeCloseTo(lossOf('soft', 1).loss + code.told!, 5);
  });
});

describe('graphs', () => {
  it('the adversarial student gets the gradient of the discriminator reversed, the discriminator its own', () => {
    const all = armSpecs({ labelShare: 0.5, decay: 0, smoothing: 0 });
    const random = prng(6, 'reversal');
    const sources = {
      images: tinyImages({ rows: 4, side: SIDE }).values,
      labels: Int32Array.of(0, 1, 2, 3),
      soft: softmaxRows(random.normals(4 * CLASSES), CLASSES),
      meanLogits: random.normals(4 * CLASSES, 3),
    };
    const gradientOf = (id: string, isJudged: boolean) => {
      const arm = { ...all.find((a) => a.id === id)!, model: isJudged ? 'judge' : '' };
      const graph = new ArmsGraph([arm], { batch: 4, residency: 'device', sources });
      const { loss } = studentStep(graph, [2, 3, 4]);
      const { params } = graph;
      graph.graph.output('gradient', params.join(backward(reduceSum(loss, 0), params.tensors)));
      const start = prng(7, 'theta');
      const numbers = Object.entries(arm.numbers!).map(([name, v]) => [name, Float32Array.of(v)]);
      const { gradient } = evaluateOutputs(params.pack(), {
        ...Object.fromEntries(numbers),
        ...sources,
        theta: params.init(start),
        buffers: params.initBuffers(start),
        pick: Int32Array.of(0, 1, 2, 3),
        late: Float32Array.of(1),
      });
      return {
        gradient: Array.from(gradient),
        students: params.specs.find(({ name }) => name.startsWith('judge'))?.offset,
      };
    };
    const [soft, code, adversarial] = [
      gradientOf('soft', false),
      gradientOf('code', true),
      gradientOf('adversarial', true),
    ];
    const count = code.students!;
    const changed = soft.gradient.map((g, i) => code.gradient[i] - g);
    expect(Math.hypot(...changed)).toBeGreaterThan(1e-3);
    for (let i = 0; i < count; i++) expect(soft.gradient[i] - adversarial.gradient[i]).toBeCloseTo(changed[i], 5);
    for (let i = count; i < code.gradient.length; i++) expect(adversarial.gradient[i]).toBeCloseTo(code.gradient[i], 6);
  });
  it('the read network of a judged arm has the weights of its step', () => {
    const arm = armSpecs({ labelShare: 0.5, decay: 0, smoothing: 0 }).find((a) => a.id === 'code')!;
    const sources = {
      images: new Float32Array(4 * SIDE * SIDE),
      labels: new Int32Array(4),
      soft: new Float32Array(4 * CLASSES),
      meanLogits: new Float32Array(4 * CLASSES),
    };
    const named = (build: (graph: ArmsGraph) => void) => {
      const graph = new ArmsGraph([arm], { batch: 2, residency: 'device', sources });
      build(graph);
      return graph.params.specs.map(({ name, offset }) => `${name} ${offset}`);
    };
    const read = named((graph) => judge(graph, student(graph, [2, 3, 4], true)));
    expect(read).toEqual(named((graph) => studentStep(graph, [2, 3, 4])));
  });
});

describe('claim check', () => {
  const arm = (id: string, accuracy: number[]): ArmResult => ({ id, label: id, series: [], final: { accuracy } });
  const ids = ['soft', 'hard', 'hardDecay', 'half', 'smooth', 'softDecay', 'scratch', 'scratchLong', 'code'];
  const verdicts = (soft: number[], other: number[]) =>
    Object.fromEntries(
      checkClaims(ids.map((id) => arm(id, id === 'soft' ? soft : other))).map((c) => [c.id, c.verdict]),
    );
  it('tells a clear gain from none and from a loss', () => {
    const base = [0.7, 0.71, 0.69, 0.7];
    const plus = (d: number) => base.map((v, i) => v + d + 0.0001 * (i % 2));
    expect(verdicts(plus(0.02), base)).toMatchObject({ soft: 'reproduced', labels: 'reproduced', start: 'reproduced' });
    expect(verdicts(plus(0.02), base).decay).toBe('not-reproduced');
    expect(verdicts(plus(-0.02), base)).toMatchObject({ soft: 'not-reproduced', labels: 'not-reproduced' });
    expect(verdicts(plus(0), base)).toMatchObject({
      soft: 'not-reproduced',
      labels: 'reproduced',
      decay: 'reproduced',
    });
  });
  it('stays undecided on two seeds', () => {
    expect(verdicts([0.9, 0.9], [0.7, 0.7]).soft).toBe('undecided');
  });
});
