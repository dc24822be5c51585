// Rebuilds a graph node by node. Passes are functions that replace a node while it is copied.
import { Graph, type GraphNode, type Tensor } from '../graph.ts';
import { reach } from '../evaluate.ts';

export interface Copy {
  graph: Graph;
  /** The copy of an old tensor. */
  of(t: Tensor): Tensor;
  /** Copies a node as it is. */
  keep(node: GraphNode): readonly Tensor[];
}
/** Gives the node's outputs in the new graph, or undefined to keep it as it is. */
export type Replace = (node: GraphNode, inputs: readonly Tensor[], copy: Copy) => readonly Tensor[] | undefined;

/** What stands for an input in the new graph: undefined keeps the input itself. */
export type ReplaceInput = (name: string, graph: Graph) => Tensor | undefined;

/** Copies what the outputs need, in order, asking `replace` at every node. Inputs stay, used or not, unless replaced. */
export function rewrite(from: Graph, replace: Replace, input: ReplaceInput = () => undefined): Graph {
  const graph = new Graph();
  const map = new Map<Tensor, Tensor>();
  const live = reach([...from.outputs.values()]);
  for (const [name, t] of from.inputs) map.set(t, input(name, graph) ?? graph.input(name, t.shape, t.dtype));
  const of = (t: Tensor): Tensor => {
    let copy = map.get(t);
    if (!copy && t.data)
      map.set(
        t,
        (copy =
          t.shape.length === 0 && t.dtype !== 'bool'
            ? graph.scalar(t.data[0], t.dtype as 'float32' | 'int32')
            : graph.constant(t.data, t.shape)),
      );
    return copy!;
  };
  const keep = (node: GraphNode) => graph.node(node.op, node.inputs.map(of), node.attrs);
  for (const node of from.nodes) {
    if (!node.outputs.some((t) => live.has(t))) continue;
    const inputs = node.inputs.map(of);
    const outputs = replace(node, inputs, { graph, of, keep }) ?? graph.node(node.op, inputs, node.attrs);
    node.outputs.forEach((t, i) => map.set(t, outputs[i]));
  }
  for (const [name, t] of from.outputs) graph.output(name, of(t));
  return graph;
}

/** True for tensors that exactly one input of one node reads and no output names: rewriting the reader leaves the maker dead. */
export function singleUse({ nodes, outputs }: Graph): (t: Tensor) => boolean {
  const uses = new Map<Tensor, number>();
  for (const t of [...nodes.flatMap((n) => n.inputs), ...outputs.values()]) uses.set(t, (uses.get(t) ?? 0) + 1);
  return (t) => uses.get(t) === 1;
}
