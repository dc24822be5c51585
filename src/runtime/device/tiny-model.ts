// The smallest model that runs, y = x for one float: starts a WebAssembly module, and keeps a GPU device alive.
import { Graph } from '../../graph/graph.ts';
import { encodeModel } from '../../onnx/encode.ts';

let bytes: Uint8Array | undefined;

/** `x` float32[1] -> `y` float32[1]. */
export function tinyModel(): Uint8Array {
  if (bytes) return bytes;
  const graph = new Graph();
  graph.output('y', graph.node('Identity', [graph.input('x', [1])])[0]);
  return (bytes = encodeModel(graph, { name: 'keep-alive' }));
}
