// Pass over shapes: elementwise ops broadcast by themselves, and reductions drop the axes they sum over by themselves.
import type { GraphNode, Tensor } from '../graph.ts';
import { broadcastShapes, sameShape } from '../../util/shape.ts';
import { ops } from '../ops/table.ts';
import type { Pass } from './pass.ts';
import { rewrite, singleUse } from './rewrite.ts';

const BROADCASTING: readonly string[] = [
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Max',
  'Min',
  'Where',
  'Greater',
  'Less',
  'GreaterOrEqual',
  'LessOrEqual',
  'Equal',
  'And',
];

/** Inputs without the Expands that the op would do itself. */
function unexpanded(node: GraphNode, inputs: readonly Tensor[]): readonly Tensor[] | undefined {
  const bare = [...inputs];
  bare.forEach((t, i) => {
    const source = t.node?.op === 'Expand' ? t.node.inputs[0] : t;
    const tried = bare.with(i, source);
    if (source !== t && sameShape(broadcastShapes(node.op, ...tried.map((x) => x.shape)), node.outputs[0].shape))
      bare[i] = source;
  });
  return bare.some((t, i) => t !== inputs[i]) ? bare : undefined;
}

export const broadcasts: Pass = {
  name: 'broadcasts',
  run: (graph) => {
    const isSingle = singleUse(graph);
    return rewrite(graph, (node, inputs, { graph: to }) => {
      if (BROADCASTING.includes(node.op)) {
        const bare = unexpanded(node, inputs);
        return bare && to.node(node.op, bare, node.attrs);
      }
      const reduce = node.op === 'Reshape' && inputs[0].node;
      if (!reduce || !reduce.op.startsWith('Reduce') || reduce.attrs.keepdims !== 1 || !isSingle(node.inputs[0]))
        return undefined;
      const attrs = { ...reduce.attrs, keepdims: 0 };
      const [type] = ops[reduce.op].infer(reduce.inputs, attrs as never);
      return sameShape(type.shape, node.outputs[0].shape) ? to.node(reduce.op, reduce.inputs, attrs) : undefined;
    });
  },
};
