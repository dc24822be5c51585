// What a matched decoder is, for people and for whoever drives it: its inputs and outputs, sizes, precision and cost.
import type { ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import { MatchError, type OpHistogram } from './errors.ts';
import { headOf } from './last-row.ts';
import type { MatchedDecoder } from './match-decoder.ts';
import { dimensions, elementType, fixed, FLOAT, FLOAT16, histogram, integer, producers } from './proto.ts';

/** Names of a decoder's inputs and outputs, by what they are. */
export interface DecoderPorts {
  /** Embeddings [B, S, width], or token numbers [B, S]. */
  stream: { name: string; kind: 'embeds' | 'ids'; isHalf: boolean };
  mask: string;
  positions: string | null;
  /** Asks for logits of this many last tokens. */
  keepLogits: { name: string; isScalar: boolean } | null;
  caches: { past: [key: string, value: string]; present: [key: string, value: string] }[];
  logits: string;
}
export interface DecoderFacts {
  layers: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  /** Width of the stream; 0 when the file does not say. */
  width: number;
  vocabulary: number;
  /** Longest sequence by the rotary tables; Infinity when the file does not say. */
  maxTokens: number;
  isHalf: boolean;
  rotary: 'node' | 'fused' | 'none';
  packed: boolean;
  /** How most weights are stored. */
  weights: string;
  parameters: number;
  /** Multiply-accumulates of all layers' projections per token. */
  linearMacs: number;
  opset: number;
  producer: string;
  histogram: OpHistogram;
}

/** @throws MatchError for an input that nobody would know how to fill */
export function portsOf(model: ModelProto, { layers, attentionMask }: MatchedDecoder): DecoderPorts {
  const graph = model.graph!;
  const weights = new Set(graph.initializer.map((t) => t.name));
  const inputs = graph.input.filter((i) => !weights.has(i.name));
  const find = (name: string) => inputs.find((i) => i.name === name);
  const stream = find('inputs_embeds') ?? find('input_ids');
  const keep = find('num_logits_to_keep');
  const refuse = (pattern: string): never => {
    throw new MatchError(pattern, histogram(graph));
  };
  if (!stream)
    return refuse(`inputs: expected "inputs_embeds" or "input_ids"; got ${inputs.map((i) => i.name).join(', ')}`);
  const caches = layers.map(({ attention: { input, output } }): DecoderPorts['caches'][number] => ({
    past: [input[3], input[4]],
    present: [output[1], output[2]],
  }));
  const logits =
    graph.output.find((o) => o.name === 'logits') ??
    refuse(
      `outputs: expected "logits"; got ${graph.output
        .map((o) => o.name)
        .slice(0, 4)
        .join(', ')}`,
    );
  const known = new Set([
    stream.name,
    attentionMask,
    'position_ids',
    'num_logits_to_keep',
    ...caches.flatMap((c) => c.past),
  ]);
  const strange = inputs.filter((i) => !known.has(i.name));
  if (strange.length)
    refuse(
      `inputs: expected only ${stream.name}, ${attentionMask}, position_ids, num_logits_to_keep and caches; got ${strange.map((i) => i.name).join(', ')}`,
    );
  return {
    stream: {
      name: stream.name,
      kind: stream.name === 'input_ids' ? 'ids' : 'embeds',
      isHalf: elementType(stream) === FLOAT16,
    },
    mask: attentionMask,
    positions: find('position_ids') ? 'position_ids' : null,
    keepLogits: keep ? { name: keep.name, isScalar: dimensions(keep).length === 0 } : null,
    caches,
    logits: logits.name,
  };
}

const elements = (dims: readonly (number | bigint)[]) => dims.reduce<number>((n, d) => n * Number(d), 1);
const TYPES: Record<number, string> = {
  1: 'float32',
  2: '8 bit',
  3: '8 bit',
  10: 'float16',
  16: 'bfloat16',
  21: '4 bit',
  22: '4 bit',
};

/** Inputs times outputs of a projection; 0 for any other node. */
function products(n: NodeProto, weights: ReadonlyMap<string, TensorProto>): number {
  if (n.opType === 'MatMulNBits') return integer(n, 'K', 0) * integer(n, 'N', 0);
  const w = ['MatMul', 'Gemm'].includes(n.opType) ? weights.get(n.input[1]) : undefined;
  return w?.dims.length === 2 ? elements(w.dims) : 0;
}

export function factsOf(model: ModelProto, decoder: MatchedDecoder): DecoderFacts {
  const graph = model.graph!;
  const weights = new Map(graph.initializer.map((t) => [t.name, t]));
  const [{ query }] = decoder.layers;
  const stream = graph.input.find((i) => i.name === 'inputs_embeds');
  const vocabulary = fixed(dimensions(graph.output.find((o) => o.name === 'logits'))[2]) ?? 0;
  const linear = graph.node.map((n) => ({ n, macs: products(n, weights) })).filter(({ macs }) => macs > 0);
  const head = headOf('logits', producers(graph.node));
  const table = weights.get(decoder.fusedRotary?.cos ?? query.rotaries[0]?.input[2] ?? '');
  const packed = linear.filter(({ n }) => n.opType === 'MatMulNBits');
  const stored = new Map<string, number>();
  for (const { n, macs } of linear) {
    const kind =
      n.opType === 'MatMulNBits'
        ? `${integer(n, 'bits', 4)} bit`
        : (TYPES[weights.get(n.input[1])!.dataType] ?? 'unknown');
    stored.set(kind, (stored.get(kind) ?? 0) + macs);
  }
  return {
    layers: decoder.layers.length,
    heads: decoder.heads,
    kvHeads: decoder.kvHeads,
    headSize: decoder.headSize,
    width: fixed(dimensions(stream)[2]) ?? 0,
    vocabulary,
    opset: decoder.opset,
    maxTokens: table ? Number(table.dims[0]) : Infinity,
    isHalf: decoder.type !== FLOAT,
    rotary: decoder.fusedRotary ? 'fused' : query.rotaries.length ? 'node' : 'none',
    packed: decoder.layers[0].key === null,
    weights: [...stored].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown',
    linearMacs: linear.reduce((sum, { n, macs }) => sum + (n === head ? 0 : macs), 0),
    parameters:
      packed.reduce((sum, { macs }) => sum + macs, 0) +
      graph.initializer
        .filter((t) => t.dataType === 1 || t.dataType === 10)
        .reduce((sum, t) => sum + elements(t.dims), 0),
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' ') || 'unnamed',
    histogram: histogram(graph),
  };
}
