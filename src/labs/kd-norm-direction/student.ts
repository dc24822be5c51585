// The student, the losses of its arms, and the step that trains it. Symbols follow the paper: s, t, e (a class direction).
import { add, matMul, mul, reshape } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { decoupledDistillation } from '../../losses/decoupled-distillation.ts';
import { directionLoss, directNorm, normLoss, rowNorm } from '../../losses/direct-norm.ts';
import { distillation } from '../../losses/distillation.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { fanIn } from '../../nn/initialisers.ts';
import { batchNormVectors, dropout, linear } from '../../nn/layers.ts';
import type { Params } from '../../nn/params.ts';
import { foldedTeacher, type TeacherWeights } from '../../nn/zoo/fashion-teacher.ts';
import { stridedCnn } from '../../nn/zoo/strided-cnn.ts';
import { sgd } from '../../optim/sgd.ts';
import type { Objective } from '../_kit/train/arms-plan.ts';
import type { ArmsGraph, ModelGraph } from '../_kit/train/model-graph.ts';
import { CLASSES, FEATURE, SIDE } from './network.ts';

/** Terms beside cross-entropy. An arm has a weight for each of its own. */
export const TERMS = ['kd', 'dkdTarget', 'dkdOthers', 'nd', 'cosine', 'norm'] as const;
export type Term = (typeof TERMS)[number];
/** `main`: the adapter feeds the classifier. `side`: the paper's code, where it serves the ND term only (batch norm, dropout, linear). */
export interface Student {
  channels: readonly number[];
  adapter: 'main' | 'side';
}

const BASE_CHANNELS = [6, 12, 24];
const DROP = 0.5;
export const MOMENTUM = 0.9;
export const DECAY = 5e-4;
/** Largest gradient norm: heavy distillation weights would throw a student off in its first steps. */
const CLIP = 5;
const lastOf = (channels: readonly number[]): number => channels[channels.length - 1];
export const studentChannels = (width: number): number[] =>
  BASE_CHANNELS.map((c) => Math.max(1, Math.round(c * width)));

/** x [B, 1, 28, 28]. @returns s: features [S, B, 64], compared with the teacher's; logits [S, B, 10] */
export function student(
  p: Params,
  x: Tensor,
  { channels, adapter }: Student,
  frozen: boolean,
  keep?: Tensor,
): { features: Tensor; logits: Tensor } {
  const h = stridedCnn(p, x, { channels, frozen });
  const width = lastOf(channels);
  const adapt = (t: Tensor) => linear(p, 'adapter', t, FEATURE, { init: fanIn(width, 1) });
  const classify = (t: Tensor) => linear(p, 'classifier', t, CLASSES, { init: fanIn(t.shape[t.shape.length - 1], 1) });
  if (adapter === 'main') {
    const features = adapt(h);
    return { features, logits: classify(features) };
  }
  const normed = batchNormVectors(p, 'adapterNorm', h, { frozen });
  return { features: adapt(keep ? dropout(normed, keep, DROP) : normed), logits: classify(h) };
}
/** The images that `pick` names. @returns [B, 1, 28, 28] */
export const imagesOf = (graph: ModelGraph): Tensor => reshape(graph.rows('images', [SIDE, SIDE]), [-1, 1, SIDE, SIDE]);

export interface StepOptions {
  student: Student;
  temperature: number;
  /** Runs the teacher inside every step instead of reading its stored answers: for measuring what that costs. */
  teacher?: TeacherWeights;
}

/**
 * One SGD step of all arms of `graph`; the kind of an arm is the list of its terms. Sources: `images`, `labels`, `teacherLogits`,
 * `teacherNorm`, and the unit class directions `directions` [10, 64]. Feeds: `ramp` (weight of the distillation terms), `keep` (dropout
 * of the side branch); which of them a step wants depends on its arms.
 */
export function studentStep(
  graph: ArmsGraph<readonly Term[]>,
  { student: spec, temperature, teacher }: StepOptions,
): Objective {
  const x = imagesOf(graph);
  const y = oneHot(graph.rows('labels', []), CLASSES);
  const t = teacher ? foldedTeacher(x, teacher) : null;
  const teacherLogits = t?.logits ?? graph.rows('teacherLogits', [CLASSES]);
  const teacherNorm = t ? rowNorm(t.features) : graph.rows('teacherNorm', []);
  const direction = matMul(y, graph.whole('directions', [CLASSES, FEATURE]));
  const keep = spec.adapter === 'side' ? graph.feed('keep', [graph.batch, lastOf(spec.channels)]) : undefined;
  const { features: s, logits } = student(graph.params, x, spec, false, keep);
  const ramp = graph.feed('ramp', []);
  const ce = crossEntropy(logits, y);
  const dkd = decoupledDistillation(logits, teacherLogits, y, temperature);
  const terms: Record<Term, Tensor> = {
    kd: mul(distillation(logits, teacherLogits, temperature), ramp),
    dkdTarget: mul(dkd.target, ramp),
    dkdOthers: mul(dkd.others, ramp),
    nd: directNorm(s, direction, teacherNorm),
    cosine: directionLoss(s, direction),
    norm: normLoss(s, teacherNorm),
  };
  // a term that no arm has stays out of the graph
  const used = TERMS.filter((term) => graph.kinds.some((kind) => kind.includes(term)));
  return {
    loss: used.reduce((sum, term) => add(sum, mul(terms[term], graph.number(term))), ce),
    optimiser: sgd({ momentum: MOMENTUM, nesterov: true, weightDecay: DECAY }),
    clipNorm: CLIP,
    metrics: { ce },
  };
}
