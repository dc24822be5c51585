// Recognises decoders of the fused family: GroupQueryAttention over projections of a normalised residual stream
// (what the onnxruntime-genai builder and onnxruntime's optimiser write). Names are not trusted, only structure.
import type { GraphProto, ModelProto, NodeProto } from 'onnx-buf';
import { MatchError } from './errors.ts';
import { dimensions, elementType, fixed, float, histogram, integer, MICROSOFT, producers } from './proto.ts';

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
  attentionMask: string;
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

class Matcher {
  private readonly by: Map<string, NodeProto>;
  private readonly constants: Set<string>;
  private readonly graph: GraphProto;
  constructor(graph: GraphProto) {
    this.graph = graph;
    this.by = producers(graph.node);
    this.constants = new Set(graph.initializer.map((t) => t.name));
    for (const n of graph.node) if (n.opType === 'Constant') n.output.forEach((o) => this.constants.add(o));
  }
  fail(pattern: string): never {
    throw new MatchError(pattern, histogram(this.graph));
  }
  input(name: string) {
    return this.graph.input.find((i) => i.name === name);
  }

  /** Walks from `output` back to the projection. Constants and positions end the walk. */
  cone(where: string, output: string): { cone: Cone; normed: string; positions: string | null } {
    const nodes: NodeProto[] = [];
    const rotaries: NodeProto[] = [];
    const borders = new Set<string>();
    const positions = new Set<string>();
    const visit = (name: string): void => {
      if (!name || this.constants.has(name)) return;
      const n = this.by.get(name);
      if (!n)
        this.fail(
          `${where}: expected a projection (${PROJECTIONS.join(', ')}) of the normalised stream; got the graph input "${name}"`,
        );
      if (nodes.includes(n)) return;
      if (PROJECTIONS.includes(n.opType)) borders.add(n.input[0]);
      else if (n.opType === 'RotaryEmbedding' && n.domain === MICROSOFT) {
        visit(n.input[0]);
        positions.add(n.input[1]);
        rotaries.push(n);
      } else if (n.opType !== 'RotaryEmbedding' && BETWEEN.includes(n.opType)) n.input.forEach(visit);
      else
        this.fail(
          `${where}: expected only ${[...PROJECTIONS, ...BETWEEN].join(', ')} before the attention op; got ${n.domain ? `${n.domain}.` : ''}${n.opType} "${n.name}"`,
        );
      nodes.push(n);
    };
    visit(output);
    if (borders.size !== 1) this.fail(`${where}: expected one projected value; got ${borders.size}`);
    if (positions.size > 1) this.fail(`${where}: expected one position input; got ${[...positions].join(', ')}`);
    return { cone: { nodes, output, rotaries }, normed: [...borders][0], positions: [...positions][0] ?? null };
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
    if (norm && NORMS.includes(norm.opType)) return { norm, residual: norm.input[0] };
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
  if (graph.node.some((n) => n.opType === 'If' || n.opType === 'Loop'))
    m.fail('graph: expected one decoder without branches; got If or Loop (an old "merged" export)');
  const attentions = graph.node.filter((n) => n.opType === 'GroupQueryAttention' && n.domain === MICROSOFT);
  if (!attentions.length) m.fail('attention: expected com.microsoft.GroupQueryAttention (the fused family); got none');
  if (!m.input('attention_mask'))
    m.fail(`inputs: expected "attention_mask"; got ${graph.input.map((i) => i.name).join(', ')}`);
  const found = attentions.map((a, i) => m.layer(a, i));
  const [first] = attentions;
  const isFused = integer(first, 'do_rotary', 0) === 1;
  const positions = new Set(found.map((f) => f.positions));
  if (positions.size > 1) m.fail(`positions: expected one input for all layers; got ${[...positions].join(', ')}`);
  const heads = integer(first, 'num_heads', 0);
  const kvHeads = integer(first, 'kv_num_heads', heads);
  const past = m.input(first.input[PAST_KEY]);
  const headSize = fixed(dimensions(past)[3]);
  if (!headSize || !heads)
    m.fail(
      `layer 0: expected a head count and a fixed head size in the past key's shape; got ${heads} heads of size ${headSize}`,
    );
  for (const [i, a] of attentions.entries())
    if (integer(a, 'num_heads', 0) !== heads || integer(a, 'do_rotary', 0) !== Number(isFused))
      m.fail(`layer ${i}: expected attention like layer 0's; got other attributes`);
  if (isFused && (!first.input[COS] || !first.input[SIN]))
    m.fail('layer 0: expected cos and sin tables beside do_rotary = 1; got none');
  return {
    layers: found.map((f) => f.layer),
    heads,
    kvHeads,
    headSize,
    scale: float(first, 'scale', 0) || 1 / Math.sqrt(headSize),
    type: elementType(past) ?? 1,
    opset,
    positions: [...positions][0],
    attentionMask: 'attention_mask',
    fusedRotary: isFused
      ? { cos: first.input[COS], sin: first.input[SIN], interleaved: integer(first, 'rotary_interleaved', 0) }
      : null,
  };
}
