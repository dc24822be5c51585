// Which image tokens stay: the ranking rules, and the cut itself on the host.
import { prng } from '../../util/prng.ts';
import { unknownName } from '../../util/invariant.ts';
import { QUESTION_LENGTH } from '../../data/scenes/vocabulary.ts';
import type { Sequences, Vlm } from './inference.ts';
import type { Schedule } from '../../own-model/schedule.ts';

export type Rule = 'attention' | 'random' | 'norm' | 'diversity' | 'grid' | 'oracle';
export type PositionMode = 'renumber' | 'original';
export const RULES: Record<Rule, string> = {
  attention: 'attention of the last question token, by the next layer (the paper)',
  random: 'at random',
  norm: 'length of the token vector',
  diversity: 'farthest from what is kept already',
  grid: 'an even grid',
  oracle: 'patches of the objects that the answer rests on, then other objects',
};

export interface DropOptions {
  rule: Rule;
  positions: PositionMode;
  /** Names the random rule's stream. */
  seed: number;
  /** [B, N]: 2 where the patch shows an object that the answer rests on, 1 another object, 0 none; for the oracle. */
  objects?: Int8Array;
}

/** Indices 0..n-1 of the `keep` highest scores (ties: the lower index), ascending. */
export function highest(scores: ArrayLike<number>, keep: number): Int32Array {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  return Int32Array.from(order.slice(0, keep).sort((a, b) => a - b));
}
/** `keep` of n places, evenly spread. */
export const evenly = (n: number, keep: number): Int32Array =>
  Int32Array.from({ length: keep }, (_, i) => Math.floor(((i + 0.5) * n) / keep));

/** Greedy max-min choice by cosine distance, starting from the longest vector. rows: [n, D] */
export function mostDiverse(rows: Float32Array, n: number, D: number, keep: number): Int32Array {
  const lengths = Float64Array.from(
    { length: n },
    (_, i) => Math.sqrt(rows.subarray(i * D, (i + 1) * D).reduce((s, v) => s + v * v, 0)) || 1,
  );
  const closest = new Float64Array(n).fill(-Infinity);
  const chosen: number[] = [];
  for (let next = lengths.indexOf(Math.max(...lengths)); chosen.length < keep; next = farthest(closest)) {
    chosen.push(next);
    for (let i = 0; i < n; i++) {
      let dot = 0;
      for (let j = 0; j < D; j++) dot += rows[i * D + j] * rows[next * D + j];
      closest[i] = Math.max(closest[i], dot / (lengths[i] * lengths[next]));
    }
    closest[next] = Infinity;
  }
  return Int32Array.from(chosen).sort();
}
const farthest = (closest: Float64Array) => closest.reduce((best, v, i) => (v < closest[best] ? i : best), 0);

type Choose = (b: number) => Int32Array;

/** The choice of `keep` image tokens per sequence before `layer`. */
async function chooser(vlm: Vlm, s: Sequences, layer: number, keep: number, o: DropOptions): Promise<Choose> {
  const { image: n } = s;
  const D = vlm.spec.width;
  const T = n + QUESTION_LENGTH;
  const rows = (b: number) => s.x.subarray(b * T * D, (b * T + n) * D);
  const N = o.objects ? o.objects.length / s.batch : 0;
  switch (o.rule) {
    case 'attention': {
      const score = await vlm.attention(s, layer);
      return (b) => highest(score.subarray(b * n, (b + 1) * n), keep);
    }
    case 'random':
      return (b) => prng(o.seed, 'drop', layer, b).sample(n, keep).sort();
    case 'norm':
      return (b) =>
        highest(
          Float32Array.from({ length: n }, (_, i) =>
            rows(b)
              .subarray(i * D, (i + 1) * D)
              .reduce((t, v) => t + v * v, 0),
          ),
          keep,
        );
    case 'diversity':
      return (b) => mostDiverse(rows(b), n, D, keep);
    case 'grid':
      return () => evenly(n, keep);
    case 'oracle':
      return (b) => {
        const r = prng(o.seed, 'oracle', layer, b);
        return highest(
          Float32Array.from({ length: n }, (_, i) => (o.objects?.[b * N + s.patches[b * n + i]] ?? 0) + r.next() / 2),
          keep,
        );
      };
    default:
      return unknownName('rule', o.rule, Object.keys(RULES));
  }
}

/** Keeps `keep` image tokens before `layer`, in their order; the question stays. */
export async function cut(vlm: Vlm, s: Sequences, layer: number, keep: number, o: DropOptions): Promise<Sequences> {
  if (keep >= s.image) return s;
  const choose = await chooser(vlm, s, layer, keep, o);
  const D = vlm.spec.width;
  const from = s.image + QUESTION_LENGTH;
  const to = keep + QUESTION_LENGTH;
  const out: Sequences = {
    batch: s.batch,
    image: keep,
    x: new Float32Array(s.batch * to * D),
    patches: new Int32Array(s.batch * keep),
    positions: new Int32Array(s.batch * to),
  };
  for (let b = 0; b < s.batch; b++) {
    const kept = choose(b);
    const rows = [...kept, ...Array.from({ length: QUESTION_LENGTH }, (_, i) => s.image + i)];
    kept.forEach((i, k) => {
      out.patches[b * keep + k] = s.patches[b * s.image + i];
    });
    rows.forEach((i, k) => {
      out.x.set(s.x.subarray((b * from + i) * D, (b * from + i + 1) * D), (b * to + k) * D);
      out.positions[b * to + k] = o.positions === 'renumber' ? k : s.positions[b * from + i];
    });
  }
  return out;
}

/** All layers from `start` on with the schedule's cuts in between. `visit` sees the sequences that enter each layer. */
export async function runSchedule(
  vlm: Vlm,
  first: Sequences,
  schedule: Schedule,
  o: DropOptions,
  start = 0,
  visit?: (layer: number, s: Sequences) => void,
): Promise<Sequences> {
  let s = first;
  let layer = start;
  const cuts = schedule.cuts.filter((c) => c.layer >= start);
  while (layer < schedule.layers) {
    for (const c of cuts) if (c.layer === layer) s = await cut(vlm, s, layer, c.keep, o);
    const next = Math.min(schedule.layers, ...cuts.filter((c) => c.layer > layer).map((c) => c.layer));
    const stop = visit ? layer + 1 : next;
    visit?.(layer, s);
    s = await vlm.layers(s, layer, stop);
    layer = stop;
  }
  return s;
}
