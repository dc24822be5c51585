// Sign descent against its formula in loops, several steps; a parameter without gradient stays.
import { expect, it } from 'vitest';
import { add, mul, reduceSum } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { constant } from '../nn/initialisers.ts';
import { Params } from '../nn/params.ts';
import { trainProgram } from './program.ts';
import { signSgd } from './sign-sgd.ts';

const RATE = 0.05;
const START = [1, -0.5, 0.02, 0];
const SLOPES = [0.3, -2, 0, 1e-6];

it.each([
  [0, 0],
  [0.9, 0],
  [0, 0.1],
  [0.5, 0.1],
])('momentum %d, decay %d', (momentum, weightDecay) => {
  const g = new Graph();
  const p = new Params(g);
  const w = p.get('w', [4], constant(0));
  const c = g.constant(Float64Array.from(SLOPES));
  const loss = reduceSum(add(mul(mul(w, w), 0.5 * 0.1), mul(w, c)), 'all');
  const step = trainProgram({ params: p, loss, optimiser: signSgd({ momentum, weightDecay }) });
  let state = step.zeroState(Float32Array.from(START)) as Record<string, ArrayLike<number>>;
  const theta = START.map(Math.fround);
  const m = theta.map(() => 0);
  for (let t = 1; t <= 5; t++) {
    const out = evaluateOutputs(step.graph, { ...state, ...step.rates(t, RATE) });
    state = Object.fromEntries(step.state.map((s) => [s.input, out[s.output]]));
    theta.forEach((value, i) => {
      const slope = 0.1 * value + SLOPES[i];
      m[i] = momentum * m[i] + (1 - momentum) * slope;
      theta[i] -= Math.fround(RATE) * (Math.sign(m[i]) + weightDecay * value);
    });
    theta.forEach((value, i) => expect(state.theta[i]).toBeCloseTo(value, 9));
  }
});

it('leaves a parameter whose gradient is 0 where it is', () => {
  const g = new Graph();
  const p = new Params(g);
  const loss = reduceSum(mul(p.get('w', [2], constant(0)), g.constant(Float64Array.of(0, -3))), 'all');
  const step = trainProgram({ params: p, loss, optimiser: signSgd() });
  const out = evaluateOutputs(step.graph, { ...step.zeroState(Float32Array.of(4, 4)), ...step.rates(1, 0.5) } as never);
  expect([...out["theta'"]]).toEqual([4, 4.5]);
});
