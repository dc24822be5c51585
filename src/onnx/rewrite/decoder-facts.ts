// What a matched decoder is, for people and for whoever drives it: its sizes, precision and cost.
import type { GraphProto, ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import type { DecoderPorts } from './decoder-ports.ts';
import type { OpHistogram } from './errors.ts';
import { headOf } from './last-row.ts';
import type { MatchedDecoder } from './match-decoder.ts';
import { dimensions, fixed, FLOAT, histogram, integer, producers } from './proto.ts';

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

/** Width of the embeddings, by the input or else by the first norm's weights; 0 when the file does not say. */
function widthOf(
  graph: GraphProto,
  { stream, layers }: MatchedDecoder,
  weights: ReadonlyMap<string, TensorProto>,
): number {
  const stated = fixed(dimensions(graph.input.find((i) => i.name === stream))[2]);
  const scale = layers[0].norm.input.map((name) => weights.get(name)).find((t) => t?.dims.length === 1);
  return stated ?? (scale ? Number(scale.dims[0]) : 0);
}
/** Token numbers that can be fed and can come out. */
function vocabularyOf(graph: GraphProto, ports: DecoderPorts, weights: ReadonlyMap<string, TensorProto>): number {
  const out = fixed(dimensions(graph.output.find((o) => o.name === ports.logits)).at(-1)) ?? 0;
  if (ports.stream.kind === 'embeds') return out;
  const lookup = graph.node.find((n) => n.opType === 'Gather' && n.input[1] === ports.stream.name);
  const rows = Number(weights.get(lookup?.input[0] ?? '')?.dims[0] ?? 0);
  return out && rows ? Math.min(out, rows) : out || rows;
}

export function factsOf(model: ModelProto, decoder: MatchedDecoder, ports: DecoderPorts): DecoderFacts {
  const graph = model.graph!;
  const weights = new Map(graph.initializer.map((t) => [t.name, t]));
  const [{ query }] = decoder.layers;
  const linear = graph.node.map((n) => ({ n, macs: products(n, weights) })).filter(({ macs }) => macs > 0);
  const head = headOf(ports.logits, producers(graph.node));
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
    width: ports.stream.kind === 'embeds' ? widthOf(graph, decoder, weights) : 0,
    vocabulary: vocabularyOf(graph, ports, weights),
    opset: decoder.opset,
    maxTokens: table?.dims.length === 2 ? Number(table.dims[0]) : Infinity,
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
