// Passes a value on unchanged and its gradient multiplied: reversed at -1 (Ganin & Lempitsky 2015, section 3), cut at 0.
import { add, detach, mul, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** @param factor a number, or a tensor that broadcasts against x */
export function scaleGradient(x: Tensor, factor: Tensor | number): Tensor {
  const still = detach(x);
  return add(still, mul(sub(x, still), factor));
}
