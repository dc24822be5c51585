// Stochastic gradient descent with momentum, Nesterov momentum and L2 weight decay.
import { add, mul, sub } from '../graph/builder.ts';
import type { Optimiser } from './optimiser.ts';

export interface SgdOptions {
  momentum?: number;
  nesterov?: boolean;
  weightDecay?: number;
}

/** v' = mu v + g; theta' = theta - rate (nesterov ? g + mu v' : v') (Sutskever et al. 2013, in PyTorch's form; decay added to g). */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): Optimiser {
  return {
    name: 'sgd',
    slots: momentum ? ['velocity'] : [],
    inputs: ['rate'],
    update({ theta, gradient, slots: [v], scalar }) {
      const g = weightDecay ? add(gradient, mul(theta, weightDecay)) : gradient;
      if (!momentum) return { theta: sub(theta, mul(g, scalar('rate'))), slots: [] };
      const next = add(mul(v, momentum), g);
      const direction = nesterov ? add(g, mul(next, momentum)) : next;
      return { theta: sub(theta, mul(direction, scalar('rate'))), slots: [next] };
    },
    scalars: (_t, rate) => ({ rate }),
  };
}
