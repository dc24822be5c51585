// Lets a decoder compute its logits for the last token alone, as every serious runtime does: the head's product over a whole
// prompt costs more than some layers, and its result would be thrown away.
import type { ModelProto, NodeProto } from 'onnx-buf';
import { dimensions, int64Tensor, node, producers, sorted } from './proto.ts';

const HEADS = ['MatMul', 'MatMulNBits'];
/** Ops that may follow the head's product, row by row. */
const AFTER = ['Cast', 'Add', 'Mul', 'Div', 'Tanh', 'Identity'];

/** The product that makes the logits. */
export function headOf(logits: string, by: ReadonlyMap<string, NodeProto>): NodeProto | null {
  let n = by.get(logits);
  while (n && AFTER.includes(n.opType))
    n = n.input.map((name) => by.get(name)).find((from) => from !== undefined && from.opType !== 'Constant');
  return n && HEADS.includes(n.opType) ? n : null;
}

/** Shortens the head's input to its last row. @returns false when no head was found, or logits of the last row alone; then nothing is changed */
export function keepLastRow(model: ModelProto, logits: string): boolean {
  const graph = model.graph!;
  const head = headOf(logits, producers(graph.node));
  const sizes = dimensions(graph.output.find((o) => o.name === logits));
  if (!head || sizes.length !== 3) return false;
  const P = (name: string) => `last_row/${name}`;
  const last = node('Slice', [head.input[0], P('from'), P('to'), P('axis')], [P('x')]);
  graph.initializer.push(
    int64Tensor(P('from'), [-1]),
    int64Tensor(P('to'), [2 ** 53 - 1]),
    int64Tensor(P('axis'), [1]),
  );
  head.input[0] = P('x');
  sizes[1].value = { case: 'dimParam', value: 'last_row' };
  graph.valueInfo = [];
  graph.node = sorted([...graph.node, last]);
  return true;
}
