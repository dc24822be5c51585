// The lab's own parts: measures on hand-made features, the spokes, the compass, the claim check, the folded teacher, batches.
import { describe, expect, it } from 'vitest';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import { Graph } from '../../graph/graph.ts';
import { Params } from '../../nn/params.ts';
import { foldedTeacher, foldTeacher, teacher } from '../../nn/zoo/fashion-teacher.ts';
import { trainProgram } from '../../optim/program.ts';
import { prng } from '../../util/prng.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { ArmsGraph } from '../_kit/train/model-graph.ts';
import { classMeans, randomDirections, unitRows } from './directions.ts';
import { checkClaims } from './claims.ts';
import { circleOrder, compassFrame, joinCompass } from './compass.ts';
import { armSpecs, lab } from './lab.ts';
import { confusion, measure, ownMeanAccuracy } from './measures.ts';
import { CLASSES, FEATURE, SIDE } from './network.ts';
import { classArrows, spokeAngle, spokeAt } from './rose.ts';
import { studentStep } from './student.ts';

const axis = (k: number, length = 1) => Array.from({ length: FEATURE }, (_, d) => (d === k ? length : 0));
const spokes = Array.from({ length: CLASSES }, (_, c) => axis(c)).flat();
const close = (actual: ArrayLike<number>, expected: number[]) =>
  expect(Array.from(actual)).toEqual(expected.map((v) => expect.closeTo(v, 5)));
const oneLogit = (k: number) => Array.from({ length: CLASSES }, (_, c) => Number(c === k));

describe('measures', () => {
  // three images of classes 0, 1, 2: on its spoke, square to it, and 45 degrees between spokes 2 and 3
  const features = [
    axis(0, 2),
    axis(5, 3),
    axis(2, Math.SQRT1_2).map((v, d) => (d === 3 ? Math.SQRT1_2 + 1e-6 : v)),
  ].flat();
  const sample = {
    features,
    labels: [0, 1, 2],
    logits: [oneLogit(0), oneLogit(1), oneLogit(3)].flat(),
    teacherNorms: [1, 3, 2],
  };
  it('tells accuracy, length, direction and the nearest spoke', () => {
    const { accuracy, normRatio, cosine, nearestMean } = measure(sample, spokes);
    expect(Array.from(accuracy)).toEqual([1, 1, 0]);
    expect(nearestMean).toBe(1 / 3);
    close(normRatio, [2, 1, 0.5]);
    close(cosine, [1, 0, Math.SQRT1_2]);
    expect(confusion(sample.logits, sample.labels)[2 * CLASSES + 3]).toBe(1);
  });
  it('draws each image at its angle, on the side of the class that it resembles', () => {
    const frame = compassFrame(
      7,
      sample,
      spokes,
      Array.from({ length: CLASSES }, (_, i) => i),
    );
    expect(frame).toMatchObject({ step: 7, lengths: [200, 100, 50], right: '110' });
    expect(frame.angles.map(Math.abs)).toEqual([0, 90, 45]);
    expect(frame.angles[1]).toBe(90); // class 5 lies clockwise of class 1
    expect(frame.angles[2]).toBe(45);
  });
  it('own class means classify features that any rotation has moved', () => {
    const random = prng(1, 'own');
    const turn = randomDirections(random, 10);
    const draw = (rows: number) => {
      const labels = Array.from({ length: rows }, (_, i) => i % CLASSES);
      return {
        labels,
        features: labels.flatMap((c) =>
          Array.from(turn.subarray(c * FEATURE, (c + 1) * FEATURE), (v) => 3 * v + 0.05 * random.normal()),
        ),
      };
    };
    expect(ownMeanAccuracy(draw(100), draw(50))).toBe(1);
  });
});

describe('spokes', () => {
  it('are the unit class means', () => {
    const means = classMeans([axis(0, 1), axis(1, 3), axis(4, 2)].flat(), [0, 0, 1]);
    const unit = unitRows(means);
    expect(Array.from(means.subarray(0, 2))).toEqual([0.5, 1.5]);
    expect(unit[0]).toBeCloseTo(1 / Math.sqrt(10), 6);
    expect(unit[FEATURE + 4]).toBe(1);
  });
  it('of the control are orthonormal', () => {
    const rows = randomDirections(prng(3, 'control'));
    const dot = (a: number, b: number) =>
      Array.from({ length: FEATURE }, (_, d) => rows[a * FEATURE + d] * rows[b * FEATURE + d]).reduce(
        (s, v) => s + v,
        0,
      );
    for (let a = 0; a < CLASSES; a++) for (let b = 0; b <= a; b++) expect(dot(a, b)).toBeCloseTo(Number(a === b), 5);
  });
  it('stand in an order in which neighbours are alike', () => {
    // likeness of points on a hidden circle, shuffled
    const place = prng(4, 'circle').permutation(10);
    const cosine = Array.from({ length: 100 }, (_, i) =>
      Math.cos(((place[Math.floor(i / 10)] - place[i % 10]) * Math.PI) / 5),
    );
    const order = circleOrder(cosine, 10);
    const jumps = order.map((c, i) => Math.abs(place[c] - place[order[(i + 1) % 10]]));
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(jumps.every((j) => j === 1 || j === 9)).toBe(true);
  });
  it('are found again under the pointer', () => {
    const order = [3, 1, 0, 2, 4, 5, 6, 7, 8, 9];
    for (const c of order) {
      const a = spokeAngle(order, c) + 0.1;
      expect(spokeAt(100 + 60 * Math.sin(a), 100 - 60 * Math.cos(a), 200, order)).toBe(c);
    }
    expect(spokeAt(101, 100, 200, order)).toBeNull();
    const [zero] = classArrows({ angles: [170, -170], lengths: [50, 150], right: '11' }, [0, 0], 1);
    expect(Math.abs(zero.angle)).toBeCloseTo(Math.PI, 6);
    expect(zero.length).toBe(100);
  });
});

describe('claim check', () => {
  const SEEDS = 12;
  const IMAGES = 400;
  const random = prng(6, 'claims');
  /** Right or wrong on images of which some are harder, for `SEEDS` students that are right with about `share`. */
  const arm = (id: string, share: number, seeds = SEEDS): ArmResult => {
    const answers = Array.from({ length: seeds }, () =>
      Float32Array.from({ length: IMAGES }, () => Number(random.next() < share)),
    );
    const accuracy = answers.map((row) => row.reduce((a, b) => a + b, 0) / IMAGES);
    const rest = { cosine: accuracy, normRatio: accuracy };
    return { id, label: id, series: [], final: { accuracy, ...rest }, examples: { accuracy: answers } };
  };
  const gain = (arms: ArmResult[]) => checkClaims(arms).find((c) => c.id === 'gain')!;

  it('asks of the gain that the whole interval clears 0.3 points', () => {
    const kd = arm('kd', 0.7);
    expect(gain([arm('nd', 0.9), kd])).toMatchObject({ verdict: 'reproduced', threshold: '≥ 0.003', required: true });
    expect(gain([arm('nd', 0.5), kd]).verdict).toBe('not-reproduced');
    expect(gain([arm('nd', 0.7), kd]).verdict).toBe('undecided');
  });
  it('counts seeds and images: values per image widen what seeds alone would say', () => {
    const one = arm('nd', 0.8, 1);
    const repeat = ({ final, examples, ...a }: ArmResult): ArmResult => ({
      ...a,
      final: Object.fromEntries(Object.entries(final).map(([m, [v]]) => [m, Array(SEEDS).fill(v)])),
      examples: { accuracy: Array(SEEDS).fill(examples!.accuracy[0]) },
    });
    const same = gain([repeat(one), repeat(arm('kd', 0.78, 1))]);
    // a dozen equal pairs of students say no more than one: their images are 400, not 4,800
    expect(same.se).toBeGreaterThan(0.02);
    expect(same.verdict).toBe('undecided');
  });
  it('requires the gain alone; the mechanism is reported', () => {
    const claims = checkClaims([arm('nd', 0.9), arm('kd', 0.7), arm('ce', 0.5), arm('cosine', 0.6), arm('norm', 0.6)]);
    expect(claims.filter((c) => c.required).map((c) => c.id)).toEqual(['gain']);
    expect(claims.every((c) => c.verdict === 'reproduced')).toBe(true);
  });
  it('stays undecided below three seeds, without arms, and where a student diverged', () => {
    expect(gain([arm('nd', 0.9, 2), arm('kd', 0.5, 2)])).toMatchObject({ verdict: 'undecided', needs: 3 });
    expect(checkClaims([]).every((c) => c.verdict === 'undecided' && c.measured === null)).toBe(true);
    const lost = arm('nd', 0.9);
    lost.final.accuracy[3] = NaN;
    expect(gain([lost, arm('kd', 0.5)])).toMatchObject({ verdict: 'undecided', measured: null });
  });
});

describe('graphs', () => {
  it('the folded teacher answers as the trained one with running statistics', () => {
    const g = new Graph();
    const p = new Params(g);
    const x = g.input('x', [2, 1, SIDE, SIDE]);
    const out = teacher(p, x, true);
    const random = prng(5, 'fold');
    g.output('features', out.features);
    g.output('logits', out.logits);
    const theta = p.init(random).map((v) => v + 0.05 * random.normal());
    const buffers = p.initBuffers(random).map((v) => v + 0.2 * random.next());
    const images = random.uniforms(2 * SIDE * SIDE);
    const get = (name: string) => (/\.(mean|var)$/.test(name) ? p.bufferPart(buffers, name) : p.part(theta, name));
    const whole = evaluateOutputs(p.pack(), { theta, buffers, x: images });
    const h = new Graph();
    const folded = foldedTeacher(h.input('x', [2, 1, SIDE, SIDE]), foldTeacher(get));
    h.output('features', folded.features);
    h.output('logits', folded.logits);
    const short = evaluateOutputs(h, { x: images });
    for (const name of ['features', 'logits'])
      Array.from(short[name]).forEach((v, i) => expect(v).toBeCloseTo(whole[name][i], 4));
  });
  it('an arm without a teacher asks for no teacher', () => {
    const arms = armSpecs({ wKd: 1, wNd: 2, wCosine: 2, wNorm: 2, dkdOthers: 2 });
    const sources = {
      images: new Float32Array(4 * SIDE * SIDE),
      labels: new Int32Array(4),
      teacherLogits: new Float32Array(4 * CLASSES),
      teacherNorm: new Float32Array(4),
      directions: new Float32Array(CLASSES * FEATURE),
    };
    const inputsOf = (id: string) => {
      const graph = new ArmsGraph(
        arms.filter((a) => a.id === id),
        { batch: 2, residency: 'device', sources },
      );
      const options = { student: { channels: [2, 2, 2], adapter: 'main' as const }, temperature: 4 };
      const { params, batches } = graph;
      return [...trainProgram({ ...studentStep(graph, options), params, batches }).graph.inputs.keys()];
    };
    expect(inputsOf('ce').sort()).toEqual(['buffers', 'images', 'labels', 'pick', 'sgd.rate', 'theta', 'velocity']);
    expect(inputsOf('nd')).toEqual(
      expect.arrayContaining(['directions', 'kd', 'nd', 'ramp', 'teacherLogits', 'teacherNorm']),
    );
  });
  it('weights are no part of what an arm is to the graph, unless they are zero', () => {
    const kindOf = (wNd: number) => {
      const arms = armSpecs({ wKd: 1, wNd, wCosine: 2, wNorm: 2, dkdOthers: 2 }).filter((a) => a.id === 'nd');
      return JSON.stringify(arms[0].kind);
    };
    expect(kindOf(2)).toBe(kindOf(5));
    expect(kindOf(0)).toBe(JSON.stringify(['kd']));
    expect(lab.trainingGraphs().map((g) => g.name)).toEqual(['all arms', 'side branch']);
  });
});

describe('the compass of several trials', () => {
  const frame = (step: number) => ({ step, angles: [step], lengths: [100], right: '1' });
  const still = { classes: ['a'], order: [0], labels: [0], directions: 'teacher' as const };
  it('is put together from parts that come in any order', () => {
    const parts = [
      { arm: 'kd', frame: frame(10) },
      { arm: 'nd', frame: frame(0), confusion: [1] },
      { arm: 'kd', frame: frame(0), confusion: [2] },
    ];
    const infos = ['nd', 'kd', 'ce'].map((id) => ({ id, label: id.toUpperCase() }));
    expect(joinCompass(still, infos, parts)).toEqual({
      ...still,
      arms: [
        { id: 'nd', label: 'ND', frames: [frame(0)], confusion: [1] },
        { id: 'kd', label: 'KD', frames: [frame(0), frame(10)], confusion: [2] },
      ],
    });
  });
});
