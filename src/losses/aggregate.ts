// Losses when only the mean response of each bag is known (Javanmard et al. 2024): bag level and instance level.
// The interpolating loss is (1 - rho) bag + rho instance.
import { add, clip, log, mul, neg, reduceMean, reshape, square, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** l(y, f), elementwise. */
export type PointLoss = (y: Tensor, f: Tensor) => Tensor;
export const squaredError: PointLoss = (y, f) => square(sub(y, f));
/** -y log f - (1 - y) log(1 - f) for probabilities f, kept off 0 and 1. */
export const logisticError: PointLoss = (y, f) => {
  const p = clip(f, 1e-6, 1 - 1e-6);
  return neg(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p)))));
};

export interface AggregateLosses {
  /** L_bag = mean over bags of l(mean response, mean prediction). */
  bag: Tensor;
  /** L_ins = mean over individuals of l(their bag's mean response, prediction). */
  instance: Tensor;
  /** R = mean over individuals of (prediction - their bag's mean prediction)^2; L_ins = L_bag + R for squared error. */
  within: Tensor;
}

/**
 * @param f predictions [.., m * k], the members of a bag side by side
 * @param means mean responses [.., m] or broadcasting to it
 * @param own a target per individual instead of its bag's mean [.., m * k], for the instance loss
 * @returns losses [..]
 */
export function aggregateLosses(f: Tensor, means: Tensor, k: number, loss: PointLoss, own?: Tensor): AggregateLosses {
  const byBag = reshape(f, [...f.shape.slice(0, -1), f.shape[f.shape.length - 1] / k, k]);
  const mean = reduceMean(byBag, -1, true); // [.., m, k], [.., m, 1]
  const response = reshape(means, [...means.shape, 1]);
  const target = own ? reshape(own, [...own.shape.slice(0, -1), own.shape[own.shape.length - 1] / k, k]) : response;
  return {
    bag: reduceMean(loss(response, mean), [-2, -1]),
    instance: reduceMean(loss(target, byBag), [-2, -1]),
    within: reduceMean(square(sub(byBag, mean)), [-2, -1]),
  };
}
