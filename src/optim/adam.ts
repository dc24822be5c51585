// Adam and AdamW, one update for the whole flat vector.
import { add, div, mul, sqrt, square, sub } from '../graph/builder.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdamOptions {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decoupled weight decay (Loshchilov & Hutter 2019): theta loses rate * decay * theta. */
  weightDecay?: number;
  /** Share of the decay per parameter, [P]; 1 everywhere unless given. */
  decayMask?: Float32Array;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1), with what is the same for all parameters left to the host: the slots hold m / (1 - beta1)
 * and v / (1 - beta2), so that m' = beta1 m + g and v' = beta2 v + g^2, and two scalars hold the rest,
 * theta' = theta - alpha m' / (sqrt(v') + e), e = epsilon c, alpha = rate c (1 - beta1) / (1 - beta1^t), c = sqrt((1 - beta2^t) / (1 - beta2)).
 */
export function adam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
  decayMask,
}: AdamOptions = {}): Optimiser {
  return {
    name: weightDecay ? 'adamw' : 'adam',
    slots: ['m', 'v'],
    inputs: ['alpha', 'epsilon', ...(weightDecay ? ['decay'] : [])],
    update({ theta, gradient: g, slots: [m, v], scalar, spread }) {
      const m1 = add(mul(m, beta1), g);
      const v1 = add(mul(v, beta2), square(g));
      const move = div(mul(m1, scalar('alpha')), add(sqrt(v1), scalar('epsilon')));
      if (!weightDecay) return { theta: sub(theta, move), slots: [m1, v1] };
      const lost = mul(decayMask ? mul(theta, spread(decayMask)) : theta, scalar('decay'));
      return { theta: sub(sub(theta, lost), move), slots: [m1, v1] };
    },
    scalars(t, rate) {
      const c = Math.sqrt((1 - beta2 ** t) / (1 - beta2));
      return {
        alpha: (rate * c * (1 - beta1)) / (1 - beta1 ** t),
        epsilon: epsilon * c,
        ...(weightDecay ? { decay: rate * weightDecay } : {}),
      };
    },
  };
}
