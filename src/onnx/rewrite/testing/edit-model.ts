// Foreign files made out of the tiny decoders: the same with something declared, named or wired otherwise. For tests only.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type GraphProto } from 'onnx-buf';
import { tinyDecoder, type TinySpec } from '../made-decoder.ts';
import { INT64, node } from '../proto.ts';

/** A decoder's bytes after `edit`. */
export function editedDecoder(spec: TinySpec, edit: (graph: GraphProto) => void): Uint8Array<ArrayBuffer> {
  const model = fromBinary(ModelProtoSchema, tinyDecoder(spec).bytes);
  edit(model.graph!);
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}
/** Gives a value another name everywhere. */
export function rename(graph: GraphProto, from: string, to: string): void {
  const other = (name: string) => (name === from ? to : name);
  for (const n of graph.node) Object.assign(n, { input: n.input.map(other), output: n.output.map(other) });
  for (const info of [...graph.input, ...graph.output]) info.name = other(info.name);
}
/** Declares an input as `type`; `isCast`: the graph turns it to int64 itself. */
export function redeclare(graph: GraphProto, name: string, type: number, isCast = true): void {
  const info = graph.input.find((i) => i.name === name)!.type!.value;
  if (info.case === 'tensorType') info.value.elemType = type;
  if (!isCast) return;
  for (const n of graph.node) n.input = n.input.map((i) => (i === name ? `${name}.cast` : i));
  graph.node.unshift(node('Cast', [name], [`${name}.cast`], { to: INT64 }));
}
/** Wires `length` Identity nodes between a value and the first node that reads it. */
export function lengthen(graph: GraphProto, value: string, length: number): void {
  const reader = graph.node.find((n) => n.input.includes(value))!;
  const name = (i: number) => (i === 0 ? value : `${value}.${i}`);
  const chain = Array.from({ length }, (_, i) => node('Identity', [name(i)], [name(i + 1)]));
  graph.node.splice(graph.node.indexOf(reader), 0, ...chain);
  reader.input = reader.input.map((i) => (i === value ? name(length) : i));
}
