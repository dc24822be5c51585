// Pass over slices: neighbouring parts of one tensor come out of one Split instead of one Slice each, as the parameters do that are
// views of a flat vector. A Split writes few parts, since a shader sees few buffers; many parts come from Splits of a Split.
import { slice, split } from '../builder.ts';
import type { Graph, GraphNode, Tensor } from '../graph.ts';
import type { Pass } from './pass.ts';
import { rewrite } from './rewrite.ts';

/** Outputs of one Split: with its input the eight storage buffers that every WebGPU device binds. */
const MOST = 7;

interface View {
  start: number;
  end: number;
  node: GraphNode | null;
}
interface Views {
  of: Tensor;
  axis: number;
  parts: View[];
}

/** Slices of one tensor along one axis that do not overlap, in order, with the gaps between them as parts that nobody reads. */
function partition(of: Tensor, axis: number, slices: readonly GraphNode[]): Views | null {
  const parts: View[] = [];
  const at = (n: GraphNode, key: 'starts' | 'ends') => (n.attrs[key] as readonly number[])[0];
  const length = of.shape[axis];
  let end = 0;
  for (const node of slices.toSorted((a, b) => at(a, 'starts') - at(b, 'starts'))) {
    if (at(node, 'starts') < end) return null;
    if (at(node, 'starts') > end) parts.push({ start: end, end: at(node, 'starts'), node: null });
    parts.push({ start: at(node, 'starts'), end: (end = at(node, 'ends')), node });
  }
  if (end < length) parts.push({ start: end, end: length, node: null });
  return splits(parts.length) < slices.length ? { of, axis, parts } : null;
}
/** Splits that it takes to make `n` parts. */
const splits = (n: number): number => (n <= 1 ? 0 : n <= MOST ? 1 : Math.ceil(n / MOST) + splits(Math.ceil(n / MOST)));

function findViews(graph: Graph): Map<GraphNode, Views> {
  const groups = new Map<string, GraphNode[]>();
  const found = new Map<GraphNode, Views>();
  for (const node of graph.nodes) {
    if (node.op !== 'Slice') continue;
    const { axes, steps } = node.attrs as Record<string, readonly number[]>;
    const key = `${node.inputs[0].id}/${axes[0]}`;
    if (axes.length === 1 && steps[0] === 1) groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  for (const slices of groups.values()) {
    const views = partition(slices[0].inputs[0], (slices[0].attrs.axes as readonly number[])[0], slices);
    if (views) for (const node of slices) found.set(node, views);
  }
  return found;
}

/** The parts of `x`, which starts at `origin` of the whole tensor. */
function cut(x: Tensor, axis: number, parts: readonly View[], origin: number): Tensor[] {
  if (parts.length === 1) return [slice(x, axis, parts[0].start - origin, parts[0].end - origin)];
  const groups =
    parts.length <= MOST
      ? parts.map((p) => [p])
      : Array.from({ length: Math.ceil(parts.length / MOST) }, (_, i) => parts.slice(i * MOST, (i + 1) * MOST));
  if (groups.length > MOST)
    return cut(
      x,
      axis,
      groups.map((g) => ({ start: g[0].start, end: g[g.length - 1].end, node: null })),
      origin,
    ).flatMap((t, i) => cut(t, axis, groups[i], groups[i][0].start));
  const pieces = split(
    x,
    axis,
    groups.map((g) => g[g.length - 1].end - g[0].start),
  );
  return pieces.flatMap((t, i) => (groups[i].length === 1 ? [t] : cut(t, axis, groups[i], groups[i][0].start)));
}

export const splitViews: Pass = {
  name: 'split-views',
  run: (graph) => {
    const views = findViews(graph);
    const made = new Map<GraphNode, Tensor>();
    return rewrite(graph, (node, inputs) => {
      const found = views.get(node);
      if (found && !made.has(node))
        cut(inputs[0], found.axis, found.parts, 0).forEach((t, i) => {
          const { node: reader } = found.parts[i];
          if (reader) made.set(reader, t);
        });
      const part = made.get(node);
      return part && [part];
    });
  },
};
