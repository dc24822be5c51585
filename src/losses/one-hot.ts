// One-hot rows from integer labels, by comparison (no OneHot kernel on WebGPU).
import { equal, indicator, unsqueeze } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** labels: int32 [..] -> float32 [.., classes] */
export const oneHot = (labels: Tensor, classes: number): Tensor =>
  indicator(
    equal(
      unsqueeze(labels, -1),
      labels.graph.constant(
        Int32Array.from({ length: classes }, (_, i) => i),
        [classes],
      ),
    ),
  );
