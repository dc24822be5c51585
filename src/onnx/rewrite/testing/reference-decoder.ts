// The tiny decoders in plain float64 TypeScript, with PyramidDrop written out as the paper's code does it. For tests only.
import { angle, type TinyDecoder } from '../made-decoder.ts';

export interface ReferenceCuts {
  /** Layers before which tokens are dropped. */
  layers: readonly number[];
  /** Image tokens dropped at each. */
  drops: readonly number[];
  positions: 'renumber' | 'original';
}
type Row = number[];
interface Cache {
  keys: Row[];
  values: Row[];
}

/** Runs a prompt, then single tokens, keeping its own caches. */
export class ReferenceDecoder {
  private readonly caches: Cache[];
  private seen = 0;
  private readonly model: TinyDecoder;
  private readonly cuts: ReferenceCuts;
  constructor(model: TinyDecoder, cuts: ReferenceCuts) {
    this.model = model;
    this.cuts = cuts;
    this.caches = Array.from({ length: model.spec.layers }, () => ({ keys: [], values: [] }));
  }

  /** @param rows embeddings; @param isImage one flag per row. @returns logits of the last row, kept indices per cut, smallest gap between kept and dropped scores */
  run(rows: Row[], isImage: boolean[]): { logits: Row; keeps: number[][]; gap: number } {
    const { spec } = this.model;
    const isPrompt = this.seen === 0;
    const keeps: number[][] = [];
    let h = rows.map((r) => [...r]);
    let image = [...isImage];
    let positions = rows.map((_, i) => this.seen + i);
    let gap = Infinity;
    for (let l = 0; l < spec.layers; l++) {
      const s = this.cuts.layers.indexOf(l);
      if (s >= 0 && isPrompt) {
        const chosen = this.choose(l, h, image, positions, this.cuts.drops[s]);
        gap = Math.min(gap, chosen.gap);
        keeps.push(chosen.keep);
        h = chosen.keep.map((i) => h[i]);
        image = chosen.keep.map((i) => image[i]);
        positions =
          this.cuts.positions === 'renumber' ? chosen.keep.map((_, i) => i) : chosen.keep.map((i) => positions[i]);
      } else if (s >= 0 && this.cuts.positions === 'renumber') positions = positions.map((p) => p - this.cuts.drops[s]);
      this.layer(l, h, positions);
    }
    this.seen += rows.length;
    return { logits: this.times(this.norm(h[h.length - 1], 'finalNorm'), 'head', spec.vocabulary), keeps, gap };
  }
  cacheLengths(): number[] {
    return this.caches.map((c) => c.keys.length);
  }

  private weight(name: string): Float32Array {
    return this.model.weights.get(name)!;
  }
  private times(x: Row, name: string, outputs: number): Row {
    const w = this.weight(name);
    const bias = this.model.weights.get(`${name}.bias`);
    const y = Array.from({ length: outputs }, (_, o) => bias?.[o] ?? 0);
    x.forEach((v, i) => {
      for (let o = 0; o < outputs; o++) y[o] += v * w[i * outputs + o];
    });
    return y;
  }
  private norm(x: Row, name: string): Row {
    const scale = this.weight(name);
    const r = 1 / Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length + 1e-5);
    return x.map((v, i) => v * r * scale[i]);
  }
  private turn(x: Row, heads: number, position: number): Row {
    const { spec } = this.model;
    const d = spec.headSize;
    const y = [...x];
    for (let h = 0; h < heads; h++)
      for (let j = 0; j < d / 2; j++) {
        const a = h * d + j;
        const b = a + d / 2;
        const c = Math.cos(angle(spec, position, j));
        const s = Math.sin(angle(spec, position, j));
        [y[a], y[b]] = [x[a] * c - x[b] * s, x[b] * c + x[a] * s];
      }
    return y;
  }
  private perHead(x: Row, name: string, heads: number): Row {
    const d = this.model.spec.headSize;
    return this.model.spec.headNorms
      ? Array.from({ length: heads }, (_, h) => this.norm(x.slice(h * d, (h + 1) * d), name)).flat()
      : x;
  }
  /** Query, key and value of one normalised row. */
  private qkv(l: number, x: Row, position: number): { q: Row; k: Row; v: Row } {
    const { heads, kvHeads, headSize: d, packed } = this.model.spec;
    const all = packed ? this.times(x, `l${l}.qkv`, (heads + 2 * kvHeads) * d) : [];
    const q = packed
      ? all.slice(0, heads * d)
      : this.perHead(this.times(x, `l${l}.q`, heads * d), `l${l}.qNorm`, heads);
    const k = packed
      ? all.slice(heads * d, (heads + kvHeads) * d)
      : this.perHead(this.times(x, `l${l}.k`, kvHeads * d), `l${l}.kNorm`, kvHeads);
    const v = packed ? all.slice((heads + kvHeads) * d) : this.times(x, `l${l}.v`, kvHeads * d);
    return { q: this.turn(q, heads, position), k: this.turn(k, kvHeads, position), v };
  }
  /** softmax(q k^T / sqrt d) of one head over `keys`. */
  private weights(q: Row, head: number, keys: Row[]): Row {
    const { heads, kvHeads, headSize: d } = this.model.spec;
    const kv = Math.floor(head / (heads / kvHeads));
    const e = keys.map((k) => {
      let s = 0;
      for (let j = 0; j < d; j++) s += q[head * d + j] * k[kv * d + j];
      return s / Math.sqrt(d);
    });
    const top = Math.max(...e);
    const exps = e.map((v) => Math.exp(v - top));
    const total = exps.reduce((a, b) => a + b, 0);
    return exps.map((v) => v / total);
  }

  private choose(
    l: number,
    h: Row[],
    image: boolean[],
    positions: number[],
    drop: number,
  ): { keep: number[]; gap: number } {
    const made = h.map((x, i) => this.qkv(l, this.norm(x, `l${l}.norm1`), positions[i]));
    const { heads } = this.model.spec;
    const score = h.map(() => 0);
    for (let a = 0; a < heads; a++)
      this.weights(
        made[h.length - 1].q,
        a,
        made.map((m) => m.k),
      ).forEach((w, i) => {
        score[i] += w / heads;
      });
    const ranked = [...h.keys()].filter((i) => image[i]).sort((a, b) => score[b] - score[a] || a - b);
    const kept = new Set(ranked.slice(0, ranked.length - drop));
    const [lastKept, firstDropped] = [ranked[kept.size - 1], ranked[kept.size]];
    const gap = lastKept !== undefined && firstDropped !== undefined ? score[lastKept] - score[firstDropped] : Infinity;
    return { keep: [...h.keys()].filter((i) => !image[i] || kept.has(i)), gap };
  }

  private layer(l: number, h: Row[], positions: number[]): void {
    const { spec } = this.model;
    const { heads, kvHeads, headSize: d } = spec;
    const cache = this.caches[l];
    const past = cache.keys.length;
    const made = h.map((x, i) => this.qkv(l, this.norm(x, `l${l}.norm1`), positions[i]));
    for (const { k, v } of made) {
      cache.keys.push(k);
      cache.values.push(v);
    }
    h.forEach((x, i) => {
      const out = new Array<number>(heads * d).fill(0);
      for (let a = 0; a < heads; a++)
        this.weights(made[i].q, a, cache.keys.slice(0, past + i + 1)).forEach((w, t) => {
          for (let j = 0; j < d; j++) out[a * d + j] += w * cache.values[t][Math.floor(a / (heads / kvHeads)) * d + j];
        });
      const mixed = this.times(out, `l${l}.o`, spec.H);
      const r = x.map((v, j) => v + mixed[j]);
      const y = this.norm(r, `l${l}.norm2`);
      const gate = this.times(y, `l${l}.gate`, spec.F);
      const up = this.times(y, `l${l}.up`, spec.F);
      const down = this.times(
        gate.map((g, j) => (g / (1 + Math.exp(-g))) * up[j]),
        `l${l}.down`,
        spec.H,
      );
      h[i] = r.map((v, j) => v + down[j]);
    });
  }
}
