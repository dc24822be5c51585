// The passes that run before encoding. Each keeps every output's value; together they cut what autodiff leaves behind.
import { sameShape, size } from '../../util/shape.ts';
import { reshape, transpose } from '../builder.ts';
import type { Graph, GraphNode, Tensor } from '../graph.ts';
import { ops } from '../ops/table.ts';
import type { Pass } from './pass.ts';
import { broadcasts } from './broadcasts.ts';
import { factorise } from './factor.ts';
import { matrixProducts } from './matrices.ts';
import { rectifiers } from './rectifiers.ts';
import { rewrite } from './rewrite.ts';
import { rowSums } from './row-sums.ts';
import { splitViews } from './views.ts';

/** Drops nodes that no output needs. */
export const deadCode: Pass = { name: 'dead-code', run: (graph) => rewrite(graph, () => undefined) };

/** Largest constant that folding may create, in elements: bigger ones cost more in the file than they save. */
const FOLD_LIMIT = 65_536;

/** Evaluates nodes whose inputs are all constants. Integer and boolean results other than int32 stay nodes. */
export const foldConstants: Pass = {
  name: 'fold-constants',
  run: (graph) =>
    rewrite(graph, (node, inputs, { graph: to }) => {
      if (
        !inputs.every((t) => t.data) ||
        !node.outputs.every((t) => (t.dtype === 'float32' || t.dtype === 'int32') && size(t.shape) <= FOLD_LIMIT)
      )
        return undefined;
      const values = inputs.map((t) => ({ shape: t.shape, dtype: t.dtype, data: Float64Array.from(t.data!) }));
      return ops[node.op].eval64(values, node.attrs as never, node.outputs).map((data, i) => {
        const { shape, dtype } = node.outputs[i];
        if (shape.length === 0) return to.scalar(data[0], dtype as 'float32' | 'int32');
        return to.constant(dtype === 'int32' ? Int32Array.from(data) : data, shape);
      });
    }),
};

/** Merges nodes with the same op, inputs and attributes, and constants with the same values. */
export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  run: (graph) => {
    const seen = new Map<string, readonly Tensor[]>();
    const constants = new Map<string, Tensor>();
    const merged = (t: Tensor): Tensor => {
      if (!t.data || t.data.length > 4096) return t;
      const key = `${t.dtype}|${t.shape.join()}|${Array.from(t.data, (v) => (Object.is(v, -0) ? '-0' : v)).join()}`;
      const first = constants.get(key) ?? t;
      constants.set(key, first);
      return first;
    };
    return rewrite(graph, (node, raw, { graph: to }) => {
      const inputs = raw.map(merged);
      const key = `${node.op}|${inputs.map((t) => t.id).join()}|${JSON.stringify(node.attrs)}`;
      const made = seen.get(key) ?? to.node(node.op, inputs, node.attrs);
      seen.set(key, made);
      return made;
    });
  },
};

const constantOf = (t: Tensor): number | null => (t.data && t.data.every((v) => v === t.data![0]) ? t.data[0] : null);
const made = (t: Tensor, op: GraphNode['op']): GraphNode | null => (t.node?.op === op ? t.node : null);

/** x when it has the shape of the node's output (a neutral constant must not have broadcast it). */
const unchanged = (x: Tensor, node: GraphNode): readonly Tensor[] | undefined =>
  sameShape(x.shape, node.outputs[0].shape) ? [x] : undefined;

type Identity = (node: GraphNode, x: readonly Tensor[]) => readonly Tensor[] | undefined;
const IDENTITIES: Partial<Record<GraphNode['op'], Identity>> = {
  Identity: (_n, [x]) => [x],
  Add: (n, [a, b]) => (constantOf(b) === 0 ? unchanged(a, n) : constantOf(a) === 0 ? unchanged(b, n) : undefined),
  Sub: (n, [a, b]) => (constantOf(b) === 0 ? unchanged(a, n) : undefined),
  Mul: (n, [a, b]) =>
    constantOf(b) === 1
      ? unchanged(a, n)
      : constantOf(a) === 1
        ? unchanged(b, n)
        : (mergeScales(a, b) ?? mergeScales(b, a)),
  Div: (n, [a, b]) => (constantOf(b) === 1 ? unchanged(a, n) : undefined),
  Pow: (n, [a, b]) =>
    constantOf(b) === 1
      ? unchanged(a, n)
      : constantOf(b) === 2 && sameShape(a.shape, n.outputs[0].shape)
        ? a.graph.node('Mul', [a, a])
        : undefined,
  Neg: (_n, [x]) => {
    const inner = made(x, 'Neg');
    return inner ? [inner.inputs[0]] : undefined;
  },
  Reshape: (n, [x]) => {
    if (sameShape(x.shape, n.outputs[0].shape)) return [x];
    const inner = made(x, 'Reshape');
    return inner ? [reshape(inner.inputs[0], n.outputs[0].shape)] : undefined;
  },
  Transpose: (n, [x]) => {
    const perm = n.attrs.perm as readonly number[];
    const inner = made(x, 'Transpose');
    if (perm.every((p, i) => p === i)) return [x];
    if (inner)
      return [
        transpose(
          inner.inputs[0],
          perm.map((p) => (inner.attrs.perm as readonly number[])[p]),
        ),
      ];
    // moving only axes of length 1 is a reshape, which costs nothing
    const moved = perm.filter((p) => x.shape[p] !== 1);
    return moved.every((p, i) => i === 0 || p > moved[i - 1])
      ? [reshape(x, n.outputs[0].shape)]
      : matrixTranspose(x, moved, n.outputs[0]);
  },
  Expand: (n, [x]) => unchanged(x, n),
  Slice: (n, [x]) => sliceOfConcat(n, x),
  Concat: (_n, xs) => (xs.length === 1 ? [xs[0]] : splitThenConcat(xs)),
};

/** A transpose that swaps two runs of neighbouring axes is one of a matrix, for which kernels are faster. `perm`: without axes of length 1. */
function matrixTranspose(x: Tensor, perm: readonly number[], out: Tensor): readonly Tensor[] | undefined {
  const cut = perm.findIndex((p, i) => i > 0 && p < perm[i - 1]);
  const isRun = (run: readonly number[]) => run.every((p, i) => i === 0 || p > run[i - 1]);
  const [front, back] = [perm.slice(0, cut), perm.slice(cut)];
  if (x.shape.length === 2 || !isRun(back) || back[back.length - 1] > front[0]) return undefined;
  return [reshape(transpose(reshape(x, [-1, size(front.map((p) => x.shape[p]))]), [1, 0]), out.shape)];
}

/** (x * c) * d = x * (c d) for scalars c, d. */
function mergeScales(a: Tensor, b: Tensor): readonly Tensor[] | undefined {
  const d = constantOf(b);
  const inner = made(a, 'Mul');
  if (d === null || b.shape.length !== 0 || !inner) return undefined;
  const at = inner.inputs.findIndex((t) => t.shape.length === 0 && constantOf(t) !== null);
  if (at < 0) return undefined;
  return a.graph.node('Mul', [inner.inputs[1 - at], a.graph.scalar(d * constantOf(inner.inputs[at])!)]);
}

/** A slice that lies within one part of a concatenation reads that part. */
function sliceOfConcat(node: GraphNode, x: Tensor): readonly Tensor[] | undefined {
  const inner = made(x, 'Concat');
  const { starts, ends, axes, steps } = node.attrs as Record<string, readonly number[]>;
  if (!inner || axes.length !== 1 || axes[0] !== inner.attrs.axis) return undefined;
  let offset = 0;
  for (const part of inner.inputs) {
    const length = part.shape[axes[0]];
    if (starts[0] >= offset && ends[0] <= offset + length) {
      const start = starts[0] - offset;
      const end = ends[0] - offset;
      if (start === 0 && end === length && steps[0] === 1) return [part];
      return part.graph.node('Slice', [part], { starts: [start], ends: [end], axes, steps });
    }
    offset += length;
  }
  return undefined;
}
/** Concatenating all parts of one split in order gives back what was split. */
function splitThenConcat(xs: readonly Tensor[]): readonly Tensor[] | undefined {
  const inner = made(xs[0], 'Split');
  return inner && xs.length === inner.outputs.length && xs.every((t, i) => t.node === inner && t.index === i)
    ? [inner.inputs[0]]
    : undefined;
}

/** x*1, x+0, double negation, transposes and reshapes that cancel, slices of concatenations, merged scales. */
export const identities: Pass = {
  name: 'identities',
  run: (graph) =>
    rewrite(graph, (node, inputs) => {
      const rule = IDENTITIES[node.op];
      // a concat of split parts counts as an identity only along the split's axis
      if (node.op === 'Concat' && inputs.length > 1 && inputs[0].node?.attrs.axis !== node.attrs.axis) return undefined;
      return rule?.(node, inputs);
    }),
};

export const PASSES: readonly Pass[] = [
  foldConstants,
  identities,
  broadcasts,
  factorise,
  matrixProducts,
  splitViews,
  rowSums,
  rectifiers,
  commonSubexpressions,
  deadCode,
];

export interface PassReport {
  graph: Graph;
  before: number;
  after: number;
  passes: { name: string; nodes: number }[];
}

/** Runs the passes until the node count stands still. Reports node counts before, after, and after each pass of the first round. */
export function optimise(graph: Graph, passes: readonly Pass[] = PASSES): PassReport {
  const report: PassReport = { graph, before: graph.nodes.length, after: 0, passes: [] };
  for (let round = 0; round < 8; round++) {
    const start = report.graph.nodes.length;
    for (const pass of passes) {
      report.graph = pass.run(report.graph);
      if (round === 0) report.passes.push({ name: pass.name, nodes: report.graph.nodes.length });
    }
    if (round > 0 && report.graph.nodes.length === start) break;
  }
  report.after = report.graph.nodes.length;
  return report;
}
