// Graph check before encoding: order, ownership, types recomputed from scratch, outputs reachable.
import type { Graph, Tensor } from './graph.ts';
import { sameType, showType } from './op.ts';
import { ops } from './ops/table.ts';

/** @throws Error that names the first node that does not hold together. */
export function checkGraph(graph: Graph): void {
  const known = new Set<Tensor>(graph.inputs.values());
  graph.nodes.forEach((node, i) => {
    const at = `node ${i} (${node.op})`;
    for (const t of node.inputs) {
      if (t.graph !== graph) throw new Error(`check: ${at}: expected inputs of this graph; got a tensor of another`);
      if (!t.data && !known.has(t))
        throw new Error(`check: ${at}: expected inputs made before; got tensor ${t.id} ${showType(t)}`);
    }
    const types = ops[node.op].infer(node.inputs, node.attrs as never);
    types.forEach((type, k) => {
      if (!sameType(type, node.outputs[k]))
        throw new Error(`check: ${at}: expected output ${showType(type)}; got ${showType(node.outputs[k])}`);
    });
    node.outputs.forEach((t) => known.add(t));
  });
  if (graph.outputs.size === 0) throw new Error('check: expected at least one named output; got none');
  for (const [name, t] of graph.outputs)
    if (!t.data && !known.has(t))
      throw new Error(`check: expected output "${name}" to be made by a node; got tensor ${t.id}`);
}
