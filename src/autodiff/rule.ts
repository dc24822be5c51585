// What a gradient rule is. The engine un-broadcasts, accumulates and checks shapes; rules only state the mathematics.
import type { Tensor } from '../graph/graph.ts';
import type { Attrs } from '../graph/op.ts';

/**
 * Vector-Jacobian product: from inputs `x`, outputs `y` and output gradients `dy` to one gradient per input.
 * A gradient may have the broadcast shape of the output; `null` where none flows. `need[i]` is false where it is not wanted.
 */
export type Vjp = (
  x: readonly Tensor[],
  y: readonly Tensor[],
  dy: readonly Tensor[],
  attrs: never,
  need: readonly boolean[],
) => readonly (Tensor | null)[];
export type Rule =
  | {
      kind: 'vjp';
      vjp: Vjp;
      /** Outputs whose gradient may be missing and is then passed as undefined. */ sparse?: boolean;
    }
  | { kind: 'zero' }
  | { kind: 'unsupported'; why: string };

export const vjp = <A = Attrs>(
  f: (
    x: readonly Tensor[],
    y: readonly Tensor[],
    dy: readonly Tensor[],
    attrs: A,
    need: readonly boolean[],
  ) => readonly (Tensor | null)[],
): Rule => ({ kind: 'vjp', vjp: f as Vjp });
/** One input, one output: dx = f(x, y, dy). */
export const unary = (f: (x: Tensor, y: Tensor, dy: Tensor) => Tensor): Rule => vjp(([x], [y], [dy]) => [f(x, y, dy)]);
/** Piecewise constant or without meaning for gradients: nothing flows. */
export const notDifferentiable: Rule = { kind: 'zero' };
export const unsupported = (why: string): Rule => ({ kind: 'unsupported', why });
