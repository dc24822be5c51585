// The student, the losses of its arms, and the graphs that train and evaluate it. Symbols follow the paper: s, t, e (a class direction).
import { add, matMul, mul, reshape } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { accuracy } from '../../losses/accuracy.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { decoupledDistillation } from '../../losses/decoupled-distillation.ts';
import { directionLoss, directNorm, normLoss, rowNorm } from '../../losses/direct-norm.ts';
import { distillation } from '../../losses/distillation.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { fanIn } from '../../nn/initialisers.ts';
import { batchNormVectors, dropout, linear } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { Batches, inferenceProgram, trainProgram, type Residency } from '../../optim/program.ts';
import { sgd } from '../../optim/sgd.ts';
import { CLASSES, FEATURE, SIDE, trunk } from './network.ts';
import { foldedTeacher, type TeacherWeights } from './teacher.ts';

/** What multiplies each term beside cross-entropy; 0 leaves the term out. */
export interface Weights {
  kd: number;
  nd: number;
  cosine: number;
  norm: number;
  dkdTarget: number;
  dkdOthers: number;
}
export interface ArmSpec {
  id: string;
  label: string;
  weights: Weights;
}
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
export const studentChannels = (width: number): number[] =>
  BASE_CHANNELS.map((c) => Math.max(1, Math.round(c * width)));

/** @returns s: features [.., B, 64], compared with the teacher's; logits [.., B, 10] */
export function student(
  p: Params,
  x: Tensor,
  { channels, adapter }: Student,
  frozen: boolean,
  keep?: Tensor,
): { features: Tensor; logits: Tensor } {
  const h = trunk(p, x, channels, frozen);
  const width = channels[channels.length - 1];
  const adapt = (t: Tensor) => linear(p, 'adapter', t, FEATURE, { init: fanIn(width, 1) });
  const classify = (t: Tensor) => linear(p, 'classifier', t, CLASSES, { init: fanIn(t.shape[t.shape.length - 1], 1) });
  if (adapter === 'main') {
    const features = adapt(h);
    return { features, logits: classify(features) };
  }
  const normed = batchNormVectors(p, 'adapterNorm', h, { frozen });
  return { features: adapt(keep ? dropout(normed, keep, DROP) : normed), logits: classify(h) };
}
export interface TrainOptions {
  arms: readonly ArmSpec[];
  student: Student;
  batch: number;
  /** Training images. */
  rows: number;
  temperature: number;
  residency: Residency;
  /** Runs the teacher inside every step instead of reading its stored answers: for measuring what that costs. */
  teacher?: TeacherWeights;
}

/**
 * One SGD step of all `arms`, stacked in one graph where there are several. Sources: `images`, `labels`, `teacherLogits`, `teacherNorm`,
 * and the unit class directions `directions` [10, 64]. Feeds: `pick` [B], `ramp` (weight of the distillation terms), `keep`
 * (dropout of the side branch), rates; which of them a graph wants depends on its arms.
 */
export function trainStep({ arms, student: spec, batch: B, rows, temperature, residency, teacher }: TrainOptions) {
  const g = new Graph();
  const p = new Params(g, arms.length > 1 ? arms.length : null);
  const batches = new Batches(g, residency);
  const x = reshape(batches.rows('images', rows, [SIDE, SIDE], 'pick', [B]), [B, 1, SIDE, SIDE]);
  const y = oneHot(batches.rows('labels', rows, [], 'pick', [B], 'int32'), CLASSES);
  const t = teacher ? foldedTeacher(x, teacher) : null;
  const teacherLogits = t?.logits ?? batches.rows('teacherLogits', rows, [CLASSES], 'pick', [B]);
  const teacherNorm = t ? rowNorm(t.features) : batches.rows('teacherNorm', rows, [], 'pick', [B]);
  const direction = matMul(y, g.input('directions', [CLASSES, FEATURE]));
  const keep = spec.adapter === 'side' ? g.input('keep', [B, spec.channels[spec.channels.length - 1]]) : undefined;
  const { features: s, logits } = student(p, x, spec, false, keep);
  const ramp = g.input('ramp', []);
  const ce = crossEntropy(logits, y);
  const dkd = decoupledDistillation(logits, teacherLogits, y, temperature);
  const terms: [keyof Weights, Tensor][] = [
    ['kd', mul(distillation(logits, teacherLogits, temperature), ramp)],
    ['dkdTarget', mul(dkd.target, ramp)],
    ['dkdOthers', mul(dkd.others, ramp)],
    ['nd', directNorm(s, direction, teacherNorm)],
    ['cosine', directionLoss(s, direction)],
    ['norm', normLoss(s, teacherNorm)],
  ];
  const loss = terms.reduce(
    (sum, [name, term]) =>
      addWeighted(
        sum,
        term,
        arms.map((a) => a.weights[name]),
      ),
    ce,
  );
  const program = trainProgram({
    params: p,
    loss,
    optimiser: sgd({ momentum: MOMENTUM, nesterov: true, weightDecay: DECAY }),
    clipNorm: CLIP,
    batches,
    metrics: { ce, trainAccuracy: accuracy(logits, y) },
  });
  return { program, params: p };
}
/** sum + w term, w per stacked model; a term that no model uses stays out of the graph. */
function addWeighted(sum: Tensor, term: Tensor, weights: readonly number[]): Tensor {
  if (weights.every((w) => w === 0)) return sum;
  return add(sum, mul(term, weights.length > 1 ? sum.graph.constant(Float32Array.from(weights)) : weights[0]));
}

/** Features and logits of `batch` rows by all stacked models, with running statistics. Feeds: theta, buffers, `pick`. Outputs [S, B, ..]. */
export function embedStep({
  stack,
  student: spec,
  batch: B,
  rows,
  residency,
}: {
  stack: number;
  student: Student;
  batch: number;
  rows: number;
  residency: Residency;
}) {
  const g = new Graph();
  const p = new Params(g, stack > 1 ? stack : null);
  const batches = new Batches(g, residency);
  const x = reshape(batches.rows('images', rows, [SIDE, SIDE], 'pick', [B]), [B, 1, SIDE, SIDE]);
  return inferenceProgram({ params: p, outputs: student(p, x, spec, true), batches });
}
