// Short constructors and look-ups for ONNX protobuf messages.
import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
} from 'onnx-buf';
import type { OpHistogram } from './errors.ts';

export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;
export const BOOL = 9;
export const FLOAT16 = 10;
export const MICROSOFT = 'com.microsoft';

export type AttributeValue = number | readonly number[] | { float: number } | { text: string };
function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value.float });
  if ('text' in value)
    return create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value.text) });
  return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: value.map(BigInt) });
}
/** A node named after its first output. */
export const node = (
  opType: string,
  input: string[],
  output: string[],
  attributes: Record<string, AttributeValue> = {},
  domain = '',
): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name: output[0],
    input,
    output,
    domain,
    attribute: Object.entries(attributes).map(([k, v]) => attribute(k, v)),
  });
/** The same operation (and weights) on other values. */
export function cloneNode(from: NodeProto, input: string[], output: string[]): NodeProto {
  const copy = clone(NodeProtoSchema, from);
  return Object.assign(copy, { name: output[0], input, output });
}

const tensor = (
  name: string,
  dims: readonly number[],
  dataType: number,
  array: ArrayBufferView<ArrayBuffer>,
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType,
    rawData: new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  });
export const int64Tensor = (
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto => tensor(name, dims, INT64, BigInt64Array.from(values.map(BigInt)));
export const floatTensor = (
  name: string,
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): TensorProto => tensor(name, dims, FLOAT, Float32Array.from(values));
/** Values as float16 bits. */
export const halfTensor = (name: string, bits: Uint16Array<ArrayBuffer>, dims: readonly number[]): TensorProto =>
  tensor(name, dims, FLOAT16, bits);
export interface Place {
  location: string;
  offset: number;
  length: number;
}
/** Entries that point to a place in another file. */
export const placeEntries = (place: Place) =>
  Object.entries(place).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value: String(value) }));
export const externalTensor = (name: string, dims: readonly number[], dataType: number, place: Place): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: placeEntries(place),
  });
export const bytesTensor = (name: string, values: Uint8Array<ArrayBuffer>, dims: readonly number[]): TensorProto =>
  tensor(name, dims, 2, values);

export type Dimension = number | string;
/** A typed graph input or output; strings name open dimensions. */
export const valueInfo = (name: string, elemType: number, dims: readonly Dimension[]): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType,
          shape: create(TensorShapeProtoSchema, {
            dim: dims.map((d) =>
              create(TensorShapeProto_DimensionSchema, {
                value: typeof d === 'number' ? { case: 'dimValue', value: BigInt(d) } : { case: 'dimParam', value: d },
              }),
            ),
          }),
        }),
      },
    }),
  });

/** Dimensions of a graph input or output; empty when it is no tensor or says none. */
export function dimensions(info: ValueInfoProto | undefined): TensorShapeProto_Dimension[] {
  const type = info?.type?.value;
  return type?.case === 'tensorType' ? (type.value.shape?.dim ?? []) : [];
}
/** Whether it is a tensor that says its dimensions, be they none. */
export function hasShape(info: ValueInfoProto | undefined): boolean {
  const type = info?.type?.value;
  return type?.case === 'tensorType' && type.value.shape !== undefined;
}
export const fixed = (d: TensorShapeProto_Dimension | undefined): number | undefined =>
  d?.value.case === 'dimValue' ? Number(d.value.value) : undefined;
export function elementType(info: ValueInfoProto | undefined): number | undefined {
  const type = info?.type?.value;
  return type?.case === 'tensorType' ? type.value.elemType : undefined;
}

export const integer = ({ attribute: list }: NodeProto, name: string, otherwise: number): number => {
  const a = list.find((x) => x.name === name);
  return a ? Number(a.i) : otherwise;
};
export const float = ({ attribute: list }: NodeProto, name: string, otherwise: number): number =>
  list.find((x) => x.name === name)?.f ?? otherwise;

/** Value name -> the node that makes it. */
export const producers = (nodes: readonly NodeProto[]): Map<string, NodeProto> =>
  new Map(nodes.flatMap((n) => n.output.filter(Boolean).map((o) => [o, n] as const)));

export function histogram(graph: GraphProto): OpHistogram {
  const counts = new Map<string, number>();
  for (const n of graph.node) {
    const op = n.domain && n.domain !== 'ai.onnx' ? `${n.domain}.${n.opType}` : n.opType;
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

const internalCycle = (at: NodeProto): never => {
  throw new Error(`internal: rewritten graph has a cycle at ${at.name}`);
};
/** Nodes so that each comes after those it reads from; otherwise in their old order. `onCycle` throws. */
export function sorted(nodes: readonly NodeProto[], onCycle: (at: NodeProto) => never = internalCycle): NodeProto[] {
  const by = producers(nodes);
  const state = new Map<NodeProto, 'open' | 'done'>();
  const out: NodeProto[] = [];
  for (const root of nodes) {
    const stack: { node: NodeProto; next: number }[] = state.has(root) ? [] : [{ node: root, next: 0 }];
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top.next === 0) state.set(top.node, 'open');
      const input = top.node.input[top.next++];
      if (input === undefined && top.next > top.node.input.length) {
        state.set(top.node, 'done');
        out.push(top.node);
        stack.pop();
        continue;
      }
      const from = by.get(input);
      if (!from || state.get(from) === 'done') continue;
      if (state.get(from) === 'open') onCycle(from);
      stack.push({ node: from, next: 0 });
    }
  }
  return out;
}
