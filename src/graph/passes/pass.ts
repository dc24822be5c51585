// What a pass is: a graph in, an equal graph out.
import type { Graph } from '../graph.ts';

export interface Pass {
  name: string;
  run(graph: Graph): Graph;
}
