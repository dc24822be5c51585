// The network whose weights are pruned, and the graphs that train and measure G seeds of A arms in one go.
// Member g * A + a of the stack is arm a of seed g; the arms of a seed read the same batch.
import { reshape } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { glorotNormal } from '../../nn/initialisers.ts';
import { mlp } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import { Batches, inferenceProgram, trainProgram, type Residency } from '../../optim/program.ts';
import type { TrainStep } from '../_kit/train/trainer.ts';
import { CLASSES, SIDE } from './shape.ts';

export interface Widths {
  inputs: number;
  hidden: readonly number[];
  classes: number;
}
/** 196-128-48-10: 31,712 weights and 186 biases. */
export const LAB_WIDTHS: Widths = { inputs: SIDE * SIDE, hidden: [128, 48], classes: CLASSES };

/** x [B, in], read by all models, or [G, B, in], each group read by its own; Glorot normal as the paper's LeNet. @returns logits [S, B, C] */
export const network = (p: Params, x: Tensor, { hidden, classes }: Widths): Tensor =>
  mlp(p, 'fc', x, hidden, classes, {
    init: (random, shape) => glorotNormal(shape[0], shape[1])(random, shape),
    shared: true,
  });

interface StepOptions {
  seeds: number;
  arms: number;
  batch: number;
  rows: number;
  residency: Residency;
  widths: Widths;
}

/** One Adam step of the whole stack. Feeds: `pick` [G * B], rates. Sources: `images`, `labels`, `mask` [S, P]. */
export function trainStep(options: StepOptions): TrainStep {
  const { seeds: G, arms: A, batch: B, rows, residency, widths } = options;
  const { inputs, classes } = widths;
  const graph = new Graph();
  const params = new Params(graph, G * A, { masked: true });
  const batches = new Batches(graph, residency);
  const x = batches.rows('images', rows, [inputs], 'pick', [G * B]);
  const labels = batches.rows('labels', rows, [], 'pick', [G * B], 'int32');
  const logits = network(params, reshape(x, [G, B, inputs]), widths); // [G * A, B, C]
  const targets = reshape(oneHot(labels, classes), [G, 1, B, classes]);
  const loss = crossEntropy(reshape(logits, [G, A, B, classes]), targets); // [G, A]
  return { params, program: trainProgram({ params, loss: reshape(loss, [G * A]), optimiser: adam(), batches }) };
}

/** Mean loss [S] of `models` on a whole set. Feed: `theta` [S, P], masked by the host. Sources: `images`, `labels`. */
export function lossProgram(models: number, rows: number, widths: Widths) {
  const graph = new Graph();
  const params = new Params(graph, models);
  const logits = network(params, graph.input('images', [rows, widths.inputs]), widths);
  const targets = oneHot(graph.input('labels', [rows], 'int32'), widths.classes);
  return inferenceProgram({ params, outputs: { loss: crossEntropy(logits, targets) } });
}
