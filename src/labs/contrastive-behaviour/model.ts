// The encoder, the four kinds of loss, the step that trains and the network that embeds. Symbols follow the paper: s_ij = f(x_i) . g(x_j), tau, alpha.
import {
  add,
  detach,
  exp,
  greaterOrEqual,
  indicator,
  matMul,
  mul,
  reduceLogSumExp,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  sub,
  swap,
  topK,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { augment, VIEW_NUMBERS } from '../../data/augment.ts';
import { blockDiagonal, offDiagonal } from '../../losses/similarity.ts';
import { BLOCKED } from '../../nn/attention.ts';
import { batchNorm, conv2d, globalAveragePool, linear, normalise } from '../../nn/layers.ts';
import type { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import type { Objective } from '../_kit/train/arms-plan.ts';
import type { ArmsGraph, ModelGraph } from '../_kit/train/model-graph.ts';
import type { PictureShape } from './sets.ts';

/** How an arm treats its negatives; its temperature is a number of the arm. */
export type Kind = 'contrastive' | 'hard-contrastive' | 'simple' | 'hard-simple';
/** Widths of the three convolutions and of the projection. */
export interface Encoder {
  channels: readonly number[];
  hidden: number;
  z: number;
}

export const LAB_ENCODER = { channels: [16, 32, 64], hidden: 128 };
/** The globe is a picture of its own, trained with z on a sphere in three dimensions. */
export const GLOBE_ENCODER: Encoder = { channels: [16, 32, 64], hidden: 64, z: 3 };

/** Number of negatives kept by the upper alpha quantile of `total`. */
export const kept = (alpha: number, total: number): number => Math.max(1, Math.round(alpha * total));

/**
 * Three stride-2 convolutions with batch normalisation, global pool (h), linear-ReLU-linear to unit z.
 * @param x [B, C, side, side] with standardised pixels, shared by all stacked models
 * @param frozen normalise by the running statistics of training instead of the batch's own
 * @returns h [.., B, H], z [.., B, Z]
 */
export function encode(
  p: Params,
  x: Tensor,
  { channels, hidden, z }: Encoder,
  frozen: boolean,
): { h: Tensor; z: Tensor } {
  const map = channels.reduce(
    (t, width, i) =>
      relu(
        batchNorm(p, `norm${i}`, conv2d(p, `conv${i}`, t, width, { stride: 2, shared: i === 0, bias: false }), {
          frozen,
        }),
      ),
    x,
  );
  const h = globalAveragePool(p, map);
  return { h, z: normalise(linear(p, 'project1', relu(linear(p, 'project0', h, hidden)), z)) };
}

/** Views of pictures [N, C, side, side], standardised. */
const viewsOf = (x: Tensor, views: Tensor, { mean, deviation }: PictureShape): Tensor =>
  mul(sub(augment(x, views), mean), 1 / deviation);

type LossParts = Record<'loss' | 'entropy' | 'positive', Tensor>;

/**
 * Losses of arms that share a kind. a, b: two views' embeddings [k, B, Z]; row i of b is the positive of row i of a.
 * @param inverse 1 / tau [k]; the simple losses have none
 * @returns per arm [k]: loss, entropy of r_i as a share of log(B - 1), mean positive cosine
 */
function lossOf(kind: Kind, inverse: () => Tensor, alpha: number, a: Tensor, b: Tensor): LossParts {
  const g = a.graph;
  const [k, B] = a.shape;
  const n = B - 1;
  const s = matMul(a, swap(b));
  const positive = reduceSum(mul(a, b), -1);
  const block = blockDiagonal(g, B);
  const hard = kind === 'hard-contrastive' || kind === 'hard-simple';
  const selected = hard ? hardest(add(s, block), kept(alpha, n)) : null;
  // r_i(s_ij): the Boltzmann weights of the negatives; equal weights for the simple losses
  if (kind === 'simple' || kind === 'hard-simple') {
    const count = hard ? kept(alpha, n) : n;
    const off = selected ?? offDiagonal(g, B);
    const loss = reduceMean(add(mul(positive, -1), mul(reduceSum(mul(s, off), -1), 1 / count)), -1);
    return {
      loss,
      entropy: g.constant(new Float32Array(k).fill(Math.log(count) / Math.log(n))),
      positive: reduceMean(positive, -1),
    };
  }
  const scale = reshape(inverse(), [k, 1, 1]);
  const logits = mul(s, scale);
  const negatives = selected ? add(add(logits, block), mul(sub(1, selected), BLOCKED)) : add(logits, block);
  const lseNegatives = reduceLogSumExp(negatives, -1, true);
  const logPositive = mul(reshape(positive, [k, B, 1]), scale);
  // -log P_ii = log(exp(s_ii / tau) + sum_k exp(s_ik / tau)) - s_ii / tau, as softplus of the difference
  const gap = sub(lseNegatives, logPositive);
  const loss = reduceMean(reshape(gap.graph.node('Softplus', [gap])[0], [k, B]), -1);
  const r = exp(sub(negatives, lseNegatives));
  const entropy = sub(reshape(lseNegatives, [k, B]), reduceSum(mul(r, logits), -1));
  return { loss, entropy: mul(reduceMean(entropy, -1), 1 / Math.log(n)), positive: reduceMean(positive, -1) };
}
/** 1 at the `count` largest entries of each row, by the count-th value; a threshold, so no gradient flows. */
function hardest(s: Tensor, count: number): Tensor {
  const fixed = detach(s);
  const { values } = topK(fixed, count, -1);
  return indicator(greaterOrEqual(fixed, slice(values, -1, count - 1, count)));
}

export interface NetworkOptions {
  encoder: Encoder;
  shape: PictureShape;
}

/** One Adam step of all arms of `graph`: same images and views, one loss each. Feeds: `pick` [2B] (first views, then second), `views` [2B, 8]. */
export function contrastiveStep(
  graph: ArmsGraph<Kind>,
  { encoder, shape, alpha }: NetworkOptions & { alpha: number },
): Objective {
  const { side, channels } = shape;
  const B = graph.batch;
  const images = graph.rows('train', [channels, side, side], { batch: [2 * B] });
  const views = graph.feed('views', [2 * B, VIEW_NUMBERS]);
  const { z } = encode(graph.params, viewsOf(images, views, shape), encoder, false);
  const a = slice(z, 1, 0, B);
  const b = slice(z, 1, B, 2 * B);
  const { loss, entropy, positive } = graph.each((kind, part) =>
    lossOf(kind, () => part(graph.number('inverseTau')), alpha, part(a), part(b)),
  );
  return { loss, optimiser: adam(), metrics: { entropy, positive } };
}

/** Embeds views of pictures. Feed: `views` [B, 8]. @returns h [S, B, H], z [S, B, Z] */
export function embed(graph: ModelGraph, { encoder, shape }: NetworkOptions): { h: Tensor; z: Tensor } {
  const { side, channels } = shape;
  const images = graph.rows('images', [channels, side, side]);
  return encode(graph.params, viewsOf(images, graph.feed('views', [graph.batch, VIEW_NUMBERS]), shape), encoder, true);
}
