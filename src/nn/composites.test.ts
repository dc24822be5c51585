// Composite layers against their formulas in loops.
import { describe, expect, it } from 'vitest';
import { Graph, type Tensor } from '../graph/graph.ts';
import { crossAttention, BLOCKED, selfAttention, windowAttention } from './attention.ts';
import { gemPool } from './gem-pool.ts';
import { batchNormVectors, linear, stackMaps } from './layers.ts';
import { lora } from './lora.ts';
import { Params } from './params.ts';
import { checkLayer } from './testing/check-layer.ts';

type Rows = number[][];
const range = (n: number) => [...Array(n).keys()];
const rows = (v: ArrayLike<number>, width: number): Rows =>
  range(v.length / width).map((r) => Array.from(v).slice(r * width, (r + 1) * width));
const product = (a: Rows, b: Rows): Rows => a.map((r) => b[0].map((_, j) => r.reduce((s, v, k) => s + v * b[k][j], 0)));
const cut = (a: Rows, from: number, to: number): Rows => a.map((r) => r.slice(from, to));

/** Attention of queries to keys head by head; `score` is added to the score of query i and key j in a head. */
function attention(q: Rows, k: Rows, v: Rows, heads: number, score = (_h: number, _i: number, _j: number) => 0): Rows {
  const d = q[0].length / heads;
  return q.map((query, i) =>
    range(heads).flatMap((h) => {
      const part = (r: number[]) => r.slice(h * d, (h + 1) * d);
      const e = k.map((key, j) =>
        Math.exp(part(query).reduce((s, x, c) => s + x * part(key)[c], 0) / Math.sqrt(d) + score(h, i, j)),
      );
      const total = e.reduce((a, b) => a + b);
      return range(d).map((c) => v.reduce((s, r, j) => s + (e[j] / total) * part(r)[c], 0));
    }),
  );
}

describe('composite layers equal their formulas, one model and stacked', () => {
  it('batch norm of vectors', () =>
    checkLayer({
      inputs: { x: [5, 3] },
      build: (p, { x }) => batchNormVectors(p, 'norm', x),
      reference: (w, { x }) => {
        const all = rows(x, 3);
        const mean = range(3).map((c) => all.reduce((s, r) => s + r[c], 0) / 5);
        const variance = range(3).map((c) => all.reduce((s, r) => s + (r[c] - mean[c]) ** 2, 0) / 5);
        return all.flatMap((r) =>
          r.map((v, c) => ((v - mean[c]) / Math.sqrt(variance[c] + 1e-5)) * w['norm.scale'][c] + w['norm.bias'][c]),
        );
      },
    }));

  it('LoRA', () =>
    checkLayer({
      inputs: { x: [4, 5] },
      build: (p, { x }) => lora(p, 'lora', x, linear(p, 'base', x, 3), { rank: 2, alpha: 6 }),
      reference: (w, { x }) => {
        const base = product(rows(x, 5), rows(w['base.w'], 3));
        const low = product(product(rows(x, 5), rows(w['lora.a.w'], 2)), rows(w['lora.b.w'], 3));
        return base.flatMap((r, i) => r.map((v, j) => v + w['base.b'][j] + 3 * low[i][j]));
      },
    }));

  it('generalised-mean pooling', () =>
    checkLayer({
      inputs: { x: [2, 3, 2, 3] },
      build: (p, { x }) => gemPool(p, 'gem', stackMaps(p, x)),
      weight: (_name, drawn) => drawn.map((v) => 2.5 + v),
      input: (_name, drawn) => drawn.map((v) => (v < -0.5 ? v : Math.abs(v) + 0.2)),
      reference: (w, { x }) =>
        rows(x, 6).map((map) => {
          const p = w['gem.p'][0];
          return (map.reduce((s, v) => s + Math.max(v, 1e-6) ** p, 0) / 6) ** (1 / p);
        }),
    }));

  it('cross-attention', () =>
    checkLayer({
      inputs: { x: [2, 3, 4], context: [2, 5, 6] },
      build: (p, { x, context }) => crossAttention(p, 'cross', x, context, { heads: 2, bias: true }),
      reference: (w, { x, context }) =>
        range(2).flatMap((b) => {
          const plus = (a: Rows, bias: Float64Array) => a.map((r) => r.map((v, j) => v + bias[j]));
          const q = plus(product(rows(x, 4).slice(b * 3, b * 3 + 3), rows(w['cross.q.w'], 4)), w['cross.q.b']);
          const kv = plus(product(rows(context, 6).slice(b * 5, b * 5 + 5), rows(w['cross.kv.w'], 8)), w['cross.kv.b']);
          const mixed = attention(q, cut(kv, 0, 4), cut(kv, 4, 8), 2);
          return plus(product(mixed, rows(w['cross.out.w'], 4)), w['cross.out.b']).flat();
        }),
    }));

  it.each([0, 1])('window attention, shifted by %d', (shift) => {
    const [H, W, D, w, heads] = [4, 6, 4, 2, 2];
    checkLayer({
      inputs: { x: [2, H, W, D] },
      build: (p, { x }) => windowAttention(p, 'win', x, { window: w, shift, heads }),
      reference: (weights, { x }) =>
        range(2).flatMap((b) => {
          const pixels = rows(x, D).slice(b * H * W, (b + 1) * H * W);
          const qkv = product(pixels, rows(weights['win.qkv.w'], 3 * D));
          // a window of the shifted grid; across the edge it falls apart
          const windowOf = (i: number) =>
            [Math.floor(i / W), i % W].map((at) => Math.floor((at + w - shift) / w)).join();
          const position = rows(weights['win.position'], 9);
          return product(
            range(H * W).flatMap((i) => {
              const near = range(H * W).filter((j) => windowOf(i) === windowOf(j));
              const score = (h: number, _q: number, k: number) =>
                position[h][(Math.floor(i / W) - Math.floor(near[k] / W) + 1) * 3 + (i % W) - (near[k] % W) + 1];
              const kv = near.map((j) => qkv[j]);
              return attention([qkv[i].slice(0, D)], cut(kv, D, 2 * D), cut(kv, 2 * D, 3 * D), heads, score);
            }),
            rows(weights['win.out.w'], D),
          ).flat();
        }),
    });
  });

  it('a blocked key is as one that is not there', () => {
    const mask = (t: Tensor) => t.graph.constant(Float32Array.of(0, 0, BLOCKED), [1, 1, 1, 3]);
    checkLayer({
      inputs: { x: [2, 3, 4] },
      build: (p, { x }) => selfAttention(p, 'self', x, { heads: 2, mask: mask(x) }),
      reference: (w, { x }) =>
        range(2).flatMap((b) => {
          const qkv = product(rows(x, 4).slice(b * 3, b * 3 + 3), rows(w['self.qkv.w'], 12));
          const kv = qkv.slice(0, 2);
          const mixed = attention(cut(qkv, 0, 4), cut(kv, 4, 8), cut(kv, 8, 12), 2);
          return product(mixed, rows(w['self.out.w'], 4)).flat();
        }),
    });
  });
});

describe('attention says what does not fit', () => {
  const p = new Params(new Graph());
  const x = p.graph.input('x', [2, 4, 6, 4]);
  it('heads', () => expect(() => selfAttention(p, 'a', x, { heads: 3 })).toThrow('divisible by 3 heads; got 4'));
  it('context', () =>
    expect(() => crossAttention(p, 'b', x, p.graph.input('c', [3, 4]), { heads: 2 })).toThrow(
      'crossAttention: expected a context for each sequence',
    ));
  it('window', () =>
    expect(() => windowAttention(p, 'c', x, { heads: 2, window: 4 })).toThrow('a window that divides 4 x 6'));
});
