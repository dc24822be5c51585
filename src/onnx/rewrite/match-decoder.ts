// Recognises decoders of the fused family: GroupQueryAttention over projections of a normalised residual stream
// (what the onnxruntime-genai builder and onnxruntime's optimiser write). Names are not trusted, only structure.
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from 'onnx-buf';
import { MatchError } from './errors.ts';
import {
  dimensions,
  elementType,
  fixed,
  FLOAT,
  float,
  FLOAT16,
  histogram,
  integer,
  MICROSOFT,
  producers,
} from './proto.ts';

/** What lies between a layer's normalised stream and its attention op for the query or the key. */
export interface Cone {
  /** In execution order. */
  nodes: NodeProto[];
  /** The value that reaches the attention op. */
  output: string;
  /** RotaryEmbedding nodes among `nodes`. */
  rotaries: NodeProto[];
}
export interface DecoderLayer {
  attention: NodeProto;
  norm: NodeProto;
  /** Normalised residual stream that the projections read, [B, S, H]. */
  normed: string;
  /** Residual stream itself, [B, S, H]. */
  residual: string;
  query: Cone;
  /** Null when query, key and value come as one packed projection. */
  key: Cone | null;
}
export interface MatchedDecoder {
  layers: DecoderLayer[];
  heads: number;
  kvHeads: number;
  headSize: number;
  scale: number;
  /** Element type of the activations (FLOAT or FLOAT16). */
  type: number;
  /** int64 positions [B, S]; null when the attention op rotates by the cache length. */
  positions: string | null;
  /** Set when the attention op itself rotates. */
  fusedRotary: { cos: string; sin: string; interleaved: number } | null;
  /** Graph input that the cache lengths follow from, [B, total]. */
  attentionMask: string;
  /** Graph input that the first layer's stream follows from. */
  stream: string;
  /** Graph input that `positions` follow from; null when there is none of their own. */
  positionInput: string | null;
  /** Graph output [B, S, vocabulary]. */
  logits: string;
  opset: number;
}

const PROJECTIONS = ['MatMul', 'MatMulNBits', 'Gemm', 'MatMulFpQ4', 'MatMulIntegerToFloat'];
/** Ops that may follow the projection: bias, rotation, per-head norm, splitting a packed projection. */
const BETWEEN = [
  'Add',
  'RotaryEmbedding',
  'Reshape',
  'SimplifiedLayerNormalization',
  'RMSNormalization',
  'LayerNormalization',
  'Split',
  'Slice',
  'Cast',
  'Mul',
  'Identity',
];
/** More than any decoder has. */
const MOST_HEADS = 4096;
const MOST_HEAD_SIZE = 4096;
const MOST_WIDTH = 2 ** 24;
const SKIP_NORMS = ['SkipSimplifiedLayerNormalization', 'SkipLayerNormalization'];
const NORMS = ['SimplifiedLayerNormalization', 'RMSNormalization', 'LayerNormalization'];
/** Inputs of GroupQueryAttention. */
const Q = 0;
const K = 1;
const V = 2;
const PAST_KEY = 3;
const PAST_VALUE = 4;
const SEQLENS = 5;
const TOTAL = 6;
const COS = 7;
const SIN = 8;
const POSITIONS = 9;
const BIAS = 10;
const SINK = 11;
export const GQA_INPUT = { SEQLENS, TOTAL, POSITIONS } as const;

const isRotary = (n: NodeProto) => n.opType === 'RotaryEmbedding' && n.domain === MICROSOFT;

class Matcher {
  private readonly by: Map<string, NodeProto>;
  private readonly constants: Set<string>;
  private readonly inputs: Map<string, ValueInfoProto>;
  private readonly order: Map<NodeProto, number>;
  private readonly graph: GraphProto;
  constructor(graph: GraphProto) {
    this.graph = graph;
    this.by = producers(graph.node);
    this.order = new Map(graph.node.map((n, i) => [n, i]));
    this.constants = new Set(graph.initializer.map((t) => t.name));
    for (const n of graph.node) if (n.opType === 'Constant') n.output.forEach((o) => this.constants.add(o));
    this.inputs = new Map(graph.input.filter((i) => !this.constants.has(i.name)).map((i) => [i.name, i]));
  }
  fail(pattern: string): never {
    throw new MatchError(pattern, histogram(this.graph));
  }
  input(name: string) {
    return this.inputs.get(name);
  }
  /** Graph inputs that a value follows from. */
  sources(name: string): string[] {
    const seen = new Set<string>();
    const open = [name];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (!at || seen.has(at)) continue;
      seen.add(at);
      for (const from of this.by.get(at)?.input ?? []) open.push(from);
    }
    return [...seen].filter((value) => this.inputs.has(value));
  }
  /** The one graph input that a value follows from; `usual` where there are several. */
  source(where: string, name: string, usual: readonly string[]): string {
    const found = this.sources(name);
    const only = found.length === 1 ? found[0] : usual.find((u) => found.includes(u));
    return only ?? this.fail(`${where}: expected to follow from one graph input; got ${found.join(', ') || 'none'}`);
  }
  /** Each layer must read what the one before it made. */
  checkChain(layers: readonly DecoderLayer[]): void {
    const depth = new Map<string, number>();
    const attentions = new Set(layers.map((l) => l.attention));
    for (const n of this.graph.node) {
      const before = n.input.reduce((most, name) => Math.max(most, depth.get(name) ?? 0), 0);
      for (const o of n.output) depth.set(o, before + Number(attentions.has(n)));
    }
    for (const [i, { normed, residual }] of layers.entries())
      for (const name of [normed, residual])
        if ((depth.get(name) ?? 0) !== i)
          this.fail(`layer ${i}: expected a stream after ${i} attention ops; got one after ${depth.get(name) ?? 0}`);
  }

  /** Walks from `output` back to the projection. Constants and positions end the walk. */
  cone(where: string, output: string): { cone: Cone; normed: string; positions: string | null } {
    const found = new Set<NodeProto>();
    const borders = new Set<string>();
    const positions = new Set<string>();
    const open = [output];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (!name || this.constants.has(name)) continue;
      const n = this.by.get(name);
      if (!n)
        this.fail(
          `${where}: expected a projection (${PROJECTIONS.join(', ')}) of the normalised stream; got the graph input "${name}"`,
        );
      if (found.has(n)) continue;
      found.add(n);
      if (PROJECTIONS.includes(n.opType)) borders.add(n.input[0] ?? '');
      else if (isRotary(n)) {
        open.push(n.input[0] ?? '');
        positions.add(n.input[1] ?? '');
      } else if (n.opType !== 'RotaryEmbedding' && BETWEEN.includes(n.opType)) for (const i of n.input) open.push(i);
      else
        this.fail(
          `${where}: expected only ${[...PROJECTIONS, ...BETWEEN].join(', ')} before the attention op; got ${n.domain ? `${n.domain}.` : ''}${n.opType} "${n.name}"`,
        );
    }
    if (borders.size !== 1) this.fail(`${where}: expected one projected value; got ${borders.size}`);
    if (positions.size > 1 || positions.has(''))
      this.fail(`${where}: expected one position input; got ${[...positions].join(', ') || 'none'}`);
    const nodes = [...found].sort((a, b) => this.order.get(a)! - this.order.get(b)!);
    return {
      cone: { nodes, output, rotaries: nodes.filter(isRotary) },
      normed: [...borders][0],
      positions: [...positions][0] ?? null,
    };
  }

  /** The norm that makes `normed`, and the residual stream beside it. */
  stream(where: string, normed: string): { norm: NodeProto; residual: string } {
    let norm = this.by.get(normed);
    if (norm?.opType === 'Cast') norm = this.by.get(norm.input[0]);
    if (norm && SKIP_NORMS.includes(norm.opType)) {
      if (!norm.output[3])
        this.fail(
          `${where}: expected ${norm.opType} "${norm.name}" to give the residual sum as its fourth output; got none`,
        );
      return { norm, residual: norm.output[3] };
    }
    if (norm && NORMS.includes(norm.opType) && norm.input[0]) return { norm, residual: norm.input[0] };
    return this.fail(
      `${where}: expected ${[...SKIP_NORMS, ...NORMS].join(', ')} before the projections; got ${norm ? norm.opType : `"${normed}" from outside the graph`}`,
    );
  }

  layer(attention: NodeProto, index: number): { layer: DecoderLayer; positions: string | null } {
    const where = `layer ${index}`;
    const { input } = attention;
    for (const [at, what] of [
      [PAST_KEY, 'past key'],
      [PAST_VALUE, 'past value'],
    ] as const) {
      if (!this.input(input[at]))
        this.fail(`${where}: expected the ${what} as a graph input; got "${input[at] ?? ''}"`);
    }
    if (!input[SEQLENS] || !input[TOTAL])
      this.fail(`${where}: expected seqlens_k and total_sequence_length; got ${input.length} inputs`);
    if (input[BIAS])
      this.fail(`${where}: expected no attention bias, whose shape follows the sequence; got "${input[BIAS]}"`);
    if (input[SINK]) this.fail(`${where}: expected no attention sink; got "${input[SINK]}"`);
    if (float(attention, 'softcap', 0) !== 0)
      this.fail(`${where}: expected no softcap; got ${float(attention, 'softcap', 0)}`);
    if (integer(attention, 'local_window_size', -1) !== -1)
      this.fail(
        `${where}: expected attention over all tokens; got a window of ${integer(attention, 'local_window_size', -1)}`,
      );
    const packed = !input[K] && !input[V];
    const q = this.cone(`${where}, query`, input[Q]);
    const k = packed ? null : this.cone(`${where}, key`, input[K]);
    if (k && k.normed !== q.normed)
      this.fail(`${where}: expected query and key of one value; got "${q.normed}" and "${k.normed}"`);
    const { norm, residual } = this.stream(where, q.normed);
    const isFused = integer(attention, 'do_rotary', 0) === 1;
    return {
      layer: { attention, norm, normed: q.normed, residual, query: q.cone, key: k?.cone ?? null },
      positions: isFused ? input[POSITIONS] || null : q.positions,
    };
  }
}

/** @throws MatchError naming the first pattern that did not match. */
export function matchDecoder(model: ModelProto): MatchedDecoder {
  const graph = model.graph!;
  const m: Matcher = new Matcher(graph);
  const opset = Number(model.opsetImport.find((o) => o.domain === '' || o.domain === 'ai.onnx')?.version ?? 0);
  if (opset < 13) m.fail(`operator set: expected 13 or later; got ${opset}`);
  if (graph.node.some((n) => n.attribute.some((a) => a.g || a.graphs.length)))
    m.fail('graph: expected one decoder without branches; got If, Loop or Scan (an old "merged" export)');
  const attentions = graph.node.filter((n) => n.opType === 'GroupQueryAttention' && n.domain === MICROSOFT);
  if (!attentions.length) m.fail('attention: expected com.microsoft.GroupQueryAttention (the fused family); got none');
  checkFresh(m, graph);
  const found = attentions.map((a, i) => m.layer(a, i));
  const layers = found.map((f) => f.layer);
  m.checkChain(layers);
  const [first] = attentions;
  const isFused = integer(first, 'do_rotary', 0) === 1;
  const positions = new Set(found.map((f) => f.positions));
  if (positions.size > 1) m.fail(`positions: expected one input for all layers; got ${[...positions].join(', ')}`);
  const sizes = headsOf(m, first);
  checkAlike(m, graph, attentions, sizes);
  checkPacked(m, graph);
  if (isFused && (!first.input[COS] || !first.input[SIN]))
    m.fail('layer 0: expected cos and sin tables beside do_rotary = 1; got none');
  const attentionMask = m.source('cache lengths', first.input[SEQLENS], ['attention_mask']);
  return {
    layers,
    ...sizes,
    opset,
    positions: [...positions][0],
    attentionMask,
    logits: logitsOf(m, graph, layers),
    stream: m.source('stream of layer 0', layers[0].residual, ['inputs_embeds', 'input_ids']),
    positionInput: positionInput(m, [...positions][0], attentionMask),
    fusedRotary: isFused
      ? { cos: first.input[COS], sin: first.input[SIN], interleaved: integer(first, 'rotary_interleaved', 0) }
      : null,
  };
}

/** The output called logits, or the only one that is no cache. */
function logitsOf(m: Matcher, graph: GraphProto, layers: readonly DecoderLayer[]): string {
  const presents = new Set(layers.flatMap(({ attention: { output } }) => [output[1], output[2]]));
  const others = graph.output.map((o) => o.name).filter((name) => !presents.has(name));
  const found = others.includes('logits') ? 'logits' : others[0];
  if (!found || (found !== 'logits' && others.length > 1))
    m.fail(`outputs: expected "logits"; got ${others.slice(0, 4).join(', ') || 'caches alone'}`);
  return found;
}

function positionInput(m: Matcher, positions: string | null, mask: string): string | null {
  if (positions === null) return null;
  const found = m.sources(positions).filter((name) => name !== mask);
  if (found.length > 1) m.fail(`positions: expected to follow from one graph input; got ${found.join(', ')}`);
  return found[0] ?? null;
}

/** Names that the rewrite adds must be free. */
function checkFresh(m: Matcher, graph: GraphProto): void {
  const isOurs = (name: string) => /^(pdrop[_/]|last_row\/)/.test(name);
  const taken = [
    ...graph.input.map((i) => i.name),
    ...graph.initializer.map((t) => t.name),
    ...graph.node.flatMap((n) => n.output),
  ].find(isOurs);
  if (taken) m.fail(`graph: expected a decoder that was not rewritten here before; got the value "${taken}"`);
}

type Sizes = Pick<MatchedDecoder, 'heads' | 'kvHeads' | 'headSize' | 'scale' | 'type'>;
const isWithin = (n: number, most: number) => Number.isInteger(n) && n >= 1 && n <= most;

/** Sizes of the first layer's heads, such as a decoder can have. */
function headsOf(m: Matcher, first: NodeProto): Sizes {
  const heads = integer(first, 'num_heads', 0);
  const kvHeads = integer(first, 'kv_num_heads', heads);
  const past = m.input(first.input[PAST_KEY]);
  const headSize = fixed(dimensions(past)[3]) ?? 0;
  const type = elementType(past) ?? FLOAT;
  const scale = float(first, 'scale', 0) || 1 / Math.sqrt(headSize);
  if (!isWithin(heads, MOST_HEADS) || !isWithin(kvHeads, MOST_HEADS) || heads % kvHeads !== 0)
    m.fail(`layer 0: expected heads, 1 to ${MOST_HEADS}, a multiple of those for keys; got ${heads} and ${kvHeads}`);
  if (!isWithin(headSize, MOST_HEAD_SIZE))
    m.fail(
      `layer 0: expected a fixed head size of 1 to ${MOST_HEAD_SIZE} in the past key's shape; got ${headSize || 'none'}`,
    );
  if (type !== FLOAT && type !== FLOAT16)
    m.fail(`layer 0: expected caches of float32 or float16; got data type ${type}`);
  if (!(scale > 0 && Number.isFinite(scale))) m.fail(`layer 0: expected a scale above 0; got ${scale}`);
  return { heads, kvHeads, headSize, scale, type };
}

const ALIKE = ['num_heads', 'kv_num_heads', 'do_rotary', 'rotary_interleaved'];
/** All layers have the first one's attributes, and caches of their own of its sizes and type, which come back as outputs. */
function checkAlike(m: Matcher, graph: GraphProto, attentions: readonly NodeProto[], sizes: Sizes): void {
  const [first] = attentions;
  const { kvHeads, headSize, type } = sizes;
  const outputs = new Map(graph.output.map((o) => [o.name, o]));
  const pasts = new Set<string>();
  for (const [i, a] of attentions.entries()) {
    const isLikeFirst = ALIKE.every((name) => integer(a, name, 0) === integer(first, name, 0));
    if (!isLikeFirst || float(a, 'scale', 0) !== float(first, 'scale', 0))
      m.fail(`layer ${i}: expected attention like layer 0's; got other attributes`);
    for (const past of [a.input[PAST_KEY], a.input[PAST_VALUE]]) {
      const [, kv, , size] = dimensions(m.input(past));
      const isFitting = (fixed(kv) ?? kvHeads) === kvHeads && fixed(size) === headSize;
      if (!isFitting || pasts.has(past) || elementType(m.input(past)) !== type)
        m.fail(`layer ${i}: expected caches of its own, of layer 0's type and sizes; got "${past}"`);
      pasts.add(past);
    }
    for (const present of [a.output[1], a.output[2]])
      if (elementType(outputs.get(present)) !== type)
        m.fail(
          `layer ${i}: expected the new key and value as graph outputs of the old ones' type; got "${present ?? ''}"`,
        );
  }
}

/** Widths of packed weights are attributes. */
function checkPacked(m: Matcher, graph: GraphProto): void {
  for (const n of graph.node.filter((x) => x.opType === 'MatMulNBits')) {
    const [K, N] = [integer(n, 'K', 0), integer(n, 'N', 0)];
    if (!isWithin(K, MOST_WIDTH) || !isWithin(N, MOST_WIDTH))
      m.fail(`MatMulNBits "${n.name}": expected widths K and N; got ${K} and ${N}`);
  }
}
