// One-hot rows from integer labels, by comparison (no OneHot kernel on WebGPU).
import { countUp, equal, indicator, unsqueeze } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** labels: int32 [..] -> float32 [.., classes] */
export const oneHot = (labels: Tensor, classes: number): Tensor =>
  indicator(equal(unsqueeze(labels, -1), countUp(labels.graph, classes)));
