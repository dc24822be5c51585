// Places for the nodes of a graph: those it was given, else by springs and charges, the same every time.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
import type { GraphPicture } from './payloads.ts';

export interface Places {
  x: Float64Array;
  y: Float64Array;
}

type Node = { x?: number; y?: number };
const TURNS = 240;

export function graphLayout({ nodes, edges, x, y }: Pick<GraphPicture, 'nodes' | 'edges' | 'x' | 'y'>): Places {
  if (x && y) return { x: Float64Array.from(x), y: Float64Array.from(y) };
  const bodies: Node[] = Array.from({ length: nodes }, () => ({}));
  const links = Array.from({ length: Math.floor(edges.length / 2) }, (_, e) => ({
    source: edges[2 * e],
    target: edges[2 * e + 1],
  }));
  // d3-force starts from a spiral and draws from a generator of its own with a fixed seed
  forceSimulation(bodies)
    .force('link', forceLink(links).distance(24).strength(0.5))
    .force('charge', forceManyBody().strength(-30).distanceMax(240))
    .force('apart', forceCollide(6))
    .force('x', forceX(0).strength(0.05))
    .force('y', forceY(0).strength(0.05))
    .stop()
    .tick(TURNS);
  return { x: Float64Array.from(bodies, (body) => body.x ?? 0), y: Float64Array.from(bodies, (body) => body.y ?? 0) };
}
