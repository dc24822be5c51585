// Entropic optimal transport by Sinkhorn's iterations in the log domain, unrolled, so that gradients pass through them.
import { add, exp, log, mul, type Operand } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { invariant } from '../util/invariant.ts';
import { logSoftmax } from './log-softmax.ts';

export interface SinkhornOptions {
  /** Weight of the entropy; small ones give sharp plans and need more iterations. */
  epsilon: number;
  iterations: number;
  /** Masses of the rows [.., N, 1] and columns [.., 1, M], positive and of equal sum; 1/N and 1/M unless given. */
  rows?: Tensor;
  columns?: Tensor;
}

/**
 * The plan exp((f_i + g_j - C_ij) / epsilon) after so many scalings of rows, then columns (Cuturi 2013, algorithm 1; in the log domain:
 * Peyre & Cuturi 2019, section 4.4). Column sums hold exactly, row sums in the limit.
 * @param cost C [.., N, M]
 * @returns [.., N, M]
 */
export function sinkhorn(cost: Tensor, { epsilon, iterations, rows, columns }: SinkhornOptions): Tensor {
  invariant(
    epsilon > 0 && iterations >= 1,
    () => `sinkhorn: expected epsilon > 0 and at least one iteration; got ${epsilon} and ${iterations}`,
  );
  const [N, M] = cost.shape.slice(-2);
  const logRows: Operand = rows ? log(rows) : -Math.log(N);
  const logColumns: Operand = columns ? log(columns) : -Math.log(M);
  let plan = mul(cost, -1 / epsilon); // its logarithm
  for (let k = 0; k < iterations; k++)
    for (const [mass, axis] of [
      [logRows, -1],
      [logColumns, -2],
    ] as const)
      plan = add(logSoftmax(plan, axis), mass);
  return exp(plan);
}
