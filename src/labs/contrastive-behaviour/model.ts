// The encoder, the eight losses, and the graphs that train and embed. Symbols follow the paper: s_ij = f(x_i) . g(x_j), tau, alpha.
import {
  add,
  concat,
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
import { Graph, type Tensor } from '../../graph/graph.ts';
import { augment, VIEW_NUMBERS } from '../../data/augment.ts';
import { blockDiagonal, offDiagonal } from '../../losses/similarity.ts';
import { BLOCKED } from '../../nn/attention.ts';
import { batchNorm, conv2d, globalAveragePool, linear, normalise } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { adam } from '../../optim/adam.ts';
import { Batches, inferenceProgram, trainProgram, type Residency } from '../../optim/program.ts';
import type { PictureShape } from './sets.ts';

/** How an arm treats its negatives. */
export type Kind = 'contrastive' | 'hard-contrastive' | 'simple' | 'hard-simple';
export interface ArmSpec {
  id: string;
  label: string;
  kind: Kind;
  tau: number;
}
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

interface LossParts {
  loss: Tensor;
  entropy: Tensor;
  positive: Tensor;
}

/**
 * Losses of arms that share a kind. a, b: two views' embeddings [k, B, Z]; row i of b is the positive of row i of a.
 * @returns per arm [k]: loss, entropy of r_i as a share of log(B - 1), mean positive cosine
 */
function lossOf(kind: Kind, taus: readonly number[], alpha: number, a: Tensor, b: Tensor): LossParts {
  const g = a.graph;
  const [k, B] = a.shape;
  const n = B - 1;
  const inverse = g.constant(
    Float32Array.from(taus, (t) => 1 / t),
    [k, 1, 1],
  );
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
  const logits = mul(s, inverse);
  const negatives = selected ? add(add(logits, block), mul(sub(1, selected), BLOCKED)) : add(logits, block);
  const lseNegatives = reduceLogSumExp(negatives, -1, true);
  const logPositive = mul(reshape(positive, [k, B, 1]), inverse);
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

export interface TrainOptions {
  arms: readonly ArmSpec[];
  encoder: Encoder;
  shape: PictureShape;
  batch: number;
  rows: number;
  alpha: number;
  residency: Residency;
}

/** One Adam step of all `arms`, stacked in one graph: same images and views, one loss each. Feeds: `pick` [2B] (first views, then second), `views` [2B, 8], rates. */
export function trainStep({ arms, encoder, shape, batch: B, rows, alpha, residency }: TrainOptions) {
  const g = new Graph();
  const p = new Params(g, arms.length);
  const batches = new Batches(g, residency);
  const { side, channels } = shape;
  const images = batches.rows('train', rows, [channels, side, side], 'pick', [2 * B]);
  const { z } = encode(p, viewsOf(images, g.input('views', [2 * B, VIEW_NUMBERS]), shape), encoder, false);
  const a = slice(z, 1, 0, B);
  const b = slice(z, 1, B, 2 * B);
  const groups = groupByKind(arms).map(({ kind, from, to, taus }) =>
    lossOf(kind, taus, alpha, slice(a, 0, from, to), slice(b, 0, from, to)),
  );
  const join = (part: keyof LossParts) =>
    concat(
      groups.map((l) => l[part]),
      0,
    );
  const program = trainProgram({
    params: p,
    loss: join('loss'),
    optimiser: adam(),
    batches,
    metrics: { entropy: join('entropy'), positive: join('positive') },
  });
  return { program, params: p };
}

/** Runs of neighbouring arms of one kind. */
export function groupByKind(arms: readonly ArmSpec[]): { kind: Kind; from: number; to: number; taus: number[] }[] {
  const groups: { kind: Kind; from: number; to: number; taus: number[] }[] = [];
  arms.forEach(({ kind, tau }, i) => {
    const last = groups[groups.length - 1];
    if (last?.kind === kind) {
      last.to = i + 1;
      last.taus.push(tau);
    } else groups.push({ kind, from: i, to: i + 1, taus: [tau] });
  });
  return groups;
}

export interface EmbedOptions {
  stack: number;
  encoder: Encoder;
  shape: PictureShape;
  batch: number;
  rows: number;
  residency: Residency;
}

/** Embeds views of `batch` rows with all stacked models. Feeds: theta, buffers, `pick` [B], `views` [B, 8]. Outputs h [S, B, H], z [S, B, Z]. */
export function embedStep({ stack, encoder, shape, batch: B, rows, residency }: EmbedOptions) {
  const g = new Graph();
  const p = new Params(g, stack);
  const batches = new Batches(g, residency);
  const { side, channels } = shape;
  const x = viewsOf(
    batches.rows('images', rows, [channels, side, side], 'pick', [B]),
    g.input('views', [B, VIEW_NUMBERS]),
    shape,
  );
  return inferenceProgram({ params: p, outputs: encode(p, x, encoder, true), batches });
}
