// Training graphs of the model: packed questions (one picture, Q questions), and single questions with PyramidDrop in the forward pass.
import {
  add,
  concat,
  detach,
  div,
  equal,
  expand,
  greaterOrEqual,
  indicator,
  matMul,
  mul,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sub,
  topK,
  gatherElements,
} from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { crossEntropy, crossEntropyPerSample } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import { trainProgram, type TrainProgram } from '../../optim/program.ts';
import { packedMask, packedPositions, type PackedBatch } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import { COLOURS, QUESTION_LENGTH, SHAPES, WORDS } from '../../data/scenes/vocabulary.ts';
import type { Cut } from '../../own-model/schedule.ts';
import {
  block,
  causalMask,
  embedWords,
  encodeImage,
  lastTokenAttention,
  patchLogits,
  patchShape,
  project,
  readPatch,
  readWord,
  ropeAt,
  sequence,
  type Rope,
  type VlmSpec,
  type Weights,
} from './model.ts';

export interface TrainOptions {
  batch: number;
  /** Q: questions per picture; cuts need Q = 1. */
  perImage: number;
  cuts?: readonly Cut[];
  /** After a cut: numbered from 0 again (the official code; the default), or every token keeps its own. */
  positions?: 'renumber' | 'original';
  /** Adds the pointer loss (`pointerLosses`), weighted by the input `pointing`. */
  pointers?: boolean;
  weightDecay?: number;
}

const iota = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

/** A sequence on its way: its tokens, how many of them are the image's, and the rotation at their positions. */
interface Stream {
  x: Tensor;
  image: number;
  rope: Rope;
}
/** What one cut saw: scores of the image tokens alive before it [B, n], and who stays, ascending, as whole numbers [B, keep]. */
export interface Rank {
  layer: number;
  scores: Tensor;
  kept: Tensor;
}

/** Positions of the `keep` best-ranked image tokens, ascending, as whole float32 numbers [B, keep]. */
function keepIndices(score: Tensor, keep: number): Tensor {
  const [B, n] = score.shape;
  const g = score.graph;
  const places = g.constant(
    Float32Array.from({ length: B * n }, (_, i) => i % n),
    [B, n],
  );
  return topK(gatherElements(places, topK(score, keep).indices, 1), keep, -1, false).values;
}

/** The cut before layer `l`: kept image tokens in spatial order, then the text. */
function drop(
  w: Weights,
  { layer, keep }: Cut,
  { x, image, rope }: Stream,
  spec: VlmSpec,
  positions: TrainOptions['positions'],
): Stream & { rank: Rank } {
  const [B, T] = x.shape;
  const g = x.graph;
  const score = slice(lastTokenAttention(w, `decoder${layer}`, detach(x), spec, rope), 1, 0, image);
  const kept = keepIndices(score, keep);
  // a 0/1 matrix picks the rows: its gradient is a product too, which needs no scatter
  const pick = indicator(
    equal(
      reshape(kept, [B, keep, 1]),
      g.constant(
        Float32Array.from({ length: image }, (_, i) => i),
        [1, 1, image],
      ),
    ),
  );
  const picked = (rows: Tensor) => {
    // of [T, D] or [B, T, D]
    const axis = rows.shape.length - 2;
    const text = slice(rows, axis, image, T);
    return concat([matMul(pick, slice(rows, axis, 0, image)), expand(text, [B, T - image, spec.width])], 1);
  };
  const moved =
    positions === 'original'
      ? { ...rope, cos: picked(rope.cos), sin: picked(rope.sin) }
      : ropeAt(w, spec, iota(keep + T - image));
  return { x: picked(x), image: keep, rope: moved, rank: { layer, scores: score, kept } };
}

/** All decoder layers with the cuts in between; only the answers' rows leave the last layer. @returns [B, Q, D], what each cut saw, and the answers' rows after every layer */
function decode(
  w: Weights,
  start: Stream,
  mask: Float32Array,
  { perImage, cuts = [], positions }: TrainOptions,
  spec: VlmSpec,
): { h: Tensor; ranks: Rank[]; readout: (layer: number) => Tensor } {
  const g = start.x.graph;
  const ranks: Rank[] = [];
  const streams: Tensor[] = [];
  let s = start;
  let m = g.constant(mask, [s.x.shape[1], s.x.shape[1]]);
  for (let l = 0; l < spec.layers; l++) {
    const cut = cuts.find((c) => c.layer === l && c.keep < s.image);
    if (cut) {
      const { rank, ...shorter } = drop(w, cut, s, spec, positions);
      const length = shorter.x.shape[1];
      s = shorter;
      ranks.push(rank);
      m = g.constant(causalMask(length), [length, length]);
    }
    const rows = l === spec.layers - 1 ? answerRows(s.x, perImage) : undefined;
    s = { ...s, x: block(w, `decoder${l}`, s.x, spec, { rope: s.rope, mask: m, rows }) };
    streams.push(s.x);
  }
  const readout = (layer: number) => {
    const x = streams[layer];
    const { start, end, step } = answerRows(x, perImage);
    return slice(x, 1, start, end, step);
  };
  return { h: s.x, ranks, readout };
}
/** Rows of the question marks in a packed sequence [B, T, D]. */
function answerRows({ shape: [, T] }: Tensor, perImage: number) {
  return { start: T - (perImage - 1) * QUESTION_LENGTH - 1, end: T, step: QUESTION_LENGTH };
}

/** Inputs of the training graphs, besides the optimiser's. */
function inputs(g: Graph, { batch: B, perImage: Q }: TrainOptions, spec: VlmSpec) {
  const [N, P] = patchShape(spec);
  return {
    patches: g.input('patches', [B, N, P]),
    questions: g.input('questions', [B, Q * QUESTION_LENGTH], 'int32'),
    answers: g.input('answers', [B * Q], 'int32'),
    types: g.input('types', [B * Q], 'int32'),
    patchColours: g.input('patchColours', [B, N], 'int32'),
    patchShapes: g.input('patchShapes', [B, N], 'int32'),
    auxiliary: g.input('auxiliary', []),
  };
}
export type TrainInputs = Record<keyof ReturnType<typeof inputs>, Tensor>;

/** Mean cross-entropy of the patches' colour and shape. */
function patchLoss(w: Weights, features: Tensor, { patchColours, patchShapes }: TrainInputs): Tensor {
  const { colour, shape } = patchLogits(w, features);
  return add(
    reduceMean(crossEntropy(colour, oneHot(patchColours, COLOURS.length + 1)), 'all'),
    reduceMean(crossEntropy(shape, oneHot(patchShapes, SHAPES.length + 1)), 'all'),
  );
}

/** The layers after which a question mark should know where the object is that a relation starts from, and the one that is asked for. */
const pointerLayers = ({ layers }: VlmSpec) => ({ reference: Math.floor((3 * layers) / 8), target: layers - 2 });
/** Mean cross-entropies, over the questions that have such an object, of guessing its patch from the question mark's state: dense supervision of the two hops. */
function pointerLosses(
  w: Weights,
  readout: (layer: number) => Tensor,
  { batch: B, perImage: Q }: TrainOptions,
  spec: VlmSpec,
): Record<'reference' | 'target', Tensor> {
  const [N] = patchShape(spec);
  const g = w.graph;
  const at = pointerLayers(spec);
  const part = (name: 'reference' | 'target') => {
    const place = g.input(name, [B * Q], 'int32');
    const counts = sub(1, indicator(equal(place, g.constant(Int32Array.of(N), [1]))));
    const each = crossEntropyPerSample(
      reshape(readPatch(w, name, readout(at[name]), spec), [B * Q, N]),
      oneHot(place, N),
    );
    return div(reduceSum(mul(each, counts), 'all'), add(reduceSum(counts, 'all'), 1e-6));
  };
  return { reference: part('reference'), target: part('target') };
}

/** loss = CE(answers) + auxiliary * CE(patches) [+ pointing * CE(pointers)]. Metrics: both parts, and how many of each question type were right. Also the answers' logits [B * Q, V] and the cuts' ranks. */
export function losses(w: Weights, options: TrainOptions, spec: VlmSpec) {
  const { batch: B, perImage: Q } = options;
  const given = inputs(w.graph, options, spec);
  const N = given.patches.shape[1];
  const features = encodeImage(w, given.patches, spec);
  const x = sequence(project(w, features, spec), embedWords(w, given.questions, spec));
  const { h, ranks, readout } = decode(
    w,
    { x, image: N, rope: ropeAt(w, spec, packedPositions(N, Q)) },
    packedMask(N, Q),
    options,
    spec,
  );
  const logits = reshape(readWord(w, h, spec), [B * Q, WORDS.length]);
  const targets = oneHot(given.answers, WORDS.length);
  const answer = crossEntropy(logits, targets);
  const patch = patchLoss(w, features, given);
  const right = indicator(greaterOrEqual(reduceSum(mul(logits, targets), -1), reduceMax(logits, -1)));
  const perType = reduceSum(mul(oneHot(given.types, QUESTION_TYPES.length), reshape(right, [B * Q, 1])), 0);
  const metrics: Record<string, Tensor> = { answer, patch };
  QUESTION_TYPES.forEach((type, t) => {
    metrics[`right:${type}`] = slice(perType, 0, t, t + 1);
  });
  let loss = add(answer, mul(patch, given.auxiliary));
  if (options.pointers) {
    const { reference, target } = pointerLosses(w, readout, options, spec);
    Object.assign(metrics, { reference, target });
    loss = add(loss, mul(add(reference, target), w.graph.input('pointing', [])));
  }
  return { loss, metrics, logits, ranks };
}

export interface VlmTrainProgram {
  program: TrainProgram;
  params: Params;
}

/** One AdamW step. Feeds: `feedsOf(batch)`, `auxiliary`, and the optimiser's rates. */
export function trainGraph(spec: VlmSpec, options: TrainOptions): VlmTrainProgram {
  const params = new Params(new Graph());
  const { loss, metrics } = losses(params, options, spec);
  const decayMask = params.spread((s) => Number(s.name.endsWith('.w')));
  const optimiser = adam({ beta1: 0.9, beta2: 0.98, weightDecay: options.weightDecay ?? 0.02, decayMask });
  return { params, program: trainProgram({ params, loss, metrics, optimiser, clipNorm: 1 }) };
}

/** A batch as feeds of the training graph. */
export const feedsOf = (b: PackedBatch) => ({
  patches: b.patches,
  questions: b.questions,
  answers: b.answers,
  types: Int32Array.from(b.types),
  patchColours: b.patchColours,
  patchShapes: b.patchShapes,
});
/** The further feeds of a graph with `pointers`, besides `pointing`. */
export const pointersOf = ({ reference, target }: PackedBatch) => ({ reference, target });
