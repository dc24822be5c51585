// Reverse-mode differentiation over the graph. Gradients are graph tensors, so they can be differentiated again.
import { add, reduceSum, reshape } from '../graph/builder.ts';
import { reach } from '../graph/evaluate.ts';
import type { GraphNode, Tensor } from '../graph/graph.ts';
import { showType } from '../graph/op.ts';
import { invariant } from '../util/invariant.ts';
import { sameShape, showShape, size, type Shape } from '../util/shape.ts';
import type { Rule } from './rule.ts';
import { rules as builtIn } from './rules/table.ts';

export interface BackwardOptions {
  /** Gradient that enters at `loss`; ones of its shape unless given. */
  seed?: Tensor;
  /** For tests that plant a wrong rule. */
  rules?: Partial<Record<string, Rule>>;
}

/**
 * Gradients of a scalar (or of the sum that `seed` weighs) with respect to `wrt`.
 * @returns one tensor per entry of `wrt`, of its shape; null where `loss` does not depend on it.
 * @throws Error when a gradient has to pass an op that supports none.
 */
export function backward(loss: Tensor, wrt: readonly Tensor[], options: BackwardOptions = {}): (Tensor | null)[] {
  const { graph } = loss;
  const table = { ...builtIn, ...options.rules } as Record<string, Rule>;
  invariant(options.seed || size(loss.shape) === 1, () => `backward: expected a scalar loss; got ${showType(loss)}`);
  const below = reach([loss]);
  const active = new Set<Tensor>(wrt);
  const last = graph.nodes.length;
  for (const node of graph.nodes) {
    if (node.inputs.some((t) => active.has(t)))
      for (const t of node.outputs) if (below.has(t) && flows(t)) active.add(t);
  }
  const grads = new Map<Tensor, Tensor>();
  if (active.has(loss))
    grads.set(loss, options.seed ?? graph.constant(new Float32Array(size(loss.shape)).fill(1), loss.shape));
  for (let i = last - 1; i >= 0; i--) pull(graph.nodes[i], table, active, grads);
  return wrt.map((t) => grads.get(t) ?? null);
}
const flows = (t: Tensor) => t.dtype === 'float32';

/** Passes the gradient of a node's outputs on to its inputs. */
function pull(node: GraphNode, table: Record<string, Rule>, active: Set<Tensor>, grads: Map<Tensor, Tensor>): void {
  const dy = node.outputs.map((t) => (active.has(t) ? grads.get(t) : undefined));
  const need = node.inputs.map((t) => active.has(t) && flows(t));
  if (!dy.some(Boolean) || !need.some(Boolean)) return;
  const rule = table[node.op];
  invariant(rule, `internal: no gradient rule for ${node.op}`);
  if (rule.kind === 'zero') return;
  invariant(
    rule.kind === 'vjp',
    () => `${node.op}: a gradient must pass it, which is unsupported: ${(rule as { why: string }).why}`,
  );
  if (!dy[0] && !rule.sparse) return;
  const dx = rule.vjp(node.inputs, node.outputs, dy as Tensor[], node.attrs as never, need);
  node.inputs.forEach((x, i) => {
    const g = dx[i];
    if (!need[i] || !g) return;
    const fitted = unbroadcast(g, x.shape, node.op);
    const before = grads.get(x);
    grads.set(x, before ? add(before, fitted) : fitted);
  });
}

/** Sums over the axes along which `shape` was broadcast to the gradient's shape. */
export function unbroadcast(g: Tensor, shape: Shape, where = 'unbroadcast'): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.shape.length - shape.length;
  const axes = g.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && g.shape[d] !== 1));
  const out = axes.length ? reshape(reduceSum(g, axes, true), shape) : g;
  invariant(
    sameShape(out.shape, shape),
    () => `internal: gradient of ${where}: expected ${showShape(shape)}; got ${showShape(g.shape)}`,
  );
  return out;
}
