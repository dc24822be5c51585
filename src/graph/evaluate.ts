// Reference evaluator: runs a graph in float64. The meaning against which gradients and onnxruntime are tested.
import { invariant } from '../util/invariant.ts';
import { size } from '../util/shape.ts';
import type { Graph, Tensor } from './graph.ts';
import type { Value } from './op.ts';
import { ops } from './ops/table.ts';

export type Feeds64 = Record<string, ArrayLike<number>>;

/** Values of every tensor that `outputs` need (all outputs of the graph unless told). */
export function evaluate(
  graph: Graph,
  feeds: Feeds64,
  outputs: readonly Tensor[] = [...graph.outputs.values()],
): Map<Tensor, Float64Array> {
  const values = new Map<Tensor, Value>();
  const needed = reach(outputs);
  for (const t of needed) {
    if (t.data) values.set(t, { shape: t.shape, dtype: t.dtype, data: Float64Array.from(t.data) });
    else if (t.input !== undefined) {
      const fed = feeds[t.input];
      invariant(
        fed && fed.length === size(t.shape),
        () => `evaluate: expected ${size(t.shape)} values for input "${t.input}"; got ${fed ? fed.length : 'none'}`,
      );
      values.set(t, { shape: t.shape, dtype: t.dtype, data: Float64Array.from(fed) });
    }
  }
  for (const node of graph.nodes) {
    if (!node.outputs.some((t) => needed.has(t))) continue;
    const out = ops[node.op].eval64(
      node.inputs.map((t) => values.get(t)!),
      node.attrs as never,
      node.outputs,
    );
    node.outputs.forEach((t, i) => values.set(t, { shape: t.shape, dtype: t.dtype, data: out[i] }));
  }
  return new Map([...values].map(([t, v]) => [t, v.data]));
}

/** All tensors that `targets` depend on, themselves included. */
export function reach(targets: readonly Tensor[]): Set<Tensor> {
  const seen = new Set<Tensor>();
  const stack = [...targets];
  while (stack.length) {
    const t = stack.pop()!;
    if (seen.has(t)) continue;
    seen.add(t);
    if (t.node) stack.push(...t.node.inputs);
  }
  return seen;
}

/** Outputs by name. */
export function evaluateOutputs(graph: Graph, feeds: Feeds64): Record<string, Float64Array> {
  const values = evaluate(graph, feeds);
  return Object.fromEntries([...graph.outputs].map(([name, t]) => [name, values.get(t)!]));
}
