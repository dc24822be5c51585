// Part B: small networks that learn "is it footwear?" from bag means. One graph trains all weights rho of all seeds;
// member g * A + a of the stack is weight a of seed g.
import { add, expand, mul, reshape, sigmoid, sub } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { aggregateLosses, logisticError, squaredError } from '../../losses/aggregate.ts';
import { mlp } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import { Batches, trainProgram, type Residency } from '../../optim/program.ts';
import type { ModelGraph } from '../_kit/train/model-graph.ts';

/** Pixels a side. */
export const SIDE = 14;
export interface NetworkOptions {
  inputs?: number;
  hidden?: number;
  logistic: boolean;
}
export interface TrainOptions extends NetworkOptions {
  seeds: number;
  /** Weight of the instance loss, and whether the member sees each individual's own label (then the weight is 1). */
  members: readonly { rho: number; own: boolean }[];
  /** Bags per batch, their size, images in all. */
  bags: number;
  k: number;
  rows: number;
  residency: Residency;
}

/** Predictions [S, n]: probabilities under the logistic loss, plain numbers under the squared one. x: [G, n, inputs] */
function predict(p: Params, x: Tensor, { hidden = 32, logistic }: NetworkOptions): Tensor {
  const out = mlp(p, 'net', x, [hidden], 1, { shared: true });
  const f = reshape(out, out.shape.slice(0, -1));
  return logistic ? sigmoid(f) : f;
}

/** One Adam step. Feeds: `pick` [G * bags * k] row numbers, `means` [G, 1, bags], rates. Sources: `train`, `labels` (0 or 1). */
export function trainStep(options: TrainOptions) {
  const { inputs = SIDE * SIDE, seeds: G, members, bags: M, k, rows, residency, logistic } = options;
  const A = members.length;
  const n = M * k;
  const S = G * A;
  const g = new Graph();
  const p = new Params(g, S);
  const batches = new Batches(g, residency);
  const x = batches.rows('train', rows, [inputs], 'pick', [G * n]);
  const y = reshape(batches.rows('labels', rows, [], 'pick', [G * n]), [G, 1, n]);
  const f = reshape(predict(p, reshape(x, [G, n, inputs]), options), [G, A, n]);
  const means = g.input('means', [G, 1, M]);
  const row = (values: number[]) => g.constant(Float32Array.from(values), [1, A]);
  const spread = reshape(expand(reshape(means, [G, 1, M, 1]), [G, 1, M, k]), [G, 1, n]);
  const own = reshape(row(members.map((m) => Number(m.own))), [1, A, 1]);
  const losses = aggregateLosses(
    f,
    means,
    k,
    logistic ? logisticError : squaredError,
    add(spread, mul(own, sub(y, spread))),
  ); // [G, A]
  const rho = row(members.map((m) => (m.own ? 1 : m.rho)));
  const loss = add(mul(losses.bag, sub(1, rho)), mul(losses.instance, rho));
  const flat = (t: Tensor) => reshape(t, [S]);
  const program = trainProgram({
    params: p,
    loss: flat(loss),
    optimiser: adam(),
    batches,
    metrics: { bag: flat(losses.bag), instance: flat(losses.instance), within: flat(losses.within) },
  });
  return { program, params: p };
}

/** Predictions [S, B, 1] for the images that the graph's rows name. */
export function predictImages(graph: ModelGraph, network: NetworkOptions): Tensor {
  const { inputs = SIDE * SIDE } = network;
  const f = predict(graph.params, reshape(graph.rows('images', [inputs]), [1, graph.batch, inputs]), network);
  return reshape(f, [graph.stack, graph.batch, 1]);
}
