// Readable text of a graph: one line per node.
import type { Graph, Tensor } from './graph.ts';
import { showType } from './op.ts';

const nameOf = (t: Tensor): string =>
  t.input ?? (t.data ? (t.data.length === 1 ? String(Number(t.data[0].toPrecision(6))) : `const${t.id}`) : `%${t.id}`);

/** "%7 = MatMul(x, %3) : float32[2, 3]", inputs first, outputs last. */
export function printGraph(graph: Graph): string {
  const lines = [...graph.inputs.values()].map((t) => `input ${nameOf(t)} : ${showType(t)}`);
  for (const node of graph.nodes) {
    const attrs = Object.entries(node.attrs).map(([k, v]) => `${k}=${Array.isArray(v) ? `[${v.join(' ')}]` : v}`);
    lines.push(
      `${node.outputs.map(nameOf).join(', ')} = ${node.op}(${[...node.inputs.map(nameOf), ...attrs].join(', ')}) : ${node.outputs.map(showType).join(', ')}`,
    );
  }
  for (const [name, t] of graph.outputs) lines.push(`output ${name} = ${nameOf(t)}`);
  return lines.join('\n');
}
