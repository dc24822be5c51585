// The model's graphs: gradients in float64, packed against single questions, training against layer-by-layer inference, ranking against plain arithmetic.
import { describe, expect, it } from 'vitest';
import { backward } from '../../autodiff/backward.ts';
import { checkGradients } from '../../autodiff/check-gradients.ts';
import { evaluateOutputs, type Feeds64 } from '../../graph/evaluate.ts';
import { Graph } from '../../graph/graph.ts';
import type { Engine, Feeds, HostArray } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import { Params } from '../../nn/params.ts';
import { prng } from '../../util/prng.ts';
import { drawAsked, emptyBatch, packedBatch, writeRow, type PackedBatch } from '../../data/scenes/pack.ts';
import { QUESTION_LENGTH } from '../../data/scenes/vocabulary.ts';
import { cut, evenly, highest, mostDiverse, runSchedule, type DropOptions } from './drop.ts';
import { Examiner } from './examine.ts';
import { ladderOf, Vlm } from './inference.ts';
import { lastTokenAttention, ropeAt, type VlmSpec } from './model.ts';
import { feedsOf, losses, type TrainOptions } from './train-graph.ts';
import type { Cut } from '../../own-model/schedule.ts';
import { layoutOf, readWeights } from './weights.ts';

/** 16 patches of 12 x 12 pixels: large enough for the scenes, small enough for float64. */
const TINY: VlmSpec = { grid: { size: 48, patch: 12 }, width: 8, heads: 2, hidden: 12, encoderLayers: 1, layers: 4 };
const CUTS: Cut[] = [
  { layer: 1, keep: 9 },
  { layer: 3, keep: 5 },
];

/** Weights that differ clearly from one another, so that ranks do not tie. */
function build(options: TrainOptions, spec = TINY) {
  const params = new Params(new Graph());
  const made = losses(params, options, spec);
  const theta = params.init(prng(1, 'tiny')).map((v) => 3 * v);
  const named = Object.fromEntries(params.specs.map((s) => [`theta/${s.name}`, params.part(theta, s.name)]));
  return {
    params,
    theta,
    ...made,
    feeds: (b: PackedBatch): Feeds64 => ({ ...named, ...feedsOf(b), auxiliary: [0.3] }),
  };
}
const logitsOf = (options: TrainOptions, batch: PackedBatch) => {
  const m = build(options);
  m.params.graph.output('logits', m.logits);
  return evaluateOutputs(m.params.graph, m.feeds(batch)).logits;
};
const sample = (batch: number, perImage: number) => packedBatch(prng(2, 'tiny'), { grid: TINY.grid, batch, perImage });
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])));

/** An engine that runs programs on the float64 evaluator. */
const exact: Engine = {
  backend: 'cpu',
  residency: 'host',
  stepper: () => Promise.reject(new Error('not needed')),
  runner: async (program, sources = {}) => ({
    dispose: async () => undefined,
    run: async (feeds: Feeds) => {
      const { graph, batches } = program as Program;
      const all: Record<string, HostArray | number> = { ...sources, ...feeds };
      for (const { input, source, index } of batches) {
        const n = graph.inputs.get(input)!.shape.reduce((a, b) => a * b);
        const row = (feeds[index] as Int32Array)[0];
        all[input] = sources[source].subarray(row * n, (row + 1) * n);
      }
      return Object.fromEntries(
        Object.entries(evaluateOutputs(graph, all as unknown as Feeds64)).map(([name, v]) => [
          name,
          v as unknown as Float32Array,
        ]),
      );
    },
  }),
};
const drop: DropOptions = { rule: 'attention', positions: 'renumber', seed: 1 };

describe('training graphs', () => {
  it.each<[string, TrainOptions]>([
    ['packed questions', { batch: 2, perImage: 3 }],
    ['single questions with drops', { batch: 2, perImage: 1, cuts: CUTS }],
    ['drops with positions kept', { batch: 2, perImage: 1, cuts: CUTS, positions: 'original' }],
  ])('%s: gradients hold in float64', (_, options) => {
    const m = build(options);
    const { error } = checkGradients(
      m.loss,
      m.params.tensors,
      backward(m.loss, m.params.tensors),
      m.feeds(sample(2, options.perImage)),
      1,
      1e-6,
    );
    expect(error).toBeLessThan(1e-6);
  });

  it('packing changes no answer', () => {
    const Q = 3;
    const packed = sample(2, Q);
    const together = logitsOf({ batch: 2, perImage: Q }, packed);
    const V = together.length / (2 * Q);
    for (let q = 0; q < Q; q++) {
      const questions = Int32Array.from(
        { length: 2 * QUESTION_LENGTH },
        (_, i) => packed.questions[(Math.floor(i / QUESTION_LENGTH) * Q + q) * QUESTION_LENGTH + (i % QUESTION_LENGTH)],
      );
      const alone = logitsOf(
        { batch: 2, perImage: 1 },
        { ...packed, questions, answers: new Int32Array(2), types: new Uint8Array(2) },
      );
      for (const b of [0, 1])
        expect(
          worst(alone.subarray(b * V, (b + 1) * V), together.subarray((b * Q + q) * V, (b * Q + q + 1) * V)),
        ).toBeLessThan(1e-12);
    }
  });

  it('asks for its weights in the order of the weight file, the auxiliary head last', () => {
    const { params } = build({ batch: 1, perImage: 1 });
    const { length, front, decoder, head } = layoutOf(TINY);
    const file = [...front.specs, ...decoder.flatMap((s) => s.specs), ...head.specs];
    expect(params.specs.slice(0, file.length).map(({ name, offset }) => [name, offset])).toEqual(
      file.map(({ name, offset }) => [name, offset]),
    );
    expect(params.specs.slice(file.length).map((s) => s.name)).toEqual(['auxiliary.w', 'auxiliary.b']);
    expect(head.to).toBe(length);
    expect(new Set(decoder.map((s) => s.to - s.from)).size).toBe(1);
    expect(() => readWeights(new Uint8Array(12), TINY)).toThrow(/weights: expected \d+ bytes .* got 12/);
  });
});

describe('inference layer by layer', () => {
  const batch = sample(3, 1);
  const open = () => new Vlm(exact, TINY, build({ batch: 1, perImage: 1 }).theta);
  it('answers as the training graph does where positions are kept', async () => {
    const vlm = open();
    const end = await runSchedule(
      vlm,
      await vlm.start(batch.patches, batch.questions),
      { layers: 4, image: 16, cuts: CUTS },
      { ...drop, positions: 'original' },
    );
    const want = logitsOf({ batch: 3, perImage: 1, cuts: CUTS, positions: 'original' }, batch);
    expect(worst(await vlm.read(end), want)).toBeLessThan(1e-5);
    expect(worst(logitsOf({ batch: 3, perImage: 1, cuts: CUTS }, batch), want)).toBeGreaterThan(1e-4); // positions matter
  });
  it.each<[string, Cut[]]>([
    ['all tokens', []],
    ['two cuts', CUTS],
    ['down to three tokens, which no graph has exactly', [{ layer: 2, keep: 3 }]],
  ])('answers as the training graph does: %s', async (_, cuts) => {
    const vlm = open();
    const end = await runSchedule(
      vlm,
      await vlm.start(batch.patches, batch.questions),
      { layers: 4, image: 16, cuts },
      drop,
    );
    expect(worst(await vlm.read(end), logitsOf({ batch: 3, perImage: 1, cuts }, batch))).toBeLessThan(1e-5); // sequences between layers are float32
  });

  it('reuses prefixes without changing what a cut does', async () => {
    const vlm = open();
    const rng = prng(4, 'items');
    const items = Array.from({ length: 5 }, () => {
      const {
        scene,
        questions: [question],
      } = drawAsked(rng, 1);
      return { scene, question };
    });
    const examiner = new Examiner(vlm, items, 3);
    const cells = [];
    for await (const cell of examiner.grid([0, 2, 3], [0, 6], drop)) cells.push(cell);
    expect(cells.map((c) => [c.layer, c.keep])).toEqual([
      [0, 0],
      [0, 6],
      [2, 0],
      [2, 6],
      [3, 0],
      [3, 6],
    ]);
    for (const { layer, keep, ...measured } of cells)
      expect(await examiner.run({ layers: 4, image: 16, cuts: [{ layer, keep }] }, drop)).toEqual(measured);
  });

  it('with original positions a token keeps its number', async () => {
    const vlm = open();
    const s = await cut(vlm, await vlm.start(batch.patches, batch.questions), 1, 4, { ...drop, positions: 'original' });
    expect([...s.positions.subarray(0, 4)]).toEqual([...s.patches.subarray(0, 4)]);
    expect([...s.positions.subarray(4, 10)]).toEqual([16, 17, 18, 19, 20, 21]);
    const again = await cut(vlm, s, 1, 4, drop);
    expect(again).toBe(s);
  });
});

describe('ranking', () => {
  it('is the attention that the next layer computes, by plain arithmetic', () => {
    const { width: D, heads } = TINY;
    const d = D / heads;
    const T = 5;
    const rng = prng(9, 'rank');
    const x = rng.normals(T * D);
    const q = rng.normals(D * D);
    const k = rng.normals(D * D);
    const g = new Graph();
    const w = { graph: g, get: (name: string) => g.constant(name.endsWith('q.w') ? q : k, [D, D]) };
    g.output(
      'score',
      lastTokenAttention(w, 'decoder0', g.input('x', [1, T, D]), TINY, ropeAt(w, TINY, [0, 1, 2, 3, 4])),
    );
    const normed = Array.from({ length: T }, (_, t) => {
      const row = [...x.subarray(t * D, (t + 1) * D)];
      const r = Math.sqrt(row.reduce((s, v) => s + v * v, 0) / D + 1e-5);
      return row.map((v) => v / r);
    });
    const turned = (t: number, m: Float32Array) => {
      const y = Array.from({ length: D }, (_, c) => normed[t].reduce((s, v, i) => s + v * m[i * D + c], 0));
      const out = [...y];
      for (let h = 0; h < heads; h++)
        for (let j = 0; j < d / 2; j++) {
          const a = h * d + j;
          const b = a + d / 2;
          const angle = t * 10_000 ** (-j / (d / 2));
          out[a] = y[a] * Math.cos(angle) - y[b] * Math.sin(angle);
          out[b] = y[b] * Math.cos(angle) + y[a] * Math.sin(angle);
        }
      return out;
    };
    const want = new Array<number>(T).fill(0);
    const query = turned(T - 1, q);
    for (let h = 0; h < heads; h++) {
      const e = Array.from({ length: T }, (_, t) => {
        const key = turned(t, k);
        let s = 0;
        for (let j = 0; j < d; j++) s += query[h * d + j] * key[h * d + j];
        return Math.exp(s / Math.sqrt(d));
      });
      e.forEach((v, t) => {
        want[t] += v / e.reduce((a, b) => a + b, 0) / heads;
      });
    }
    expect(worst(evaluateOutputs(g, { x }).score, want)).toBeLessThan(1e-6); // constants are float32
  });

  it('keeps the highest in order, ties to the lower index', () => {
    expect([...highest([1, 5, 5, 0, 5], 2)]).toEqual([1, 2]);
    expect([...highest([1, 2, 3], 3)]).toEqual([0, 1, 2]);
    expect([...highest([1, 2, 3], 0)]).toEqual([]);
    expect([...evenly(64, 4)]).toEqual([8, 24, 40, 56]);
  });
  it('diversity takes what is unlike', () => {
    const rows = Float32Array.of(3, 0, 2.9, 0.1, 0, 1, -1, 0);
    expect([...mostDiverse(rows, 4, 2, 3)]).toEqual([0, 2, 3]);
  });
  it('the oracle keeps the objects of the question first', async () => {
    const vlm = new Vlm(exact, TINY, build({ batch: 1, perImage: 1 }).theta);
    const b = emptyBatch(TINY.grid, 1, 1);
    const { scene, questions } = drawAsked(prng(3, 'oracle'), 1);
    writeRow(b, 0, TINY.grid, scene, questions);
    const objects = Int8Array.from({ length: 16 }, (_, i) => (i === 7 || i === 12 ? 2 : i === 3 ? 1 : 0));
    const s = await cut(vlm, await vlm.start(b.patches, b.questions), 1, 3, { ...drop, rule: 'oracle', objects });
    expect([...s.patches]).toEqual([3, 7, 12]);
  });
  it('has graphs for a short ladder of token counts', () => {
    expect(ladderOf(64)).toEqual([0, 4, 8, 12, 16, 24, 32, 48, 64]);
    expect(ladderOf(144)).toEqual([0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 144]);
  });
});
