// Pass over rectifiers: max(x, 0) where onnxruntime would run Relu in place. Its in-place loop on WebAssembly takes one element at a
// time with a branch on the sign, which costs a small network about 7 % of its step (measured in onnxruntime-web 1.30); Max has a vector loop.
import type { Pass } from './pass.ts';
import { rewrite } from './rewrite.ts';

/** A Relu behind a convolution stays: onnxruntime merges the two. */
export const rectifiers: Pass = {
  name: 'rectifiers',
  run: (graph) =>
    rewrite(graph, (node, [x], { graph: to }) =>
      node.op === 'Relu' && node.inputs[0].node?.op !== 'Conv' ? to.node('Max', [x, to.scalar(0)]) : undefined,
    ),
};
