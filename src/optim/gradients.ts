// Arithmetic on the flat gradients of several losses, for `TrainSpec.gradient`. All take [P], or [S, P] for stacked models.
import { add, div, less, mul, reduceSum, reduceSumSquare, reshape, sqrt, sub, where } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import type { Params } from '../nn/params.ts';

/** <a, b> of each model. @returns [1] or [S, 1] */
const dot = (a: Tensor, b: Tensor): Tensor => reduceSum(mul(a, b), -1, true);

/** Cosine between two gradients; 0 where one of them is zero. @returns a scalar or [S] */
export function gradientCosine(a: Tensor, b: Tensor): Tensor {
  const norms = sqrt(mul(reduceSumSquare(a, -1, true), reduceSumSquare(b, -1, true)));
  const cosine = div(dot(a, b), add(norms, 1e-30));
  return reshape(cosine, a.shape.slice(0, -1));
}

/**
 * a without its part along b where the two conflict, <a, b> < 0: a - <a, b> / |b|^2 b (PCGrad: Yu et al. 2020, algorithm 1).
 * Elsewhere a itself.
 */
export function withoutConflict(a: Tensor, b: Tensor): Tensor {
  const product = dot(a, b);
  const along = div(product, add(reduceSumSquare(b, -1, true), 1e-30));
  return where(less(product, 0), sub(a, mul(along, b)), a);
}

/** The gradient of the parameters that `has` names, zero for the others: one loss for one part of a model. */
export function onlyFor(params: Params, gradient: Tensor, has: (name: string) => boolean): Tensor {
  return mul(
    gradient,
    params.graph.constant(
      params.spread((s) => Number(has(s.name))),
      [params.length],
    ),
  );
}
