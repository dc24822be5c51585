// Inputs and outputs of a matched decoder under the names and in the types that its file declares, so that whoever drives it feeds
// what it asks for; what nobody could feed is refused before anything runs.
import type { GraphProto, ModelProto, ValueInfoProto } from 'onnx-buf';
import { MatchError } from './errors.ts';
import type { MatchedDecoder } from './match-decoder.ts';
import { BOOL, dimensions, elementType, fixed, FLOAT, FLOAT16, hasShape, histogram, INT32, INT64 } from './proto.ts';
import type { TensorType } from './session.ts';

/** An input as the file declares it. */
export interface Port {
  name: string;
  type: TensorType;
}
/** A decoder's inputs and outputs, by what they are. */
export interface DecoderPorts {
  /** Embeddings [B, S, width], or token numbers [B, S]. */
  stream: Port & { kind: 'embeds' | 'ids' };
  mask: Port;
  positions: Port | null;
  /** Asks for logits of this many last tokens. */
  keepLogits: (Port & { isScalar: boolean }) | null;
  caches: { past: [key: string, value: string]; present: [key: string, value: string] }[];
  logits: string;
}
const TYPES = new Map<number | undefined, TensorType>([
  [FLOAT, 'float32'],
  [FLOAT16, 'float16'],
  [INT64, 'int64'],
  [INT32, 'int32'],
  [BOOL, 'bool'],
]);
const WHOLE: readonly TensorType[] = ['int64', 'int32'];
const REAL: readonly TensorType[] = ['float32', 'float16'];
const KEEP_LOGITS = 'num_logits_to_keep';

class Interface {
  readonly inputs: Map<string, ValueInfoProto>;
  private readonly graph: GraphProto;
  constructor(graph: GraphProto) {
    const weights = new Set(graph.initializer.map((t) => t.name));
    this.graph = graph;
    this.inputs = new Map(graph.input.filter((i) => !weights.has(i.name)).map((i) => [i.name, i]));
  }
  refuse(pattern: string): never {
    throw new MatchError(pattern, histogram(this.graph));
  }

  /** An input of one of these types and ranks; `open`: the axis whose length is the caller's choice. */
  port(name: string, types: readonly TensorType[], ranks: readonly number[], open?: number): Port {
    const info = this.inputs.get(name);
    const type = TYPES.get(elementType(info));
    const dims = dimensions(info);
    const where = `input "${name}"`;
    if (!type || !types.includes(type))
      this.refuse(`${where}: expected ${types.join(' or ')}; got ${type ?? `data type ${elementType(info)}`}`);
    if (hasShape(info) && !ranks.includes(dims.length))
      this.refuse(`${where}: expected ${ranks.join(' or ')} dimensions; got ${dims.length}`);
    if (open === undefined) return { name, type };
    if ((fixed(dims[0]) ?? 1) !== 1)
      this.refuse(`${where}: expected a batch of 1 or an open one; got ${fixed(dims[0])}`);
    if (fixed(dims[open]) !== undefined) this.refuse(`${where}: expected an open length; got ${fixed(dims[open])}`);
    return { name, type };
  }
  stream(name: string): DecoderPorts['stream'] {
    const isEmbeds = REAL.includes(TYPES.get(elementType(this.inputs.get(name)))!);
    return isEmbeds
      ? { ...this.port(name, REAL, [3], 1), kind: 'embeds' }
      : { ...this.port(name, [...REAL, ...WHOLE], [2], 1), kind: 'ids' };
  }
  keepLogits(): DecoderPorts['keepLogits'] {
    const info = this.inputs.get(KEEP_LOGITS);
    return info ? { ...this.port(KEEP_LOGITS, WHOLE, [0, 1]), isScalar: dimensions(info).length === 0 } : null;
  }

  checkNoOthers(known: ReadonlySet<string>): void {
    const strange = [...this.inputs.keys()].filter((name) => !known.has(name));
    if (strange.length)
      this.refuse(`inputs: expected only ${[...known].slice(0, 4).join(', ')} and caches; got ${strange.join(', ')}`);
  }
  checkLogits(name: string): void {
    const type = elementType(this.graph.output.find((o) => o.name === name));
    if (type !== FLOAT && type !== FLOAT16)
      this.refuse(`output "${name}": expected float32 or float16; got data type ${type}`);
  }
}

/** @throws MatchError for an input that nobody would know how to fill, or logits that nobody could read */
export function portsOf(model: ModelProto, decoder: MatchedDecoder): DecoderPorts {
  const declared = new Interface(model.graph!);
  const stream = declared.stream(decoder.stream);
  const mask = declared.port(decoder.attentionMask, [...WHOLE, ...REAL, 'bool'], [2], 1);
  const positions = decoder.positionInput === null ? null : declared.port(decoder.positionInput, WHOLE, [2], 1);
  const keepLogits = declared.keepLogits();
  const caches = decoder.layers.map(({ attention: { input, output } }): DecoderPorts['caches'][number] => ({
    past: [input[3], input[4]],
    present: [output[1], output[2]],
  }));
  const pasts = caches.flatMap((c) => c.past);
  for (const name of pasts) declared.port(name, REAL, [4], 2);
  const own = [stream, mask, positions, keepLogits].flatMap((port) => port?.name ?? []);
  declared.checkNoOthers(new Set([...own, ...pasts]));
  declared.checkLogits(decoder.logits);
  return { stream, mask, positions, keepLogits, caches, logits: decoder.logits };
}
