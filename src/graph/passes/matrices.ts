// Pass over matrix products: transposes and sums that Gemm can do itself, and a transposed product as the product of the transposes.
import { gemm, reshape, swap } from '../builder.ts';
import type { GraphNode, Tensor } from '../graph.ts';
import { sameShape } from '../../util/shape.ts';
import type { Pass } from './pass.ts';
import { rewrite, singleUse } from './rewrite.ts';

/** The node that made `t` if it swaps the last two axes and leaves the others. */
function swapOf(t: Tensor): GraphNode | null {
  const perm = t.node?.op === 'Transpose' ? (t.node.attrs.perm as readonly number[]) : null;
  const r = t.shape.length;
  return perm && perm.every((p, i) => p === (i === r - 2 ? r - 1 : i === r - 1 ? r - 2 : i)) ? t.node : null;
}
const flags = (node: GraphNode) => ({ transA: node.attrs.transA === 1, transB: node.attrs.transB === 1 });
const isMatrix = (t: Tensor) => t.shape.length === 2;

type Single = (t: Tensor) => boolean;
/** a^T b as Gemm's own transpose. x: the operands in the new graph. */
function transposedOperands(x: readonly Tensor[], transA: boolean, transB: boolean): Tensor | undefined {
  const [a, b, bias] = x;
  const [swapA, swapB] = [swapOf(a), swapOf(b)];
  if (!swapA && !swapB) return undefined;
  return gemm(swapA ? swapA.inputs[0] : a, swapB ? swapB.inputs[0] : b, {
    transA: transA !== (swapA !== null),
    transB: transB !== (swapB !== null),
    bias,
  });
}

/** (a b)^T = b^T a^T where that saves a transpose. `node`: the transpose, in the old graph. */
function transposedProduct(node: GraphNode, isSingle: Single, of: (t: Tensor) => Tensor): Tensor | undefined {
  const inner = node.inputs[0].node;
  if (!inner || !swapOf(node.outputs[0]) || !isSingle(node.inputs[0])) return undefined;
  const [a, b] = inner.inputs.map(of);
  const { transA, transB } = flags(inner);
  if (inner.op === 'Gemm' && inner.inputs.length === 2) return gemm(b, a, { transA: !transB, transB: !transA });
  if (inner.op !== 'MatMul' || !inner.inputs.some((t) => swapOf(t) && isSingle(t))) return undefined;
  const turned = (t: Tensor) => swapOf(t)?.inputs[0] ?? swap(t);
  return a.graph.node('MatMul', [turned(b), turned(a)])[0];
}

/** x + a b as one Gemm, also with a reshape between product and sum. */
function productPlus(node: GraphNode, isSingle: Single, of: (t: Tensor) => Tensor): Tensor | undefined {
  for (const i of [1, 0]) {
    const product = node.inputs[i];
    const x = node.inputs[1 - i];
    const shaped = product.node?.op === 'Reshape' ? product.node.inputs[0] : product;
    const made = shaped.node;
    const fits =
      isSingle(product) && isSingle(shaped) && made?.op === 'Gemm' && made.inputs.length === 2 && made !== x.node;
    if (!fits || !sameShape(x.shape, product.shape)) continue;
    const [a, b] = made.inputs.map(of);
    return reshape(gemm(a, b, { ...flags(made), bias: reshape(of(x), shaped.shape) }), product.shape);
  }
  return undefined;
}

export const matrixProducts: Pass = {
  name: 'matrix-products',
  run: (graph) => {
    const isSingle = singleUse(graph);
    return rewrite(graph, (node, inputs, { of }) => {
      const made =
        node.op === 'Gemm'
          ? transposedOperands(inputs, flags(node).transA, flags(node).transB)
          : node.op === 'MatMul' && inputs.every(isMatrix)
            ? transposedOperands(inputs, false, false)
            : node.op === 'Transpose'
              ? transposedProduct(node, isSingle, of)
              : node.op === 'Add'
                ? productPlus(node, isSingle, of)
                : undefined;
      return made && [made];
    });
  },
};
