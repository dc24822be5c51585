// What a node costs on paper: floating-point operations and bytes moved, from shapes alone.
import type { GraphNode, Tensor } from '../../src/graph/graph.ts';
import { size } from '../../src/util/shape.ts';

export interface Cost {
  flops: number;
  bytes: number;
}

const elements = (t: Tensor) => size(t.shape);
const last = (t: Tensor, back = 1) => t.shape[t.shape.length - back];
/** Ops that only rename memory. */
const FREE = new Set(['Reshape', 'Identity']);
/** Ops that read as much as they write, whatever the size of their input. */
const PICKING = new Set(['Slice', 'Gather', 'Split', 'Expand']);
/** Ops that compute nothing. */
const MOVING = new Set(['Transpose', 'Concat', 'Pad', 'Cast', 'Trilu', 'Where', 'GatherElements', ...PICKING]);

/** A comparison, an addition and an exponential each count as one operation. */
export function costOf({ op, inputs, outputs, attrs }: GraphNode): Cost {
  if (FREE.has(op)) return { flops: 0, bytes: 0 };
  const out = elements(outputs[0]);
  const read = PICKING.has(op)
    ? outputs.reduce((s, t) => s + elements(t), 0)
    : inputs.reduce((s, t) => s + elements(t), 0);
  return { flops: flops(op, inputs, out, attrs), bytes: 4 * (read + outputs.reduce((s, t) => s + elements(t), 0)) };
}

function flops(op: string, x: readonly Tensor[], out: number, attrs: GraphNode['attrs']): number {
  if (MOVING.has(op)) return 0;
  switch (op) {
    case 'MatMul':
      return 2 * out * last(x[0]);
    case 'Gemm':
      return 2 * out * (attrs.transA ? x[0].shape[0] : x[0].shape[1]) + (x[2] ? out : 0);
    case 'Conv':
      return 2 * out * size(x[1].shape.slice(1));
    case 'ConvTranspose':
      return 2 * elements(x[0]) * size(x[1].shape.slice(1));
    case 'Softmax':
    case 'ReduceLogSumExp':
      return 4 * elements(x[0]);
    case 'LayerNormalization':
      return 8 * elements(x[0]);
    default:
      return op.startsWith('Reduce') || op.endsWith('Pool') ? elements(x[0]) : out;
  }
}
