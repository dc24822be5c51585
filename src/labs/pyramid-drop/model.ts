// The lab's vision-language model: patches -> weak encoder -> projector -> causal decoder over [image | question] -> one word.
// LLaVA's order (question after the image, so image tokens never see it) with a plain last-token readout.
import {
  add,
  concat,
  gather,
  matMul,
  mul,
  reciprocal,
  reduceMean,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  swap,
  transpose,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { gelu, silu } from '../../nn/layers.ts';
import { normal, zeros } from '../../nn/initialisers.ts';
import type { Weights as LayerWeights } from '../../nn/weights.ts';
import { GRIDS, patchCount, patchWidth, type PatchGrid } from '../../data/scenes/pack.ts';
import { COLOURS, SHAPES, WORDS } from '../../data/scenes/vocabulary.ts';

export interface VlmSpec {
  grid: PatchGrid;
  /** d: width of every token. */
  width: number;
  heads: number;
  /** m: width of the SwiGLU feed-forward layers. */
  hidden: number;
  encoderLayers: number;
  /** L: decoder layers. */
  layers: number;
}
/** 64 image tokens, about half a million parameters: trains on one CPU core. */
export const MINI: VlmSpec = { grid: GRIDS.mini, width: 64, heads: 4, hidden: 176, encoderLayers: 2, layers: 8 };

/** Where weights come from: trained parameters, or a finished weight file. */
export type Weights = Pick<LayerWeights, 'graph' | 'get'>;

/** Additive causal mask [T, T]. */
export const causalMask = (T: number): Float32Array =>
  Float32Array.from({ length: T * T }, (_, i) => (i % T <= Math.floor(i / T) ? 0 : -1e9));

const ROPE_BASE = 10_000;
const EPSILON = 1e-5;
/** Matrices that write into the residual stream start at half the usual size. */
const matrix = (inputs: number, gain = 1) => normal(gain / Math.sqrt(inputs));

/** x W (+ b). x: [.., in] -> [.., out] */
function linear(w: Weights, name: string, x: Tensor, out: number, { bias = false, gain = 1 } = {}): Tensor {
  const inputs = x.shape[x.shape.length - 1];
  return affine(
    x,
    w.get(`${name}.w`, [inputs, out], matrix(inputs, gain)),
    bias ? w.get(`${name}.b`, [out], zeros) : undefined,
  );
}
function affine(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = x.graph.node('Gemm', [reshape(x, [-1, weight.shape[0]]), weight, ...(bias ? [bias] : [])], {
    transA: 0,
    transB: 0,
  })[0];
  return reshape(y, x.shape.with(-1, weight.shape[1]));
}

/** x / rms(x); the usual gain is part of the matrices that follow (Zhang & Sennrich 2019). */
const rms = (x: Tensor): Tensor => mul(x, reciprocal(sqrt(add(reduceMean(square(x), -1, true), EPSILON))));

/** [T, width] rotation angles per column of q or k, heads side by side; both halves of a head share their frequencies (Su et al. 2021). */
function rotation(positions: ArrayLike<number>, { width, heads }: VlmSpec): { cos: Float32Array; sin: Float32Array } {
  const d = width / heads;
  const half = d / 2;
  const T = positions.length;
  const angle = (i: number) => positions[Math.floor(i / width)] * ROPE_BASE ** (-((i % d) % half) / half);
  return {
    cos: Float32Array.from({ length: T * width }, (_, i) => Math.cos(angle(i))),
    sin: Float32Array.from({ length: T * width }, (_, i) => Math.sin(angle(i))),
  };
}

/** [width, width]: x R = (-second half, first half) of every head. Applied to the small weight matrix instead of to the tokens. */
function quarterTurn({ graph }: Weights, { width, heads }: VlmSpec): Tensor {
  const d = width / heads;
  const half = d / 2;
  const R = new Float32Array(width * width);
  for (let c = 0; c < width; c++) {
    const first = c % d < half;
    R[(first ? c + half : c - half) * width + c] = first ? -1 : 1;
  }
  return graph.constant(R, [width, width]);
}

/** Rotation tables as tensors [T, width] or [B, T, width]. */
export interface Rope {
  cos: Tensor;
  sin: Tensor;
  turn: Tensor;
}
export function ropeAt(w: Weights, spec: VlmSpec, positions: ArrayLike<number>): Rope {
  const { cos, sin } = rotation(positions, spec);
  const shape = [positions.length, spec.width];
  return { cos: w.graph.constant(cos, shape), sin: w.graph.constant(sin, shape), turn: quarterTurn(w, spec) };
}
/** The rotation at positions that are fed: int32 [B, T], below `limit`. */
export function ropeFor(w: Weights, spec: VlmSpec, positions: Tensor, limit: number): Rope {
  const table = ropeAt(
    w,
    spec,
    Int32Array.from({ length: limit }, (_, i) => i),
  );
  return { cos: gather(table.cos, positions), sin: gather(table.sin, positions), turn: table.turn };
}
/** x W rotated by position: x W cos + x (W R) sin. x: [B, T, D] */
function projectRotated(w: Weights, name: string, x: Tensor, rope: Rope | null): Tensor {
  const D = x.shape[x.shape.length - 1];
  const weight = w.get(`${name}.w`, [D, D], matrix(D));
  const y = affine(x, weight);
  return rope ? add(mul(y, rope.cos), mul(affine(x, matMul(weight, rope.turn)), rope.sin)) : y;
}

/** [B, T, D] -> [B, heads, T, D / heads] */
const splitHeads = (x: Tensor, heads: number): Tensor => {
  const [B, T, D] = x.shape;
  return transpose(reshape(x, [B, T, heads, D / heads]), [0, 2, 1, 3]);
};
const mergeHeads = (x: Tensor): Tensor => {
  const [B, h, T, d] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [B, T, h * d]);
};

export interface Rows {
  start: number;
  end: number;
  step: number;
}
/** Which rows go on after a layer: the last layer is needed at the answers only. */
const takeRows = (x: Tensor, rows: Rows | undefined): Tensor =>
  rows ? slice(x, x.shape.length - 2, rows.start, rows.end, rows.step) : x;
const ropeRows = (rope: Rope | null, rows: Rows | undefined): Rope | null =>
  rope && { cos: takeRows(rope.cos, rows), sin: takeRows(rope.sin, rows), turn: rope.turn };

/** Scaled scores of the rows that ask against all: [B, heads, rows, T]. y: normalised stream [B, T, D] */
function attentionScores(
  w: Weights,
  name: string,
  y: Tensor,
  { width, heads }: VlmSpec,
  rope: Rope | null,
  rows: Rows | undefined,
): Tensor {
  const q = projectRotated(w, `${name}.q`, takeRows(y, rows), ropeRows(rope, rows));
  const k = projectRotated(w, `${name}.k`, y, rope);
  return matMul(splitHeads(mul(q, 1 / Math.sqrt(width / heads)), heads), swap(splitHeads(k, heads)));
}

/**
 * PyramidDrop's ranking: how much the last token would attend to each token in the block `name`, by that block's own norm, query,
 * key and rotation; softmax over the whole sequence, mean over heads. x: [B, T, D] -> [B, T]
 * @param blocked added to the scores, broadcasts to [B, heads, 1, T]
 */
export function lastTokenAttention(
  w: Weights,
  name: string,
  x: Tensor,
  spec: VlmSpec,
  rope: Rope,
  blocked?: Tensor,
): Tensor {
  const [B, T] = x.shape;
  const scores = attentionScores(w, name, rms(x), spec, rope, { start: T - 1, end: T, step: 1 });
  return reshape(reduceMean(softmax(blocked ? add(scores, blocked) : scores), 1), [B, T]);
}

interface BlockOptions {
  rope: Rope | null;
  mask?: Tensor;
  rows?: Rows;
}
/** One pre-norm transformer block. x: [B, T, D]; mask: added to the scores, broadcasts to [B, heads, T, T]. @returns [B, rows, D] */
export function block(w: Weights, name: string, x: Tensor, spec: VlmSpec, { rope, mask, rows }: BlockOptions): Tensor {
  const { width: D, heads, hidden } = spec;
  const y = rms(x);
  const scores = attentionScores(w, name, y, spec, rope, rows);
  const v = linear(w, `${name}.v`, y, D);
  const weights = softmax(mask ? add(scores, takeRows(mask, rows)) : scores);
  const mixed = mergeHeads(matMul(weights, splitHeads(v, heads)));
  const h = add(takeRows(x, rows), linear(w, `${name}.o`, mixed, D, { gain: 0.5 }));
  const z = rms(h);
  const gated = mul(silu(linear(w, `${name}.gate`, z, hidden)), linear(w, `${name}.up`, z, hidden));
  return add(h, linear(w, `${name}.down`, gated, D, { gain: 0.5 }));
}

/** patches [B, N, patchWidth] -> encoder features [B, N, D] */
export function encodeImage(w: Weights, patches: Tensor, spec: VlmSpec): Tensor {
  const N = patchCount(spec.grid);
  const D = spec.width;
  let x = add(linear(w, 'patch', patches, D, { bias: true }), w.get('position', [N, D], normal(0.02)));
  for (let l = 0; l < spec.encoderLayers; l++) x = block(w, `encoder${l}`, x, spec, { rope: null });
  return rms(x);
}
/** features [B, N, D] -> image tokens [B, N, D] (LLaVA's two-layer projector) */
export const project = (w: Weights, features: Tensor, { width }: VlmSpec): Tensor =>
  linear(w, 'project1', gelu(linear(w, 'project0', features, 2 * width, { bias: true })), width, { bias: true });

/** tokens int32 [B, T] -> [B, T, D] */
export const embedWords = (w: Weights, ids: Tensor, { width }: VlmSpec): Tensor =>
  gather(w.get('words', [WORDS.length, width], normal(0.02)), ids);

/** h [.., D] -> logits over the words [.., V] */
export const readWord = (w: Weights, h: Tensor, { width }: VlmSpec): Tensor =>
  affine(rms(h), w.get('head.w', [width, WORDS.length], normal(0.02)));

/** What a patch holds, for the auxiliary loss: logits over colours + none, and over shapes + none. features [B, N, D] */
export function patchLogits(w: Weights, features: Tensor): { colour: Tensor; shape: Tensor } {
  const C = COLOURS.length + 1;
  const S = SHAPES.length + 1;
  const y = linear(w, 'auxiliary', features, C + S, { bias: true });
  return { colour: slice(y, 2, 0, C), shape: slice(y, 2, C, C + S) };
}

/** Which patch a state means: logits over the image's patches. h [.., D] -> [.., N] */
export const readPatch = (w: Weights, name: string, h: Tensor, spec: VlmSpec): Tensor =>
  linear(w, `pointer.${name}`, rms(h), patchCount(spec.grid), { bias: true });

/** [image tokens | words] */
export const sequence = (image: Tensor, words: Tensor): Tensor => concat([image, words], 1);
export const patchShape = ({ grid }: VlmSpec): [number, number] => [patchCount(grid), patchWidth(grid)];
