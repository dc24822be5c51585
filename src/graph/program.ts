// A finished graph with the names that say how it is driven.
import type { Graph } from './graph.ts';

export interface Program {
  graph: Graph;
  /** State inputs and the outputs that replace them after a step. */
  state: { input: string; output: string }[];
  /** Row-indexed data gathered on the host: before a run, `input` is filled with the rows of `source` that the feed `index` names. */
  batches: { input: string; source: string; index: string }[];
  /** Names of inputs that the passes made idle: they may be fed, to no effect. */
  unused?: string[];
  /** Name of the float32 vector output with one value per label. */
  metrics?: { output: string; labels: string[] };
}
