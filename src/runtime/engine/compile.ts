// Graph -> ONNX bytes, once per graph, with the node counts that the page reports.
import type { Graph } from '../../graph/graph.ts';
import type { Program } from '../../graph/program.ts';
import { encodeModel } from '../../onnx/encode.ts';

/** `before`: nodes before the passes that the program's builder ran. */
export interface Compiled {
  bytes: Uint8Array;
  nodes: number;
  before: number;
}
type Reported = Program & { report?: { before: number } };

const compiled = new WeakMap<Graph, Compiled>();

/** The program's graph as an ONNX file. @throws Error when the graph check fails. */
export function compile(program: Reported): Compiled {
  const { graph } = program;
  const known = compiled.get(graph);
  if (known) return known;
  const result = {
    bytes: encodeModel(graph, { name: program.state.length ? 'train-step' : 'model' }),
    nodes: graph.nodes.length,
    before: program.report?.before ?? graph.nodes.length,
  };
  compiled.set(graph, result);
  return result;
}
