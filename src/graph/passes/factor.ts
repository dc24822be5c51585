// Pass over sums of products: a b + a c = a (b + c), constants of a chain of products multiply on the host, signs move into sums.
// What it rewrites always ends with fewer nodes. Intermediate results that others read stay as they are.
import { add, mul, sub, type Operand } from '../builder.ts';
import type { Graph, GraphNode, Tensor } from '../graph.ts';
import { sameShape, size, type Shape } from '../../util/shape.ts';
import type { Pass } from './pass.ts';
import { rewrite, singleUse, type Copy } from './rewrite.ts';

/** A factor of a product; equal keys are the same tensor. */
interface Factor {
  key: string;
  shape: Shape;
  make(): Tensor;
}
/** scale * the factors; `nodes`: how many nodes of the old graph it stands for. */
interface Product {
  scale: number;
  factors: Factor[];
  nodes: number;
}

/** Ops f with f(c x) = c f(x) in their first input. */
const LINEAR: readonly string[] = ['ReduceSum', 'ReduceMean', 'Reshape', 'Transpose', 'Expand', 'Div'];
const SUMS: readonly string[] = ['Add', 'Sub', 'Mul', 'Neg'];
const constantOf = (t: Tensor): number | null =>
  t.data && t.dtype === 'float32' && t.data.every((v) => v === t.data![0]) ? t.data[0] : null;

export const factorise: Pass = { name: 'factorise', run: (graph) => new Factoriser(graph).run() };

class Factoriser {
  private readonly from: Graph;
  private readonly isSingle: (t: Tensor) => boolean;
  private copy!: Copy;
  /** Read by ops that take no product apart. */
  private readonly settled: Set<Tensor>;
  /** Products that stay in the graph anyway, by the ids of their two factors. */
  private readonly kept = new Map<string, Tensor>();
  constructor(from: Graph) {
    this.from = from;
    this.isSingle = singleUse(from);
    this.settled = new Set(
      from.nodes.filter((n) => !LINEAR.includes(n.op) && !SUMS.includes(n.op)).flatMap((n) => n.inputs),
    );
  }

  run(): Graph {
    return rewrite(this.from, (node, inputs, copy) => {
      this.copy = copy;
      const [out] = node.outputs;
      if (out.dtype !== 'float32') return undefined;
      const made =
        node.op === 'Add' || node.op === 'Sub'
          ? this.sum(node)
          : node.op === 'Mul' || node.op === 'Neg'
            ? this.product(node)
            : this.reduction(node);
      if (made) return sameShape(made.shape, out.shape) ? [made] : undefined;
      if (node.op !== 'Mul' || (this.isSingle(out) && !this.settled.has(out))) return undefined;
      const outputs = copy.graph.node('Mul', inputs);
      this.kept.set(pairKey(inputs[0], inputs[1]), outputs[0]);
      return outputs;
    });
  }

  /** A chain of products with two or more constants. */
  private product(node: GraphNode): Tensor | undefined {
    const p = this.flatten(node);
    return p.factors.length && cost(p.factors.length, p.scale) < p.nodes ? this.build(p.factors, p.scale) : undefined;
  }

  /** A sum whose terms share factors, constants or signs. */
  private sum({ op, inputs: [a, b] }: GraphNode): Tensor | undefined {
    const p = this.productOf(a);
    const q = this.productOf(b);
    const sign = op === 'Sub' ? -1 : 1;
    const shared: Factor[] = [];
    const rest = [...q.factors];
    const own = p.factors.filter((f) => {
      const at = rest.findIndex((other) => other.key === f.key);
      if (at >= 0) shared.push(...rest.splice(at, 1));
      return at < 0;
    });
    const plan = [1, p.scale, sign * q.scale]
      .map((outer) => ({ outer, left: p.scale / outer, right: (sign * q.scale) / outer }))
      .map((s) => ({
        ...s,
        nodes:
          1 +
          term(own, s.left) +
          term(rest, s.right) +
          (s.left < 0 && s.right < 0 ? 1 : 0) +
          (shared.length || s.outer !== 1 ? cost(shared.length + 1, s.outer) : 0),
      }))
      .reduce((best, s) => (s.nodes < best.nodes ? s : best));
    if (plan.nodes >= p.nodes + q.nodes + 1 || (!own.length && !rest.length)) return undefined;
    const inner = this.combine(own, plan.left, rest, plan.right);
    return this.build([...shared, { key: 'sum', shape: inner.shape, make: () => inner }], plan.outer);
  }
  /** left * own + right * rest, with signs of one as a sum or a difference. */
  private combine(own: Factor[], left: number, rest: Factor[], right: number): Tensor {
    const of = (factors: Factor[], scale: number): Operand => (factors.length ? this.build(factors, scale) : scale);
    if (right < 0 && rest.length) return sub(of(own, left), of(rest, -right));
    if (left < 0 && own.length) return sub(of(rest, right), of(own, -left));
    return add(of(own, left), of(rest, right));
  }

  /** A constant leaves a reduction, after which it meets fewer numbers. */
  private reduction(node: GraphNode): Tensor | undefined {
    const p = node.op === 'ReduceSum' || node.op === 'ReduceMean' ? this.through(node) : undefined;
    return p && this.build(p.factors, p.scale);
  }

  private productOf(t: Tensor): Product {
    const plain = {
      scale: 1,
      factors: [{ key: `t${this.copy.of(t).id}`, shape: t.shape, make: () => this.copy.of(t) }],
      nodes: 0,
    };
    if (!t.node || t.dtype !== 'float32' || !this.isSingle(t)) return plain;
    if (t.node.op === 'Mul' || t.node.op === 'Neg') return this.flatten(t.node);
    return this.through(t.node) ?? plain;
  }
  /** The product that a Mul or Neg is, with the products it alone reads. */
  private flatten({ op, inputs, outputs: [out] }: GraphNode): Product {
    if (op === 'Neg') {
      const p = this.productOf(inputs[0]);
      return { ...p, scale: -p.scale, nodes: p.nodes + 1 };
    }
    const parts = inputs.map((t, i): Product => {
      const value = constantOf(t);
      const isScalar = t.shape.length === 0 || sameShape(inputs[1 - i].shape, out.shape);
      return value !== null && value !== 0 && isScalar ? { scale: value, factors: [], nodes: 0 } : this.productOf(t);
    });
    return {
      scale: parts[0].scale * parts[1].scale,
      factors: parts.flatMap((p) => p.factors),
      nodes: parts[0].nodes + parts[1].nodes + 1,
    };
  }
  /** c f(x) for f(c x). */
  private through(node: GraphNode): Product | undefined {
    const [x, ...others] = node.inputs;
    if (!LINEAR.includes(node.op) || !x.node || !this.isSingle(x)) return undefined;
    const p = this.productOf(x);
    const { copy } = this;
    if (p.scale === 1 || !p.factors.length) return undefined;
    const make = () => copy.graph.node(node.op, [this.build(p.factors, 1), ...others.map(copy.of)], node.attrs)[0];
    return {
      scale: p.scale,
      factors: [{ key: `f${node.outputs[0].id}`, shape: node.outputs[0].shape, make }],
      nodes: cost(p.factors.length, p.scale) - cost(p.factors.length, 1),
    };
  }

  /** Multiplies, small tensors first; products that the graph holds anyway are used again. */
  private build(factors: readonly Factor[], scale: number): Tensor {
    const list = factors.map((f) => f.make()).sort((a, b) => size(a.shape) - size(b.shape));
    if (scale !== 1) list.unshift(list[0].graph.scalar(scale));
    while (list.length > 1) {
      const [i, j, known] = this.known(list) ?? [0, 1, undefined];
      const [b, a] = [list[j], list[i]];
      list.splice(j, 1);
      list.splice(i, 1, known ?? mul(b, a));
    }
    return list[0];
  }
  private known(list: readonly Tensor[]): [number, number, Tensor] | undefined {
    for (let i = 0; i < list.length; i++)
      for (let j = i + 1; j < list.length; j++) {
        const found = this.kept.get(pairKey(list[i], list[j]));
        if (found) return [i, j, found];
      }
    return undefined;
  }
}

const pairKey = (a: Tensor, b: Tensor) => (a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`);
/** Nodes of a product of `n` tensors and a constant. */
const cost = (n: number, scale: number) => n - 1 + (scale === 1 ? 0 : 1);
/** Nodes of a term of a sum, whose sign is free. */
const term = (factors: readonly Factor[], scale: number) =>
  factors.length ? cost(factors.length, Math.abs(scale)) : 0;
