// Layers. Each takes its parameters from `p` and works for one model or for S stacked ones:
// vectors are [B, D] or stacked [S, B, D]; feature maps are [B, C, H, W] or stacked [B, S*C, H, W] (a model's channels are a block).
import {
  add,
  conv,
  div,
  erf,
  gather,
  gemm,
  layerNormalization,
  matMul,
  max,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
  transpose,
} from '../graph/builder.ts';
import { transposedConv } from '../graph/maps.ts';
import type { Tensor } from '../graph/graph.ts';
import { invariant } from '../util/invariant.ts';
import { showShape, size } from '../util/shape.ts';
import { fanIn, ones, zeros, type Initialiser } from './initialisers.ts';
import type { Weights } from './weights.ts';

export interface LinearOptions {
  bias?: boolean;
  init?: Initialiser;
  /** Stacked models only: x is [B, in], read by all, or [G, B, in], each group read by S / G neighbouring models. */
  shared?: boolean;
}

/** x W + b. x: [.., in] (stacked [S, .., in]) -> [.., out]. */
export function linear(
  p: Weights,
  name: string,
  x: Tensor,
  out: number,
  { bias = true, init, shared = false }: LinearOptions = {},
): Tensor {
  const inputs = x.shape[x.shape.length - 1];
  const w = p.get(`${name}.w`, [inputs, out], init ?? fanIn(inputs));
  const b = bias ? p.get(`${name}.b`, [out], zeros) : undefined;
  const shape = x.shape.with(-1, out);
  if (p.stack === null) return reshape(gemm(reshape(x, [-1, inputs]), w, { bias: b }), shape);
  const y = shared ? sharedProduct(p.stack, x, w) : matMul(reshape(x, [p.stack, -1, inputs]), w);
  return reshape(b ? add(y, reshape(b, [p.stack, 1, out])) : y, shared ? y.shape : shape);
}
/** x: [B, in] or [G, B, in]; w: [S, in, out] -> [S, B, out] */
function sharedProduct(S: number, x: Tensor, w: Tensor): Tensor {
  const [, inputs, out] = w.shape;
  const B = x.shape[x.shape.length - 2];
  const G = x.shape.length === 3 ? x.shape[0] : 1;
  return reshape(matMul(reshape(x, [G, 1, B, inputs]), reshape(w, [G, S / G, inputs, out])), [S, B, out]);
}

export interface Conv2dOptions {
  kernel?: number;
  stride?: number;
  pad?: number;
  dilation?: number;
  groups?: number;
  bias?: boolean;
  init?: Initialiser;
  /** Stacked models only: all read the same map [B, C, H, W]. */
  shared?: boolean;
}

/** Convolution of one model's [B, C, H, W] or of S stacked models' [B, S*C, H, W] (as S groups). */
export function conv2d(
  p: Weights,
  name: string,
  x: Tensor,
  out: number,
  {
    kernel = 3,
    stride = 1,
    pad = (kernel - 1) / 2,
    dilation = 1,
    groups = 1,
    bias = true,
    init,
    shared = false,
  }: Conv2dOptions = {},
): Tensor {
  const S = p.stack ?? 1;
  const blocks = shared ? 1 : S;
  invariant(
    x.shape[1] % (blocks * groups) === 0 && out % groups === 0,
    () =>
      `conv2d: expected input and output channels divisible by ${groups} groups${blocks > 1 ? ` in each of ${blocks} models` : ''}; got ${showShape(x.shape)} to ${out} channels`,
  );
  const inputs = x.shape[1] / blocks / groups;
  const w = p.get(`${name}.w`, [out, inputs, kernel, kernel], init ?? fanIn(inputs * kernel * kernel));
  const b = bias ? reshape(p.get(`${name}.b`, [out], zeros), [S * out]) : undefined;
  return conv(x, reshape(w, [S * out, inputs, kernel, kernel]), {
    stride,
    pad,
    dilation,
    group: blocks * groups,
    bias: b,
  });
}
/** One filter per channel. */
export const depthwiseConv2d = (
  p: Weights,
  name: string,
  x: Tensor,
  options: Omit<Conv2dOptions, 'groups'> = {},
): Tensor => {
  const channels = x.shape[1] / (p.stack ?? 1);
  return conv2d(p, name, x, channels, { ...options, groups: channels });
};
/** Transposed convolution that doubles (stride 2) the map: [B, C, H, W] -> [B, out, H*stride, W*stride]. */
export function convTranspose2d(
  p: Weights,
  name: string,
  x: Tensor,
  out: number,
  { kernel = 4, stride = 2, pad = 1, init }: Conv2dOptions = {},
): Tensor {
  const S = p.stack ?? 1;
  const inputs = x.shape[1] / S;
  const w = p.get(
    `${name}.w`,
    [inputs, out, kernel, kernel],
    init ?? fanIn((inputs * kernel * kernel) / (stride * stride)),
  );
  const b = p.get(`${name}.b`, [out], zeros);
  return add(
    transposedConv(x, reshape(w, [S * inputs, out, kernel, kernel]), { stride, pad, group: S }),
    reshape(b, [1, S * out, 1, 1]),
  );
}

/** Mean over the map: [B, C, H, W] -> [B, C]; stacked [B, S*C, H, W] -> [S, B, C]. */
export function globalAveragePool(p: Weights, x: Tensor): Tensor {
  const mean = reduceMean(x, [2, 3]);
  return p.stack === null ? mean : transpose(reshape(mean, [x.shape[0], p.stack, -1]), [1, 0, 2]);
}
/** [B, C, H, W] -> [B, C*H*W]; stacked [B, S*C, H, W] -> [S, B, C*H*W]. */
export function flattenMap(p: Weights, x: Tensor): Tensor {
  const B = x.shape[0];
  return p.stack === null ? reshape(x, [B, -1]) : transpose(reshape(x, [B, p.stack, -1]), [1, 0, 2]);
}
/** Images of S models [S, B, C, H, W] as one stacked map [B, S*C, H, W]; single models pass unchanged. */
export function stackMaps(p: Weights, x: Tensor): Tensor {
  if (p.stack === null) return x;
  const [S, B, C, H, W] = x.shape;
  return reshape(transpose(x, [1, 0, 2, 3, 4]), [B, S * C, H, W]);
}

/** A per-feature parameter in a shape that multiplies x [.., D] (stacked [S, .., D]). */
function feature(p: Weights, t: Tensor, x: Tensor): Tensor {
  return p.stack === null
    ? t
    : reshape(t, [p.stack, ...x.shape.slice(1, -1).map(() => 1), x.shape[x.shape.length - 1]]);
}
const onesVector = (x: Tensor, length: number) => x.graph.constant(new Float32Array(length).fill(1), [length]);

/** Layer normalisation over the last axis (Ba et al. 2016). */
export function layerNorm(p: Weights, name: string, x: Tensor, { epsilon = 1e-5, bias = true } = {}): Tensor {
  const D = x.shape[x.shape.length - 1];
  const scale = p.get(`${name}.scale`, [D], ones);
  const shift = bias ? p.get(`${name}.bias`, [D], zeros) : undefined;
  if (p.stack === null) return layerNormalization(x, scale, shift, epsilon);
  const y = mul(layerNormalization(x, onesVector(x, D), undefined, epsilon), feature(p, scale, x));
  return shift ? add(y, feature(p, shift, x)) : y;
}
/** x / rms(x) * scale over the last axis (Zhang & Sennrich 2019). */
export function rmsNorm(p: Weights, name: string, x: Tensor, epsilon = 1e-6): Tensor {
  const D = x.shape[x.shape.length - 1];
  const scale = p.get(`${name}.scale`, [D], ones);
  return mul(div(x, sqrt(add(reduceMean(square(x), -1, true), epsilon))), feature(p, scale, x));
}
/** Group normalisation of [B, C, H, W] (Wu & He 2018), statistics per sample and group. */
export function groupNorm(p: Weights, name: string, x: Tensor, groups: number, epsilon = 1e-5): Tensor {
  const S = p.stack ?? 1;
  const [B, SC, H, W] = x.shape;
  const C = SC / S;
  const n = (C / groups) * H * W;
  const y = reshape(layerNormalization(reshape(x, [B, S * groups, n]), onesVector(x, n), undefined, epsilon), x.shape);
  return add(mul(y, channel(p, `${name}.scale`, C, ones)), channel(p, `${name}.bias`, C, zeros));
}
const channel = (p: Weights, name: string, C: number, init: Initialiser) =>
  reshape(p.get(name, [C], init), [1, (p.stack ?? 1) * C, 1, 1]);

export interface BatchNormOptions {
  epsilon?: number;
  momentum?: number;
  /** Use the running statistics and leave them alone. */ frozen?: boolean;
}
/** Batch normalisation of [B, C, H, W] (Ioffe & Szegedy 2015); running statistics are buffers. */
export function batchNorm(
  p: Weights,
  name: string,
  x: Tensor,
  { epsilon = 1e-5, momentum = 0.1, frozen = false }: BatchNormOptions = {},
): Tensor {
  const S = p.stack ?? 1;
  const SC = x.shape[1];
  const C = SC / S;
  const plane = [1, SC, 1, 1];
  const runMean = p.buffer(`${name}.mean`, [C], zeros);
  const runVar = p.buffer(`${name}.var`, [C], ones);
  const mean = frozen ? reshape(runMean, plane) : reduceMean(x, [0, 2, 3], true);
  const centred = sub(x, mean);
  const variance = frozen ? reshape(runVar, plane) : reduceMean(square(centred), [0, 2, 3], true);
  if (!frozen) {
    const n = size([x.shape[0], x.shape[2], x.shape[3]]);
    invariant(
      n > 1,
      'batchNorm: expected more than one value per channel, else all are zero; got one (use a larger batch or frozen statistics)',
    );
    const mix = (old: Tensor, now: Tensor, scale: number) =>
      add(mul(old, 1 - momentum), mul(reshape(now, old.shape), momentum * scale));
    p.updates.set(`${name}.mean`, mix(runMean, mean, 1));
    p.updates.set(`${name}.var`, mix(runVar, variance, n / (n - 1)));
  }
  const scaled = div(channel(p, `${name}.scale`, C, ones), sqrt(add(variance, epsilon)));
  return add(mul(centred, scaled), channel(p, `${name}.bias`, C, zeros));
}

/** Batch normalisation of vectors, statistics per feature over the batch. h: [B, C] or stacked [S, B, C]; parameters as `batchNorm`. */
export function batchNormVectors(p: Weights, name: string, h: Tensor, options: BatchNormOptions = {}): Tensor {
  if (p.stack === null) return reshape(batchNorm(p, name, reshape(h, [...h.shape, 1, 1]), options), h.shape);
  const [S, B, C] = h.shape;
  const map = batchNorm(p, name, reshape(transpose(h, [1, 0, 2]), [B, S * C, 1, 1]), options);
  return transpose(reshape(map, [B, S, C]), [1, 0, 2]);
}

export interface EmbeddingOptions {
  init?: Initialiser;
  /** Stacked models only: all read the same ids [..]. */
  shared?: boolean;
}
/** Rows of a table. ids: int32 [..] (stacked [S, ..]) -> [.., D] (stacked [S, .., D]). */
export function embedding(
  p: Weights,
  name: string,
  ids: Tensor,
  rows: number,
  D: number,
  { init = fanIn(D, 1), shared = false }: EmbeddingOptions = {},
): Tensor {
  const table = p.get(name, [rows, D], init);
  const S = p.stack;
  if (S === null) return gather(table, ids);
  if (shared) return gather(table, ids, 1);
  invariant(
    ids.shape[0] === S,
    () => `embedding: expected ids of ${S} stacked models, [${S}, ..], or \`shared\`; got ${showShape(ids.shape)}`,
  );
  const first = ids.graph.constant(
    Int32Array.from({ length: S }, (_, s) => s * rows),
    [S, ...ids.shape.slice(1).map(() => 1)],
  );
  return gather(reshape(table, [S * rows, D]), add(ids, first));
}

/** x Phi(x) (Hendrycks & Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
/** x sigma(1.702 x): the sigmoid approximation of GELU. */
export const quickGelu = (x: Tensor): Tensor => mul(x, sigmoid(mul(x, 1.702)));
/** The tanh approximation of GELU. */
export const tanhGelu = (x: Tensor): Tensor =>
  mul(mul(x, 0.5), add(tanh(mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI))), 1));
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));
/** W2 (silu(W1 x) * W3 x) (Shazeer 2020). */
export const swiGlu = (p: Weights, name: string, x: Tensor, hidden: number): Tensor =>
  linear(
    p,
    `${name}.down`,
    mul(
      silu(linear(p, `${name}.gate`, x, hidden, { bias: false })),
      linear(p, `${name}.up`, x, hidden, { bias: false }),
    ),
    x.shape[x.shape.length - 1],
    { bias: false },
  );

/** Inverted dropout with a mask of 0 and 1 that the host drew (Srivastava et al. 2014); rate 1 drops everything. */
export function dropout(x: Tensor, mask: Tensor, rate: number): Tensor {
  invariant(rate >= 0 && rate <= 1, () => `dropout: expected a rate in [0, 1]; got ${rate}`);
  return mul(mul(x, rate === 1 ? 0 : 1 / (1 - rate)), mask);
}
/** x / max(|x|, epsilon) over the last axis, written as x / sqrt(max(|x|^2, epsilon^2)): the gradient at a zero row is finite. */
export const normalise = (x: Tensor, epsilon = 1e-12): Tensor =>
  div(x, sqrt(max(reduceSum(square(x), -1, true), epsilon * epsilon)));
/** ReLU multilayer perceptron: hidden widths, then a linear layer of width `out`. */
export function mlp(
  p: Weights,
  name: string,
  x: Tensor,
  hidden: readonly number[],
  out: number,
  options: LinearOptions = {},
): Tensor {
  const { shared, ...rest } = options;
  const at = (i: number) => ({ ...rest, shared: shared && i === 0 });
  const h = hidden.reduce((t, width, i) => relu(linear(p, `${name}.${i}`, t, width, at(i))), x);
  return linear(p, `${name}.${hidden.length}`, h, out, {
    ...at(hidden.length),
    init: options.init ?? fanIn(h.shape[h.shape.length - 1], 1),
  });
}
