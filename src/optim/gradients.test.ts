// Gradients of several losses, combined: against the gradients of the losses alone.
import { expect, it } from 'vitest';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { add, mul, neg, reduceSum, sin, square, sub } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { normal } from '../nn/initialisers.ts';
import { Params } from '../nn/params.ts';
import { prng } from '../util/prng.ts';
import { gradientCosine, onlyFor, withoutConflict } from './gradients.ts';
import { trainProgram, type CombinedGradient } from './program.ts';
import { sgd } from './sgd.ts';

type Combine = (p: Params, g: Record<string, Tensor>) => ReturnType<CombinedGradient['combine']>;
/** Two losses of (u [3], w [2]): near = |u - 1|^2 + |w|^2, far = sum 3 sin(u) - w. */
function build(combine: Combine, stack: number | null = null) {
  const g = new Graph();
  const p = new Params(g, stack);
  const u = p.get('u', [3], normal(1));
  const w = p.get('w', [2], normal(1));
  const sum = (t: Tensor) => reduceSum(t, -1);
  const near = sum(square(sub(u, 1)));
  const losses = {
    near: add(near, sum(square(w))),
    far: add(sum(mul(sin(u), 3)), neg(sum(w))),
  };
  const gradient = { losses, combine: (gradients: Record<string, Tensor>) => combine(p, gradients) };
  return { p, program: trainProgram({ params: p, loss: losses.near, gradient, optimiser: sgd() }) };
}
const gradientsOf = ([u0, u1, u2, w0, w1]: ArrayLike<number> & Iterable<number>) => ({
  near: [2 * (u0 - 1), 2 * (u1 - 1), 2 * (u2 - 1), 2 * w0, 2 * w1],
  far: [3 * Math.cos(u0), 3 * Math.cos(u1), 3 * Math.cos(u2), -1, -1],
});
const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i], 0);
/** The gradient that a step of rate 1 took, and the metrics. */
function take(combine: Combine, thetas: Float32Array[]) {
  const { program } = build(combine, thetas.length > 1 ? thetas.length : null);
  const theta = Float32Array.from(thetas.flatMap((t) => [...t]));
  const out = evaluateOutputs(program.graph, { theta, ...program.rates(1, 1) });
  const metrics = Object.fromEntries(program.metrics!.labels.map((l, i) => [l, out.metrics[i]]));
  return { gradient: Array.from(out["theta'"], (v, i) => theta[i] - v), metrics };
}
const close = (got: number[], want: number[]) => want.forEach((v, i) => expect(got[i]).toBeCloseTo(v, 6));
const thetas = [prng(1, 'a').normals(5), prng(2, 'b').normals(5)];

it('flips one loss and reports the cosine of two, stacked and not', () => {
  const flip: Combine = (_p, { near, far }) => ({
    gradient: sub(near, mul(far, 0.5)),
    metrics: { cosine: gradientCosine(near, far) },
  });
  const want = thetas.map(gradientsOf);
  const cosines = want.map(({ near, far }) => dot(near, far) / Math.sqrt(dot(near, near) * dot(far, far)));
  const single = take(flip, thetas.slice(0, 1));
  close(
    single.gradient,
    want[0].near.map((v, i) => v - 0.5 * want[0].far[i]),
  );
  expect(single.metrics.cosine).toBeCloseTo(cosines[0], 6);
  const both = take(flip, thetas);
  close(
    both.gradient,
    want.flatMap(({ near, far }) => near.map((v, i) => v - 0.5 * far[i])),
  );
  cosines.forEach((c, s) => expect(both.metrics[`cosine#${s}`]).toBeCloseTo(c, 6));
});
it('takes the part against another loss away, and nothing where they agree', () => {
  const project: Combine = (_p, { near, far }) => ({ gradient: withoutConflict(near, far) });
  const agree: Combine = (_p, { near }) => ({ gradient: withoutConflict(near, near) });
  const against: Combine = (_p, { near }) => ({ gradient: withoutConflict(near, neg(near)) });
  for (const theta of [thetas[0], thetas[1], Float32Array.of(1.5, 1.5, 1.5, 2, 2), Float32Array.of(0, 0, 0, 1, 1)]) {
    const { near, far } = gradientsOf(theta);
    const share = Math.min(0, dot(near, far)) / dot(far, far);
    close(
      take(project, [theta]).gradient,
      near.map((v, i) => v - share * far[i]),
    );
    close(take(agree, [theta]).gradient, near);
    close(
      take(against, [theta]).gradient,
      near.map(() => 0),
    );
  }
});
it('gives each part of the model a loss of its own', () => {
  const split: Combine = (p, { near, far }) => ({
    gradient: add(
      onlyFor(p, near, (name) => name === 'u'),
      onlyFor(p, far, (name) => name === 'w'),
    ),
  });
  const { near, far } = gradientsOf(thetas[0]);
  close(take(split, thetas.slice(0, 1)).gradient, [...near.slice(0, 3), ...far.slice(3)]);
});
it('hands a gradient check the sum of its losses', () => {
  const { p, program } = build((_p, { near }) => ({ gradient: near }));
  const { loss, gradients } = program.unpacked;
  const feeds = { 'theta/u': [0.3, -0.2, 1], 'theta/w': [1, 2] };
  expect(checkGradients(loss, p.tensors, gradients, feeds).error).toBeLessThan(1e-8);
});
it('refuses a gradient of another shape', () => {
  expect(() => build((_p, { near }) => ({ gradient: reduceSum(near, -1) }))).toThrow(
    'gradient: expected combine to give [5]; got []',
  );
});
