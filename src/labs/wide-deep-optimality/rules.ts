// Which network stands behind an arm or the knobs: its activation and depth.
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { polynomial, relu, withPower, type Activation } from './activation.ts';
import type { meta } from './meta.ts';

export type Knobs = KnobsOf<typeof meta.controls>;

export interface Network {
  activation: Activation;
  depth: number;
}

export const DEEP = 100_000;
export const nearestActivation = polynomial('A = A′ = 0', [0, 0, 1, 0]);
/** x^2 = 1 + sqrt 2 h_2, at unit length: B' = 4/3. */
export const majorityActivation = polynomial('A ≠ 0', [1, 0, Math.SQRT2, 0]);

/** The networks of the arms at the dimension of the data. */
export const armNetworks = (d: number): Record<string, Network> => ({
  optimal: { activation: withPower(d), depth: DEEP },
  'nearest-deep': { activation: nearestActivation, depth: DEEP },
  'majority-deep': { activation: majorityActivation, depth: DEEP },
  alpha3: { activation: withPower(3), depth: DEEP },
  alpha4: { activation: withPower(4), depth: DEEP },
  'relu-shallow': { activation: relu, depth: 1 },
  'relu-deep': { activation: relu, depth: 40 },
});

export function activationOf({ activation, alpha, a0, a1, a2, a3 }: Knobs): Activation {
  if (activation === 'relu') return relu;
  if (activation === 'power') return withPower(alpha);
  const own = [a0, a1, a2, a3];
  return polynomial('own', own.some((v) => v > 0) ? own : [0, 1, 0, 0]);
}
