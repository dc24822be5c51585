// Initialisers: how a parameter's first values are drawn.
import type { Prng } from '../util/prng.ts';
import { size, type Shape } from '../util/shape.ts';

export type Initialiser = (random: Prng, shape: Shape) => Float32Array;

export const constant =
  (value: number): Initialiser =>
  (_random, shape) =>
    new Float32Array(size(shape)).fill(value);
export const zeros = constant(0);
export const ones = constant(1);
export const normal =
  (deviation: number): Initialiser =>
  (random, shape) =>
    random.normals(size(shape), deviation);
/** N(0, gain / fanIn); gain 2 suits ReLU (He et al. 2015, eq. 10), gain 1 linear layers (LeCun). */
export const fanIn = (fan: number, gain = 2): Initialiser => normal(Math.sqrt(gain / fan));
/** N(0, 2 / (fanIn + fanOut)) (Glorot & Bengio 2010, eq. 12, normal form). */
export const glorotNormal = (inputs: number, outputs: number): Initialiser => normal(Math.sqrt(2 / (inputs + outputs)));
/** U(-r, r), r = sqrt(6 / (fanIn + fanOut)) (Glorot & Bengio 2010, eq. 16). */
export const glorotUniform =
  (inputs: number, outputs: number): Initialiser =>
  (random, shape) => {
    const r = Math.sqrt(6 / (inputs + outputs));
    return random.uniforms(size(shape), -r, r);
  };
