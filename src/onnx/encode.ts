// Graph -> ONNX ModelProto bytes (opset 21). Attributes that ONNX takes as inputs become int64 or float initialisers, shared by value.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  StringStringEntryProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf';
import { checkGraph } from '../graph/check.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import type { DType, OnnxForm } from '../graph/op.ts';
import { ops } from '../graph/ops/table.ts';
import { internal } from '../util/invariant.ts';
import type { Shape } from '../util/shape.ts';

export const OPSET = 21;
const ELEMENT: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
const NONE: OnnxForm = { attrs: {}, inputs: [] };

export interface EncodeOptions {
  /** Key-value pairs stored in the file, such as a licence or a recipe. */
  metadata?: Record<string, string>;
  name?: string;
}

/** The bytes of an ONNX model with the graph's named inputs and outputs. @throws Error when the graph check fails. */
export function encodeModel(
  graph: Graph,
  { metadata = {}, name = 'graph' }: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  checkGraph(graph);
  const encoder = new Encoder(graph);
  const node = graph.nodes.map((n, i) => encoder.node(n, i));
  for (const [label, t] of graph.outputs)
    if (encoder.nameOf(t) !== label)
      node.push(
        create(NodeProtoSchema, {
          name: `out_${label}`,
          opType: 'Identity',
          input: [encoder.nameOf(t)],
          output: [label],
        }),
      );
  const model = create(ModelProtoSchema, {
    irVersion: 10n,
    producerName: 'paper-playground',
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) })],
    metadataProps: Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    graph: create(GraphProtoSchema, {
      name,
      node,
      initializer: encoder.initializers,
      input: [...graph.inputs].map(([label, t]) => valueInfo(label, t)),
      output: [...graph.outputs].map(([label, t]) => valueInfo(label, t)),
    }),
  });
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}

class Encoder {
  readonly initializers: TensorProto[] = [];
  private readonly names = new Map<Tensor, string>();
  private readonly shared = new Map<string, string>();
  constructor(graph: Graph) {
    for (const [label, t] of graph.inputs) this.names.set(t, label);
    // an output keeps its label unless its tensor is an input, a constant, or named already
    for (const [label, t] of graph.outputs) if (t.node && !this.names.has(t)) this.names.set(t, label);
  }
  nameOf(t: Tensor): string {
    let name = this.names.get(t);
    if (name === undefined) {
      name = t.data ? this.constant(t.dtype, t.shape, t.data) : `t${t.id}`;
      this.names.set(t, name);
    }
    return name;
  }
  node(n: Graph['nodes'][number], i: number): NodeProto {
    const spec = ops[n.op];
    const form = spec.onnx?.(n.attrs as never) ?? NONE;
    return create(NodeProtoSchema, {
      name: `${n.op}_${i}`,
      opType: n.op,
      domain: spec.domain ?? '',
      input: [
        ...n.inputs.map((t) => this.nameOf(t)),
        ...form.inputs.map((c) => (c ? this.constant(c.dtype, c.shape, c.data) : '')),
      ],
      output: n.outputs.map((t) => this.nameOf(t)),
      attribute: Object.entries(form.attrs).map(([key, value]) => attribute(key, value)),
    });
  }
  private constant(dtype: DType, shape: Shape, data: ArrayLike<number>): string {
    const stored = dtype === 'float32' ? Math.fround : (v: number) => v;
    const key =
      data.length <= 64
        ? `${dtype}|${shape.join()}|${Array.from(data, stored)
            .map((v) => (Object.is(v, -0) ? '-0' : v))
            .join()}`
        : null;
    const known = key !== null && this.shared.get(key);
    if (known) return known;
    const name = `c${this.initializers.length}`;
    this.initializers.push(
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType: ELEMENT[dtype],
        rawData: bytesOf(dtype, data),
      }),
    );
    if (key !== null) this.shared.set(key, name);
    return name;
  }
}

function bytesOf(dtype: DType, data: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const array =
    dtype === 'float32'
      ? Float32Array.from(data)
      : dtype === 'int32'
        ? Int32Array.from(data)
        : dtype === 'int64'
          ? BigInt64Array.from(Array.from(data, BigInt))
          : internal(`constant of type ${dtype}`);
  return new Uint8Array(array.buffer);
}
function attribute(name: string, value: OnnxForm['attrs'][string]): AttributeProto {
  if ('int' in value) return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(value.int) });
  if ('ints' in value) return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: value.ints.map(BigInt) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value.string) });
}
const valueInfo = (name: string, t: Tensor) =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: ELEMENT[t.dtype],
          shape: create(TensorShapeProtoSchema, {
            dim: t.shape.map((d) =>
              create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(d) } }),
            ),
          }),
        }),
      },
    }),
  });
