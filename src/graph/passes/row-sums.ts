// Pass over sums of rows, such as the gradient of a bias: a product with a row of ones. onnxruntime's WebGPU kernel transposes before it
// sums over any but the last axes, two dispatches for one; on a CPU the product costs no more than the sum.
import { gemm, matMul, reshape } from '../builder.ts';
import type { GraphNode, Tensor } from '../graph.ts';
import { axesOf, size } from '../../util/shape.ts';
import type { Pass } from './pass.ts';
import { rewrite } from './rewrite.ts';

/** Rows beyond which a sum stays: a product of one row keeps few of a GPU's cores busy. Batches beyond which a CPU would call too many small products. */
const MOST_ROWS = 1024;
const MOST_BATCHES = 64;

/** x as [batches, rows, columns] with the rows to be summed; null when the axes are no such run. */
function asRows({ op, attrs, inputs: [x] }: GraphNode): readonly [number, number, number] | null {
  const axes = axesOf(op, attrs.axes as readonly number[], x.shape.length).toSorted((a, b) => a - b);
  const [first] = axes;
  const end = first + axes.length;
  if (axes[axes.length - 1] !== end - 1) return null;
  const [batches, rows, columns] = [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map(size);
  return rows > 1 && columns > 1 && rows <= MOST_ROWS && batches <= MOST_BATCHES ? [batches, rows, columns] : null;
}

function sumOfRows(x: Tensor, [batches, rows, columns]: readonly [number, number, number], each: number): Tensor {
  const weights = x.graph.constant(new Float64Array(rows).fill(each), [1, rows]);
  return batches === 1
    ? gemm(weights, reshape(x, [rows, columns]))
    : matMul(weights, reshape(x, [batches, rows, columns]));
}

export const rowSums: Pass = {
  name: 'row-sums',
  run: (graph) =>
    rewrite(graph, (node, [x]) => {
      const shape = node.op === 'ReduceSum' || node.op === 'ReduceMean' ? asRows(node) : null;
      return shape
        ? [reshape(sumOfRows(x, shape, node.op === 'ReduceSum' ? 1 : 1 / shape[1]), node.outputs[0].shape)]
        : undefined;
    }),
};
