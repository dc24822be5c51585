// Inserts PyramidDrop (arXiv 2410.17247) into a foreign decoder: before chosen layers, image tokens are ranked by the attention that
// the next layer's own query and key would give them from the last token, and the lowest are dropped for good.
import type { ModelProto, NodeProto, ValueInfoProto } from 'onnx-buf';
import { invariant } from '../../util/invariant.ts';
import { GQA_INPUT, matchDecoder, type Cone, type DecoderLayer, type MatchedDecoder } from './match-decoder.ts';
import { keepLastRow } from './last-row.ts';
import { pointInto, readModel, writeModel } from './model-file.ts';
import {
  cloneNode,
  dimensions,
  FLOAT,
  floatTensor,
  INT32,
  INT64,
  int64Tensor,
  MICROSOFT,
  node,
  sorted,
  valueInfo,
} from './proto.ts';

export type Positions = 'renumber' | 'original';
export interface RewriteOptions {
  /** 0-based layers before which tokens are dropped, ascending, from 1 on. */
  cuts: readonly number[];
  /** `renumber`: 0, 1, 2, ... after each drop (the paper's code). `original`: tokens keep their numbers. */
  positions: Positions;
  /** Compute logits of the last token alone. */
  lastRowOnly?: boolean;
}
export interface RewrittenDecoder {
  /** The rewritten model without its large weights: open it with `externalData: [external]`. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The original file, which the rewritten one points into. */
  external: { path: string; data: Uint8Array };
  cuts: readonly number[];
  positions: Positions;
  /** The model takes `pdrop_is_decode`. */
  hasDecodeFlag: boolean;
  /** Optional outputs per cut: kept indices int32 [K] into the tokens alive before the cut, and scores float32 [n]. Ask for them in the prefill only. */
  outputs: { keep: string; score: string }[];
  decoder: {
    layers: number;
    heads: number;
    kvHeads: number;
    headSize: number;
    rotary: 'node' | 'fused';
    packed: boolean;
  };
  pointed: { tensors: number; bytes: number };
}

/** A name that no model gives to a data file of its own. */
const PATH = 'the-original-of-this-page.onnx';
/** Upper end of a slice that has none. */
const END = 2 ** 53 - 1;

/** The decoder in `original` with drops. `original` is not changed. @throws ModelFileError, MatchError, or Error for impossible cuts. */
export function rewritePyramidDrop(
  original: Uint8Array,
  { cuts, positions, lastRowOnly = false }: RewriteOptions,
): RewrittenDecoder {
  const model = readModel(original);
  const decoder = matchDecoder(model);
  checkOptions(decoder, cuts, positions);
  const pointed = pointInto(model, original, PATH);
  const surgeon = new Surgeon(model, decoder, cuts.length, positions);
  const outputs = cuts.map((layer, s) => surgeon.cut(layer, s));
  surgeon.finish(cuts);
  if (lastRowOnly) keepLastRow(model, decoder.logits);
  return {
    bytes: writeModel(model),
    external: { path: PATH, data: original },
    cuts,
    positions,
    hasDecodeFlag: surgeon.hasDecodeFlag,
    outputs,
    pointed,
    decoder: {
      layers: decoder.layers.length,
      heads: decoder.heads,
      kvHeads: decoder.kvHeads,
      headSize: decoder.headSize,
      rotary: decoder.fusedRotary ? 'fused' : 'node',
      packed: decoder.layers[0].key === null,
    },
  };
}

/** The decoder in `original` as it is, as a small file that points into it; with logits of the last token alone where asked. */
export function plainDecoder(
  original: Uint8Array,
  { lastRowOnly = false }: { lastRowOnly?: boolean } = {},
): Pick<RewrittenDecoder, 'bytes' | 'external' | 'pointed'> {
  const model = readModel(original);
  const { logits } = matchDecoder(model);
  const pointed = pointInto(model, original, PATH);
  if (lastRowOnly) keepLastRow(model, logits);
  return { bytes: writeModel(model), external: { path: PATH, data: original }, pointed };
}

function checkOptions({ layers, fusedRotary }: MatchedDecoder, cuts: readonly number[], positions: Positions): void {
  const isAscending = cuts.every(
    (c, i) => Number.isInteger(c) && c >= 1 && c < layers.length && (i === 0 || c > cuts[i - 1]),
  );
  invariant(
    cuts.length > 0 && isAscending,
    () => `cuts: expected ascending layers within 1..${layers.length - 1}; got ${cuts.join(', ') || 'none'}`,
  );
  invariant(
    positions === 'renumber' || !fusedRotary,
    'positions: expected "renumber" for a decoder whose attention op rotates by itself; got "original"',
  );
}

class Surgeon {
  private readonly model: ModelProto;
  private readonly decoder: MatchedDecoder;
  private readonly positionMode: Positions;
  private readonly fresh: NodeProto[] = [];
  private readonly constants = new Set<string>();
  /** Current values: they change at each cut. */
  private protect = 'pdrop_protect';
  private positions: string | null;
  constructor(model: ModelProto, decoder: MatchedDecoder, stages: number, positions: Positions) {
    this.model = model;
    this.decoder = decoder;
    this.positionMode = positions;
    this.positions = decoder.positions;
    const { graph } = this;
    const S = 'pdrop_sequence';
    graph.input.push(
      valueInfo('pdrop_protect', FLOAT, [S]),
      valueInfo('pdrop_iota', FLOAT, [S]),
      valueInfo('pdrop_drop', INT64, [stages]),
      valueInfo('pdrop_total', INT64, [stages]),
    );
    if (this.hasDecodeFlag) graph.input.push(valueInfo('pdrop_is_decode', INT64, [1]));
    this.fresh.push(node('Shape', [decoder.attentionMask], ['pdrop/maskShape']));
    this.slice('pdrop/maskShape', 1, 2, 0, 'pdrop/maskLength');
  }
  /** An int64 vector as an initializer; equal ones are one. */
  private int(...values: number[]): string {
    const name = `pdrop/i${values.join('_')}`;
    if (!this.constants.has(name)) this.graph.initializer.push(int64Tensor(name, values));
    this.constants.add(name);
    return name;
  }
  /** x[.., from:to, ..] along `axis`; ends may be value names. */
  private slice(x: string, from: number | string, to: number | string, axis: number, output: string): string {
    const end = (v: number | string) => (typeof v === 'string' ? v : this.int(v));
    this.fresh.push(node('Slice', [x, end(from), end(to), this.int(axis)], [output]));
    return output;
  }
  get hasDecodeFlag(): boolean {
    return this.positionMode === 'renumber' && this.decoder.positions !== null;
  }
  private get graph() {
    return this.model.graph!;
  }

  /** Drops before `layer`: rank, keep, shorten the stream, and set positions and cache lengths for this and all later layers. */
  cut(layer: number, s: number): { keep: string; score: string } {
    const at = this.decoder.layers[layer];
    const P = (name: string) => `pdrop/${s}/${name}`;
    this.fresh.push(node('Shape', [at.normed], [P('shape')]));
    this.slice(P('shape'), 1, 2, 0, P('n'));
    this.slice('pdrop_drop', s, s + 1, 0, P('drop'));
    this.slice('pdrop_total', s, s + 1, 0, P('total'));
    const score = `pdrop_score_${s}`;
    const keep = `pdrop_keep_${s}`;
    this.score(at, P, score);
    this.select(P, score, keep);
    this.shorten(at, P, keep);
    this.renumber(P, keep);
    this.lengths(layer, P);
    for (const later of this.decoder.layers.slice(layer))
      for (const rotary of rotariesOf(later)) rotary.input[1] = this.positions!;
    this.graph.output.push(valueInfo(keep, INT32, [`pdrop_kept_${s}`]), valueInfo(score, FLOAT, [`pdrop_alive_${s}`]));
    return { keep, score };
  }

  /** mean over heads of softmax(q_last k^T scale) over the whole sequence -> [n] float32 */
  private score(at: DecoderLayer, P: (name: string) => string, score: string): void {
    const { fresh, decoder } = this;
    const { heads, kvHeads, headSize, scale } = decoder;
    this.graph.initializer.push(floatTensor(P('scale'), [scale], []));
    this.slice(at.normed, -1, END, 1, P('last'));
    const [qPosition, kPosition] = this.scorePositions(P);
    let q = this.cloneCone(at.query, at.normed, P('last'), P('q'), qPosition);
    let k = this.cloneCone(at.key ?? at.query, at.normed, at.normed, P('k'), kPosition);
    if (!at.key)
      [q, k] = [
        this.slice(q, 0, heads * headSize, 2, P('qPart')),
        this.slice(k, heads * headSize, (heads + kvHeads) * headSize, 2, P('kPart')),
      ];
    if (decoder.fusedRotary)
      [q, k] = [this.rotate(q, qPosition!, P('qTurned'), heads), this.rotate(k, kPosition!, P('kTurned'), kvHeads)];
    if (decoder.type !== FLOAT) {
      fresh.push(node('Cast', [q], [P('qFloat')], { to: FLOAT }), node('Cast', [k], [P('kFloat')], { to: FLOAT }));
      [q, k] = [P('qFloat'), P('kFloat')];
    }
    fresh.push(
      node('Reshape', [q, this.int(kvHeads, heads / kvHeads, headSize)], [P('qHeads')]),
      node('Reshape', [k, this.int(-1, kvHeads, headSize)], [P('kHeads')]),
      node('Transpose', [P('kHeads')], [P('kt')], { perm: [1, 2, 0] }),
      node('MatMul', [P('qHeads'), P('kt')], [P('qk')]),
      node('Mul', [P('qk'), P('scale')], [P('logits')]),
      node('Softmax', [P('logits')], [P('weights')], { axis: -1 }),
      decoder.opset >= 18
        ? node('ReduceMean', [P('weights'), this.int(0, 1)], [score], { keepdims: 0 })
        : node('ReduceMean', [P('weights')], [score], { axes: [0, 1], keepdims: 0 }),
    );
  }

  /** Positions of the last row and of all rows. Where the attention op rotates, tokens are numbered from 0, which one offset says. */
  private scorePositions(P: (name: string) => string): [string | null, string | null] {
    if (this.positions) return [this.slice(this.positions, -1, END, 1, P('lastPosition')), this.positions];
    if (!this.decoder.fusedRotary) return [null, null];
    this.fresh.push(node('Sub', [P('n'), this.int(1)], [P('lastOffset')]));
    return [P('lastOffset'), this.int(0)];
  }

  private rotate(x: string, positions: string, output: string, heads: number): string {
    const { cos, sin, interleaved } = this.decoder.fusedRotary!;
    const table = this.graph.initializer.find((t) => t.name === cos);
    const turned = table ? 2 * Number(table.dims[1]) : this.decoder.headSize;
    const isPartial = turned < this.decoder.headSize;
    this.fresh.push(
      node(
        'RotaryEmbedding',
        [x, positions, cos, sin],
        [output],
        { interleaved, ...(isPartial ? { num_heads: heads, rotary_embedding_dim: turned } : {}) },
        MICROSOFT,
      ),
    );
    return output;
  }

  /** The cone's operations on another stream value and other positions, with the same weights. */
  private cloneCone(cone: Cone, normed: string, stream: string, prefix: string, positions: string | null): string {
    const renamed = new Map([[normed, stream]]);
    cone.nodes.forEach((n, i) => n.output.forEach((o, j) => o && renamed.set(o, `${prefix}/${i}.${j}`)));
    for (const n of cone.nodes) {
      const input = n.input.map((name, i) =>
        cone.rotaries.includes(n) && i === 1 ? positions! : (renamed.get(name) ?? name),
      );
      this.fresh.push(
        cloneNode(
          n,
          input,
          n.output.map((o) => renamed.get(o) ?? ''),
        ),
      );
    }
    return renamed.get(cone.output)!;
  }

  /** Indices of the n - drop best, ascending. Protection (10, scores are at most 1) keeps every text token wherever it stands. */
  private select(P: (name: string) => string, score: string, keep: string): void {
    this.fresh.push(
      node('Add', [score, this.protect], [P('rank')]),
      node('Sub', [P('n'), P('drop')], [P('K')]),
      node('TopK', [P('rank'), P('K')], [P('best'), P('bestAt')], { axis: -1, largest: 1, sorted: 1 }),
      // int64 indices would leave the GPU when cast: read their float twins, sort those, and cast the result
      node('Gather', ['pdrop_iota', P('bestAt')], [P('bestFloat')], { axis: 0 }),
      node('TopK', [P('bestFloat'), P('K')], [P('ascending'), P('ascendingAt')], { axis: -1, largest: 0, sorted: 1 }),
      node('Cast', [P('ascending')], [keep], { to: INT32 }),
    );
  }

  /** Everyone but the norm itself reads the shortened stream; nothing is normalised again. */
  private shorten({ norm, normed, residual }: DecoderLayer, P: (name: string) => string, keep: string): void {
    for (const n of this.graph.node) {
      if (n === norm || n.output.includes(normed)) continue;
      n.input = n.input.map((name) => (name === normed ? P('normed') : name === residual ? P('residual') : name));
    }
    this.fresh.push(
      node('Gather', [normed, keep], [P('normed')], { axis: 1 }),
      node('Gather', [residual, keep], [P('residual')], { axis: 1 }),
      node('Gather', [this.protect, keep], [P('protect')], { axis: 0 }),
    );
    this.protect = P('protect');
  }

  /** Prefill: 0..K-1. Decode: the new token goes on from this stage's own count. */
  private renumber(P: (name: string) => string, keep: string): void {
    const { fresh, decoder } = this;
    if (!this.positions) return;
    if (this.positionMode === 'original')
      fresh.push(node('Gather', [this.positions, keep], [P('positions')], { axis: 1 }));
    else {
      fresh.push(
        node('Mul', [P('total'), 'pdrop_is_decode'], [P('shift')]),
        node('Sub', [decoder.positions!, P('shift')], [P('shifted')]),
      );
      this.slice(P('shifted'), 0, P('K'), 1, P('positions'));
    }
    this.positions = P('positions');
  }

  /** Cache lengths, in int64 until the end so that they stay on the CPU. */
  private lengths(layer: number, P: (name: string) => string): void {
    this.fresh.push(
      node('Sub', ['pdrop/maskLength', P('total')], [P('length')]),
      node('Sub', [P('length'), this.int(1)], [P('lengthLessOne')]),
      node('Cast', [P('lengthLessOne')], [P('seqlens')], { to: INT32 }),
      node('Squeeze', [P('length'), this.int(0)], [P('lengthScalar')]),
      node('Cast', [P('lengthScalar')], [P('totalLength')], { to: INT32 }),
    );
    for (const { attention } of this.decoder.layers.slice(layer)) {
      attention.input[GQA_INPUT.SEQLENS] = P('seqlens');
      attention.input[GQA_INPUT.TOTAL] = P('totalLength');
      if (attention.input[GQA_INPUT.POSITIONS]) attention.input[GQA_INPUT.POSITIONS] = this.positions!;
    }
  }

  /** Sizes that stages no longer share must not share a name, or onnxruntime's memory plan reuses buffers of the wrong size. */
  finish(cuts: readonly number[]): void {
    const { graph, decoder } = this;
    const named = new Map<string, number>();
    decoder.layers.forEach(({ attention }, l) =>
      [...attention.input.slice(3, 5), ...attention.output.slice(1, 3)].forEach((name) =>
        named.set(name, cuts.filter((c) => l >= c).length),
      ),
    );
    for (const info of [...graph.input, ...graph.output]) renameDimensions(info, named.get(info.name) ?? 0);
    renameDimensions(
      graph.output.find((o) => o.name === decoder.logits),
      cuts.length,
    );
    graph.valueInfo = [];
    graph.node = sorted([...graph.node, ...this.fresh]);
  }
}

const rotariesOf = ({ query, key }: DecoderLayer) => [...query.rotaries, ...(key?.rotaries ?? [])];

function renameDimensions(info: ValueInfoProto | undefined, stage: number): void {
  if (stage === 0) return;
  for (const d of dimensions(info).slice(1))
    if (d.value.case === 'dimParam' && !d.value.value.includes('_pdrop'))
      d.value = { case: 'dimParam', value: `${d.value.value}_pdrop${stage}` };
}
