// Gradient check in float64 along a random direction: the derivative by backward against a central difference.
import { evaluate, type Feeds64 } from '../graph/evaluate.ts';
import type { Tensor } from '../graph/graph.ts';
import { prng } from '../util/prng.ts';
import { size } from '../util/shape.ts';

export interface GradientCheck {
  analytic: number;
  numeric: number;
  error: number;
}

/**
 * Compares <gradient, v> with (L(x + hv) - L(x - hv)) / 2h for a random direction v over all of `wrt` (graph inputs).
 * @param gradients one per entry of `wrt`; null counts as zero
 * @returns error relative to the larger of 1 and the two values
 */
export function checkGradients(
  loss: Tensor,
  wrt: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
  feeds: Feeds64,
  seed: number | string = 1,
  h = 1e-5,
): GradientCheck {
  const random = prng(seed, 'direction');
  const direction = wrt.map((t) => Float64Array.from(random.normals(size(t.shape))));
  const values = evaluate(loss.graph, feeds, [loss, ...gradients.filter((g) => g !== null)]);
  let analytic = 0;
  gradients.forEach((g, i) => {
    if (g)
      values.get(g)!.forEach((v, k) => {
        analytic += v * direction[i][k];
      });
  });
  const at = (sign: number): number => {
    const moved: Record<string, ArrayLike<number>> = { ...feeds };
    wrt.forEach((t, i) => {
      moved[t.input!] = Float64Array.from(feeds[t.input!], (v, k) => v + sign * h * direction[i][k]);
    });
    return evaluate(loss.graph, moved, [loss]).get(loss)![0];
  };
  const numeric = (at(1) - at(-1)) / (2 * h);
  return {
    analytic,
    numeric,
    error: Math.abs(analytic - numeric) / Math.max(1, Math.abs(analytic), Math.abs(numeric)),
  };
}
