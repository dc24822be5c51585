// The network whose weights are pruned, and the graphs that train and measure G seeds of A arms in one go.
// Member g * A + a of the stack is arm a of seed g; the arms of a seed read the same batch.
import { reshape } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { accuracy } from '../../losses/accuracy.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { glorotNormal, type Initialiser } from '../../nn/initialisers.ts';
import { mlp } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import type { Prng } from '../../util/prng.ts';
import { CLASSES, SIDE } from './shape.ts';
import { Batches, inferenceProgram, trainProgram, type Residency } from '../../optim/program.ts';

export interface Widths {
  inputs: number;
  hidden: readonly number[];
  classes: number;
}
/** 196-128-48-10: 31,712 weights and 186 biases. */
export const LAB_WIDTHS: Widths = { inputs: SIDE * SIDE, hidden: [128, 48], classes: CLASSES };

/** Glorot normal, as the paper's LeNet; the deviation follows from the layer's own shape. */
const glorot: Initialiser = (random, shape) => glorotNormal(shape[0], shape[1])(random, shape);

export interface StackSize {
  seeds: number;
  arms: number;
}
export interface GraphOptions extends StackSize {
  batch: number;
  rows: number;
  residency: Residency;
  widths?: Widths;
}

/** Logits [G, A, B, C] and one-hot targets [G, 1, B, C] of the rows that `pick` [G * B] names. */
function network(
  p: Params,
  batches: Batches,
  source: string,
  { seeds: G, arms: A, batch: B, rows, widths = LAB_WIDTHS }: GraphOptions,
): { logits: Tensor; targets: Tensor } {
  const { inputs, hidden, classes } = widths;
  const x = batches.rows(source, rows, [inputs], 'pick', [G * B]);
  const labels = batches.rows(`${source}-labels`, rows, [], 'pick', [G * B], 'int32');
  const logits = mlp(p, 'fc', reshape(x, [G, B, inputs]), hidden, classes, { init: glorot, shared: true }); // [G * A, B, C]
  return { logits: reshape(logits, [G, A, B, classes]), targets: reshape(oneHot(labels, classes), [G, 1, B, classes]) };
}

/** Draws the first weights of one model, [P]. */
export function initial(widths: Widths = LAB_WIDTHS): (random: Prng) => Float32Array {
  const g = new Graph();
  const p = new Params(g);
  mlp(p, 'fc', g.input('x', [1, widths.inputs]), widths.hidden, widths.classes, { init: glorot });
  return (random) => p.init(random);
}

/** One Adam step of the whole stack. Feeds: `pick`, `mask` [S, P], rates. Sources: `train`, `train-labels`. */
export function trainStep(options: GraphOptions) {
  const g = new Graph();
  const S = options.seeds * options.arms;
  const p = new Params(g, S, { masked: true });
  const batches = new Batches(g, options.residency);
  const { logits, targets } = network(p, batches, 'train', options);
  const program = trainProgram({
    params: p,
    loss: reshape(crossEntropy(logits, targets), [S]),
    optimiser: adam(),
    batches,
  });
  return { program, params: p };
}

/** Mean loss [S] and accuracy [S] of `models` on the rows `pick` [B]. Feeds: `theta` [S, P], masked by the host. Sources: `rows`, `rows-labels`. */
export function measureStep({ models: S, ...options }: Omit<GraphOptions, keyof StackSize> & { models: number }) {
  const g = new Graph();
  const p = new Params(g, S);
  const batches = new Batches(g, options.residency);
  const { logits, targets } = network(p, batches, 'rows', { ...options, seeds: 1, arms: S });
  return inferenceProgram({
    params: p,
    outputs: { loss: reshape(crossEntropy(logits, targets), [S]), accuracy: reshape(accuracy(logits, targets), [S]) },
    batches,
  });
}
