// Undirected graphs: made by a stochastic block model or by nearest neighbours, and as matrices for graph networks.
import { invariant } from '../util/invariant.ts';
import { neighbourTable } from '../util/measures/knn.ts';
import type { Prng } from '../util/prng.ts';

/** Nodes 0..nodes-1 and each edge once, its lower end first, in ascending order. */
export interface Graph {
  nodes: number;
  edges: [number, number][];
}

/**
 * Stochastic block model (Holland, Laskey & Leinhardt 1983): each pair is an edge with a probability that its blocks decide.
 * @param blocks [nodes], such as class labels
 * @param inside probability within a block
 * @param between probability across blocks
 */
export function blockModel(random: Prng, blocks: ArrayLike<number>, inside: number, between: number): Graph {
  invariant(
    [inside, between].every((p) => p >= 0 && p <= 1),
    () => `blockModel: expected probabilities in 0..1; got ${inside} and ${between}`,
  );
  const edges: [number, number][] = [];
  for (let i = 0; i < blocks.length; i++) {
    for (let j = i + 1; j < blocks.length; j++) {
      if (random.next() < (blocks[i] === blocks[j] ? inside : between)) edges.push([i, j]);
    }
  }
  return { nodes: blocks.length, edges };
}

/**
 * Each row joined to its k nearest by Euclidean distance; an edge when either is among the other's, or with `isMutual` when both are.
 * For cosine pass unit rows.
 * @param values [nodes, D]
 */
export function neighbourGraph(values: ArrayLike<number>, D: number, k: number, isMutual = false): Graph {
  const nodes = values.length / D;
  const nearest = neighbourTable(values, D, k);
  const counts = new Map<number, number>();
  nearest.forEach((j, at) => {
    const i = Math.floor(at / k);
    const key = Math.min(i, j) * nodes + Math.max(i, j);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const kept = [...counts].filter(([, count]) => count >= (isMutual ? 2 : 1)).map(([key]) => key);
  return { nodes, edges: kept.sort((a, b) => a - b).map((key) => [Math.floor(key / nodes), key % nodes]) };
}

/** [nodes, nodes] of 0 and 1, symmetric. */
export function adjacency({ nodes, edges }: Graph): Float32Array {
  const out = new Float32Array(nodes * nodes);
  for (const [i, j] of edges) {
    out[i * nodes + j] = 1;
    out[j * nodes + i] = 1;
  }
  return out;
}

/** Number of neighbours of each node. */
export function degrees({ nodes, edges }: Graph): Int32Array {
  const out = new Int32Array(nodes);
  for (const [i, j] of edges) {
    out[i]++;
    out[j]++;
  }
  return out;
}

/**
 * D^-1/2 (A + I) D^-1/2, D the degrees of A + I: what a graph convolution multiplies with (Kipf & Welling 2017, equation 2).
 * Without loops D^-1/2 A D^-1/2, where a node alone has a zero row.
 * @returns [nodes, nodes]
 */
export function normalisedAdjacency(graph: Graph, hasLoops = true): Float32Array {
  const { nodes } = graph;
  const out = adjacency(graph);
  if (hasLoops) for (let i = 0; i < nodes; i++) out[i * nodes + i] = 1;
  const scale = Array.from(degrees(graph), (d) => (d + Number(hasLoops) > 0 ? 1 / Math.sqrt(d + Number(hasLoops)) : 0));
  return out.map((v, at) => v * scale[Math.floor(at / nodes)] * scale[at % nodes]);
}

/** Share of edges whose ends have one label; NaN without edges. */
export const homophily = ({ edges }: Graph, labels: ArrayLike<number>): number =>
  edges.filter(([i, j]) => labels[i] === labels[j]).length / edges.length;
