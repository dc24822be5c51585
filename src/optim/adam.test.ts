// Adam against algorithm 1 of the paper, written out as a loop.
import { expect, it } from 'vitest';
import { mul, reduceSum, square } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { Params } from '../nn/params.ts';
import { zeros } from '../nn/initialisers.ts';
import { adam } from './adam.ts';
import { trainProgram } from './program.ts';

const SLOPES = [1, -0.5, 1e-6];
const RATE = 0.01;
const [BETA1, BETA2, EPSILON] = [0.8, 0.99, 1e-3];

it.each([0, 0.1])('follows algorithm 1, weight decay %d', (weightDecay) => {
  const g = new Graph();
  const p = new Params(g);
  const w = p.get('w', [3], zeros);
  // loss = sum slope w^2 / 2, so that the gradient slope w changes from step to step
  const program = trainProgram({
    params: p,
    loss: reduceSum(mul(mul(square(w), g.constant(Float32Array.from(SLOPES))), 0.5), 'all'),
    optimiser: adam({ beta1: BETA1, beta2: BETA2, epsilon: EPSILON, weightDecay }),
  });
  const theta = [1, 2, 3];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  let state: Record<string, ArrayLike<number>> = program.zeroState(Float32Array.from(theta));
  for (let t = 1; t <= 5; t++) {
    const out = evaluateOutputs(program.graph, { ...state, ...program.rates(t, RATE) });
    state = Object.fromEntries(program.state.map(({ input, output }) => [input, out[output]]));
    SLOPES.forEach((slope, i) => {
      const gradient = slope * theta[i];
      m[i] = BETA1 * m[i] + (1 - BETA1) * gradient;
      v[i] = BETA2 * v[i] + (1 - BETA2) * gradient ** 2;
      theta[i] -=
        RATE * weightDecay * theta[i] +
        (RATE * m[i]) / (1 - BETA1 ** t) / (Math.sqrt(v[i] / (1 - BETA2 ** t)) + EPSILON);
      expect(state.theta[i]).toBeCloseTo(theta[i], 6);
    });
  }
});
