// Program -> ONNX bytes, once per graph, with the node counts that the page reports.
import type { Graph } from '../graph/graph.ts';
import { encodeModel } from '../onnx/encode.ts';

export interface Compiled { graph: Graph; bytes: Uint8Array; nodes: number; before: number }

const compiled = new WeakMap<Graph, Compiled>();

/** The graph after its passes, as an ONNX file. @throws Error when the graph check fails. */
export function compile(graph: Graph): Compiled {
  let result = compiled.get(graph);
  if (!result) {
    result = { graph, bytes: encodeModel(graph), nodes: graph.nodes.length, before: graph.nodes.length };
    compiled.set(graph, result);
  }
  return result;
}
