// Multi-head attention (Vaswani et al. 2017): of a sequence to itself, to another sequence, and within windows of a map.
import {
  add,
  concat,
  expand,
  gather,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  split,
  swap,
  transpose,
} from '../graph/builder.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { invariant } from '../util/invariant.ts';
import { sameShape, showShape, size } from '../util/shape.ts';
import { normal, type Initialiser } from './initialisers.ts';
import { linear } from './layers.ts';
import type { Weights } from './weights.ts';

/** Finite stand-in for minus infinity: exp(-1e9) is 0 and no NaN can arise. */
export const BLOCKED = -1e9;

export interface AttentionOptions {
  heads: number;
  /** Added to the scores; broadcasts to [B, heads, T, U] (stacked [S * B, ..]). Finite: `BLOCKED` shuts out. */
  mask?: Tensor;
  /** Rotates queries and keys [.., heads, T, d]. */
  rotate?: (x: Tensor) => Tensor;
  bias?: boolean;
  init?: Initialiser;
}

/** softmax(q k^T / sqrt(d) + mask) v. q: [n, heads, T, d]; k, v: [n, heads, U, d] -> [n, T, heads * d] */
function attend(q: Tensor, k: Tensor, v: Tensor, { mask, rotate = (t) => t }: AttentionOptions): Tensor {
  const [n, heads, T, d] = q.shape;
  const scores = matMul(mul(rotate(q), 1 / Math.sqrt(d)), swap(rotate(k)));
  const mixed = matMul(softmax(mask ? add(scores, mask) : scores), v);
  return reshape(transpose(mixed, [0, 2, 1, 3]), [n, T, heads * d]);
}

/** A packed product [.., T, parts * D] as `parts` tensors [n, heads, T, D / heads]. */
function unpack(x: Tensor, parts: number, heads: number): Tensor[] {
  const [T, width] = x.shape.slice(-2);
  const n = size(x.shape.slice(0, -2));
  const d = width / parts / heads;
  invariant(Number.isInteger(d), () => `attention: expected a width divisible by ${heads} heads; got ${width / parts}`);
  const apart = transpose(reshape(x, [n, T, parts, heads, d]), [2, 0, 3, 1, 4]);
  const each = parts === 1 ? [apart] : split(apart, 0, Array<number>(parts).fill(1));
  return each.map((t) => reshape(t, [n, heads, T, d]));
}

/** Multi-head self-attention with one packed query-key-value product. x: [.., B, T, D] (stacked [S, ..]) -> same shape. */
export function selfAttention(p: Weights, name: string, x: Tensor, options: AttentionOptions): Tensor {
  const { heads, bias = false, init } = options;
  const D = x.shape[x.shape.length - 1];
  const [q, k, v] = unpack(linear(p, `${name}.qkv`, x, 3 * D, { bias, init }), 3, heads);
  return linear(p, `${name}.out`, reshape(attend(q, k, v, options), x.shape), D, { bias, init });
}

/**
 * Multi-head attention of one sequence to another: queries from `x`, keys and values from `context` by one packed product.
 * @param x [.., B, T, D] (stacked [S, ..])
 * @param context [.., B, U, E], of any width E
 * @returns [.., B, T, D]
 */
export function crossAttention(
  p: Weights,
  name: string,
  x: Tensor,
  context: Tensor,
  options: AttentionOptions,
): Tensor {
  invariant(
    sameShape(x.shape.slice(0, -2), context.shape.slice(0, -2)),
    () =>
      `crossAttention: expected a context for each sequence of ${showShape(x.shape)}; got ${showShape(context.shape)}`,
  );
  const { heads, bias = false, init } = options;
  const D = x.shape[x.shape.length - 1];
  const [q] = unpack(linear(p, `${name}.q`, x, D, { bias, init }), 1, heads);
  const [k, v] = unpack(linear(p, `${name}.kv`, context, 2 * D, { bias, init }), 2, heads);
  return linear(p, `${name}.out`, reshape(attend(q, k, v, options), x.shape), D, { bias, init });
}

export interface WindowAttentionOptions extends Omit<AttentionOptions, 'mask' | 'rotate'> {
  /** Side w of a window, which divides H and W. */
  window: number;
  /** Windows move by so many pixels down and right, 0 <= shift < window; what wraps around the edge is shut out. */
  shift?: number;
  /** A learned score per head and relative position, `<name>.position` [heads, (2w - 1)^2]. */
  hasPositions?: boolean;
}

/**
 * Self-attention within w x w windows of a map, shifted or not (Liu et al. 2021, section 3.2).
 * @param x [.., B, H, W, D] (stacked [S, B, H, W, D])
 * @returns the same shape
 */
export function windowAttention(
  p: Weights,
  name: string,
  x: Tensor,
  { window: w, shift = 0, hasPositions = true, ...options }: WindowAttentionOptions,
): Tensor {
  const [H, W] = x.shape.slice(-3);
  invariant(
    H % w === 0 && W % w === 0 && shift >= 0 && shift < w,
    () => `windowAttention: expected a window that divides ${H} x ${W} and 0 <= shift < window; got ${w} and ${shift}`,
  );
  const tokens = toWindows(p, roll(x, shift), w);
  const n = size(tokens.shape.slice(0, -2));
  const masks = [
    ...(shift ? [everyMap(borders(x.graph, H, W, w, shift), n)] : []),
    ...(hasPositions ? [positionScores(p, `${name}.position`, options.heads, w, n)] : []),
  ];
  const mask = masks.length ? masks.reduce((a, b) => add(a, b)) : undefined;
  return roll(fromWindows(selfAttention(p, name, tokens, { ...options, mask }), x.shape, w), -shift);
}

/** Moves a map [.., H, W, D] up and left by `shift`, around the edge. */
function roll(x: Tensor, shift: number): Tensor {
  return [x.shape.length - 3, x.shape.length - 2].reduce((t, axis) => {
    const n = t.shape[axis];
    const at = (shift + n) % n;
    return at === 0 ? t : concat([slice(t, axis, at, n), slice(t, axis, 0, at)], axis);
  }, x);
}
/** [.., B, H, W, D] -> [B * windows, w * w, D], stacked [S, B * windows, w * w, D] */
function toWindows(p: Weights, x: Tensor, w: number): Tensor {
  const [H, W, D] = x.shape.slice(-3);
  const apart = transpose(reshape(x, [-1, H / w, w, W / w, w, D]), [0, 1, 3, 2, 4, 5]);
  return reshape(apart, [...(p.stack === null ? [] : [p.stack]), -1, w * w, D]);
}
/** The inverse of `toWindows`. */
function fromWindows(x: Tensor, shape: readonly number[], w: number): Tensor {
  const [H, W, D] = shape.slice(-3);
  return reshape(transpose(reshape(x, [-1, H / w, W / w, w, w, D]), [0, 1, 3, 2, 4, 5]), shape);
}

/** [windows, w^2, w^2]: `BLOCKED` between pixels of a shifted window that do not lie together in the map. */
function borders(graph: Graph, H: number, W: number, w: number, shift: number): Tensor {
  const part = (at: number, n: number) => (at < n - w ? 0 : at < n - shift ? 1 : 2);
  const across = W / w;
  const N = w * w;
  const region = (win: number, k: number) =>
    part(Math.floor(win / across) * w + Math.floor(k / w), H) * 3 + part((win % across) * w + (k % w), W);
  const windows = (H / w) * across;
  return graph.constant(
    Float32Array.from({ length: windows * N * N }, (_, i) => {
      const win = Math.floor(i / (N * N));
      return region(win, Math.floor(i / N) % N) === region(win, i % N) ? 0 : BLOCKED;
    }),
    [windows, N, N],
  );
}
/** [windows, N, N] -> [n, 1, N, N], the same for each of n / windows maps. */
function everyMap(mask: Tensor, n: number): Tensor {
  const [windows, N] = mask.shape;
  return reshape(expand(reshape(mask, [1, windows, N, N]), [n / windows, windows, N, N]), [n, 1, N, N]);
}
/** Learned scores by relative position: [1, heads, N, N], stacked [n, heads, N, N]. */
function positionScores(p: Weights, name: string, heads: number, w: number, n: number): Tensor {
  const N = w * w;
  const side = 2 * w - 1;
  const S = p.stack ?? 1;
  const place = (q: number, k: number) =>
    (Math.floor(q / w) - Math.floor(k / w) + w - 1) * side + (q % w) - (k % w) + w - 1;
  const index = Int32Array.from({ length: N * N }, (_, i) => place(Math.floor(i / N), i % N));
  const table = p.get(name, [heads, side * side], normal(0.02));
  const scores = reshape(gather(reshape(table, [S * heads, -1]), table.graph.constant(index), 1), [S, 1, heads, N, N]);
  return S === 1
    ? reshape(scores, [1, heads, N, N])
    : reshape(expand(scores, [S, n / S, heads, N, N]), [n, heads, N, N]);
}
