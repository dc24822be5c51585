// Adam and AdamW, one update for the whole flat vector.
import { add, div, mul, sqrt, square, sub } from '../graph/builder.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdamOptions {
  beta1?: number; beta2?: number; epsilon?: number;
  /** Decoupled weight decay (Loshchilov & Hutter 2019): theta loses rate * decay * theta. */
  weightDecay?: number;
  /** Share of the decay per parameter, [P]; 1 everywhere unless given. */
  decayMask?: Float32Array;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1). Bias corrections come from the host as two scalars:
 * theta' = theta - a m' / (sqrt(v') + e), a = rate sqrt(1 - beta2^t) / (1 - beta1^t), e = epsilon sqrt(1 - beta2^t).
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decayMask }: AdamOptions = {}): Optimiser {
  return {
    name: weightDecay ? 'adamw' : 'adam', slots: ['m', 'v'], inputs: ['alpha', 'epsilon', ...(weightDecay ? ['decay'] : [])],
    update({ theta, gradient: g, slots: [m, v], scalar, spread }) {
      const m1 = add(mul(m, beta1), mul(g, 1 - beta1)), v1 = add(mul(v, beta2), mul(square(g), 1 - beta2));
      const move = div(mul(m1, scalar('alpha')), add(sqrt(v1), scalar('epsilon')));
      if (!weightDecay) return { theta: sub(theta, move), slots: [m1, v1] };
      const lost = mul(decayMask ? mul(theta, spread(decayMask)) : theta, scalar('decay'));
      return { theta: sub(sub(theta, lost), move), slots: [m1, v1] };
    },
    scalars(t, rate) {
      const c2 = Math.sqrt(1 - beta2 ** t);
      return { alpha: (rate * c2) / (1 - beta1 ** t), epsilon: epsilon * c2, ...(weightDecay ? { decay: rate * weightDecay } : {}) };
    },
  };
}
