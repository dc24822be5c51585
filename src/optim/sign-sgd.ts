// Sign descent: every parameter moves by the rate, in the direction that its gradient's sign gives.
import { add, mul, sign, sub } from '../graph/builder.ts';
import type { Optimiser } from './optimiser.ts';

export interface SignSgdOptions {
  /** Above 0 the sign is taken of a running mean of gradients (Signum). */
  momentum?: number;
  /** Decoupled: theta loses rate * decay * theta. */
  weightDecay?: number;
}

/** m' = beta m + (1 - beta) g; theta' = theta - rate (sign(m') + decay theta), sign(0) = 0 (Bernstein et al. 2018, algorithms 1 and 2). */
export function signSgd({ momentum = 0, weightDecay = 0 }: SignSgdOptions = {}): Optimiser {
  return {
    name: 'signSgd',
    slots: momentum ? ['m'] : [],
    inputs: ['rate'],
    update({ theta, gradient: g, slots: [m], scalar }) {
      const mean = momentum ? add(mul(m, momentum), mul(g, 1 - momentum)) : g;
      const direction = weightDecay ? add(sign(mean), mul(theta, weightDecay)) : sign(mean);
      return { theta: sub(theta, mul(direction, scalar('rate'))), slots: momentum ? [mean] : [] };
    },
    scalars: (_t, rate) => ({ rate }),
  };
}
