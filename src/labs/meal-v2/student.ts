// The student, the discriminator, and the step that trains both. Symbols follow the paper: f student logits, q the teachers' mean answer.
import {
  add,
  concat,
  detach,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  softplus,
  square,
  sub,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { fanIn } from '../../nn/initialisers.ts';
import { linear, mlp } from '../../nn/layers.ts';
import { scaleGradient } from '../../nn/scale-gradient.ts';
import { stridedCnn } from '../../nn/zoo/strided-cnn.ts';
import { sgd } from '../../optim/sgd.ts';
import type { Objective } from '../_kit/train/arms-plan.ts';
import type { ArmsGraph, ModelGraph } from '../_kit/train/model-graph.ts';

export const CLASSES = 10;
export const SIDE = 28;
/** Widths of the discriminator: C/8 and C/64 of the paper would be 1 and 0 units at ten classes. */
const JUDGE = [8, 8];
const MOMENTUM = 0.9;

/** By what arms differ. Shares and weights of the second half hold from its first step on. */
export interface ArmNumbers {
  /** Share of the true labels in the targets, in the first half and in the second. */
  before: number;
  after: number;
  /** 0: the first half is slept through, so that the second begins at random weights. */
  awake: number;
  /** Label smoothing in the second half. */
  smooth: number;
  /** Weight decay in the second half. */
  decay: number;
  /** What of the discriminator's gradient reaches the student: 1 the released code, -1 the adversarial reading. */
  side: number;
}
/** Weight decay of the first half: that of an ordinary pre-training. */
const USUAL_DECAY = 5e-4;

/** The network whose answers are measured; `frozen` with the running statistics of batch norm. @returns logits [S, B, 10] */
export function student(graph: ModelGraph, channels: readonly number[], frozen: boolean): Tensor {
  const x = reshape(graph.rows('images', [SIDE, SIDE]), [-1, 1, SIDE, SIDE]);
  const features = stridedCnn(graph.params, x, { channels, frozen });
  const logits = linear(graph.params, 'classifier', features, CLASSES, {
    init: fanIn(channels[channels.length - 1], 1),
  });
  return logits;
}

/** Student or teachers? Three dense layers with ReLU after each, the last too, as in the code. logits [S, B, 10] -> [S, B, 2] */
export const judge = (graph: ModelGraph, logits: Tensor): Tensor => relu(mlp(graph.params, 'judge', logits, JUDGE, 2));

/**
 * Sources: `images`, `labels`, `soft` (q), `meanLogits`. Feed `late`: 0 in the first half, 1 in the second.
 * Arms of the model `judge` have a discriminator.
 */
export function studentStep(graph: ArmsGraph, channels: readonly number[]): Objective {
  const S = graph.stack;
  const late = graph.feed('late', []);
  /** a in the first half, b in the second: [S] */
  const turned = (a: Tensor | number, b: Tensor | number) => add(mul(sub(b, a), late), a);
  const each = (t: Tensor) => reshape(t, [S, 1, 1]);

  const f = student(graph, channels, false);
  const weights = graph.params.tensors;
  const q = graph.rows('soft', [CLASSES]); // [B, 10]
  const smooth = each(mul(graph.number('smooth'), late));
  const y = oneHot(graph.rows('labels', []), CLASSES);
  const label = add(y, mul(smooth, sub(1 / CLASSES, y))); // [S, B, 10]
  const share = each(turned(graph.number('before'), graph.number('after')));
  const imitation = crossEntropy(f, add(q, mul(share, sub(label, q)))); // [S]

  const length = weights.map((w) => reduceSum(reshape(square(w), [S, -1]), -1)).reduce((a, b) => add(a, b));
  const decay = mul(turned(USUAL_DECAY, graph.number('decay')), mul(length, 0.5));
  const awake = turned(graph.number('awake'), 1);
  const loss = mul(add(imitation, decay), awake);
  const optimiser = sgd({ momentum: MOMENTUM });
  if (graph.model !== 'judge') return { loss, optimiser };
  const told = discrimination(graph, f, graph.rows('meanLogits', [CLASSES]));
  return { loss: add(loss, mul(told, late)), optimiser, metrics: { told } };
}

/** Binary cross-entropy of the discriminator with targets [1, 0] for the student's rows and [0, 1] for the teachers': ln 2 where it cannot tell. [S] */
function discrimination(graph: ArmsGraph, f: Tensor, teachers: Tensor): Tensor {
  const S = graph.stack;
  const side = reshape(graph.number('side'), [S, 1, 1]);
  const teachersOfEach = add(mul(detach(f), 0), teachers); // [S, B, 10]
  const told = judge(graph, concat([scaleGradient(f, side), teachersOfEach], 1)); // [S, 2B, 2]
  const B = graph.batch;
  const target = graph.graph.constant(
    Float32Array.from({ length: 4 * B }, (_, i) => Number(i < 2 * B === (i % 2 === 0))),
    [2 * B, 2],
  );
  return reduceMean(reshape(sub(softplus(told), mul(told, target)), [S, -1]), -1);
}
