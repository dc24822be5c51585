// Several networks in one graph: teachers, frozen copies, unrolled steps.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { checkGradients } from '../autodiff/check-gradients.ts';
import { add, exp, mul, reduceMean, reduceSum, relu, square, sub, tanh } from '../graph/builder.ts';
import { evaluate, evaluateOutputs } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { adam } from '../optim/adam.ts';
import { inferenceProgram, trainProgram } from '../optim/program.ts';
import { sgd } from '../optim/sgd.ts';
import { prng } from '../util/prng.ts';
import { size } from '../util/shape.ts';
import { frozen, weightsFrom, weightsOf } from './given-weights.ts';
import { constant, normal } from './initialisers.ts';
import { batchNorm, conv2d, globalAveragePool, linear, stackMaps } from './layers.ts';
import { Params } from './params.ts';
import type { Weights } from './weights.ts';

const B = 3;
const IMAGE = [B, 2, 5, 5];
const cnn = (w: Weights, x: Tensor, isFrozen = false): Tensor => {
  const h = relu(batchNorm(w, 'norm', conv2d(w, 'conv', x, 4, { bias: false }), { frozen: isFrozen }));
  return linear(w, 'head', globalAveragePool(w, h), 2);
};
const total = (t: Tensor) => reduceSum(t, 'all');
const close = (got: ArrayLike<number>, want: ArrayLike<number>, digits = 9) => {
  expect(got.length).toBe(want.length);
  Array.from(want).forEach((v, i) => expect(got[i]).toBeCloseTo(v, digits));
};

describe.each([null, 2])('stack %s', (stack) => {
  const lead = stack === null ? [] : [stack];
  const draw = (name: string, n: number) => prng(4, name).normals(n);
  const inits = (p: Params, seed: number) => p.init(...Array.from({ length: stack ?? 1 }, (_, s) => prng(seed, s)));
  const single = () => {
    const g = new Graph();
    const p = new Params(g, stack);
    const y = cnn(p, stackMaps(p, g.input('x', [...lead, ...IMAGE])), true);
    return { p, program: inferenceProgram({ params: p, outputs: { y } }) };
  };
  const buffersOf = (p: Params) => {
    const of = (name: string) =>
      draw(
        name,
        p.bufferShape.reduce((a, b) => a * b, 1),
      ).map((v) => v ** 2 + 0.5);
    return of('buffers');
  };

  it("an EMA teacher's forward equals a separate model with the averaged weights", () => {
    const g = new Graph();
    const p = new Params(g, stack);
    const x = stackMaps(p, g.input('x', [...lead, ...IMAGE]));
    const student = cnn(p, x, true);
    const teacher = cnn(weightsFrom(p, g.input('ema', p.shape)), x, true);
    const loss = reduceMean(square(sub(student, teacher)), 'all');
    const program = trainProgram({
      params: p,
      loss,
      optimiser: adam(),
      emaDecay: 0.9,
      state: { seen: add(mul(g.input('seen', teacher.shape), 0), teacher) },
    });
    const theta = inits(p, 1);
    const ema = inits(p, 2);
    const alone = single();
    const pixels = draw('x', size([...lead, ...IMAGE]));
    const buffers = buffersOf(p);
    const run = evaluateOutputs(program.graph, {
      ...program.zeroState(theta, buffers),
      ...program.rates(1, 0.1),
      ema,
      seen: new Float32Array(size(teacher.shape)),
      x: pixels,
    });
    close(run["seen'"], evaluateOutputs(alone.program.graph, { theta: ema, buffers, x: pixels }).y);
    close(
      run["ema'"],
      Array.from(ema, (v, i) => 0.9 * v + 0.1 * run["theta'"][i]),
      6, // 0.9 is a float32 constant of the graph
    );
  });

  it('a teacher of the same class is a second set of weights with a prefix, and is not trained', () => {
    const g = new Graph();
    const p = new Params(g, stack);
    const teacher = new Params(g, stack, { prefix: 'teacher' });
    const x = stackMaps(p, g.input('x', [...lead, ...IMAGE]));
    const answer = cnn(teacher, x, true);
    const loss = reduceMean(square(sub(cnn(p, x), answer)), 'all');
    const program = trainProgram({
      params: p,
      loss,
      optimiser: sgd(),
      state: { seen: add(mul(g.input('seen', answer.shape), 0), answer) },
    });
    expect(inits(teacher, 3)).toEqual(inits(p, 3));
    const buffers = buffersOf(p);
    const pixels = draw('x', size([...lead, ...IMAGE]));
    const out = evaluateOutputs(program.graph, {
      ...program.zeroState(inits(p, 1), buffers),
      ...program.rates(1, 0.1),
      'teacher.theta': inits(teacher, 2),
      'teacher.buffers': buffers,
      seen: new Float32Array(size(answer.shape)),
      x: pixels,
    });
    const alone = single();
    close(out["seen'"], evaluateOutputs(alone.program.graph, { theta: inits(p, 2), buffers, x: pixels }).y);
    expect(program.state.map((s) => s.input)).toEqual(['theta', 'buffers', 'seen']);
    // the student's running statistics moved, although the teacher used the same layer names
    expect(Array.from(out["buffers'"])).not.toEqual(Array.from(buffers));
  });

  it('a frozen copy gets no gradient and leaves running statistics alone', () => {
    const g = new Graph();
    const p = new Params(g, stack);
    const x = stackMaps(p, g.input('x', [...lead, ...IMAGE]));
    const live = total(square(cnn(p, x)));
    const updates = new Map(p.updates);
    const still = total(square(cnn(frozen(p), x)));
    expect(backward(still, p.tensors)).toEqual(p.tensors.map(() => null));
    expect(backward(live, p.tensors)).not.toContain(null);
    expect(p.updates).toEqual(updates);
    const feeds = Object.fromEntries([...g.inputs].map(([name, t]) => [name, draw(name, size(t.shape))]));
    const values = evaluate(g, feeds, [live, still]);
    expect(values.get(still)![0]).toBe(values.get(live)![0]);
  });
});

describe('unrolled steps', () => {
  const N = 4;
  const D = 3;
  const STEPS = 4;
  /** Distilled inputs and a log rate, trained through four SGD steps of a network whose start is given. */
  function unrolled(stack: number | null) {
    const g = new Graph();
    const lead = stack === null ? [] : [stack];
    const p = new Params(g, stack);
    const data = p.get('data', [N, D], normal(1));
    const logRate = p.get('logRate', [1], constant(-1));
    const network = new Params(g, stack, { prefix: 'network' });
    const forward = (w: Weights, x: Tensor) => linear(w, '1', tanh(linear(w, '0', x, 5)), 2);
    const target = g.constant(prng(1, 'target').normals(size([...lead, N, 2])), [...lead, N, 2]);
    const lossAt = (w: Weights, x: Tensor) => total(square(sub(forward(w, x), target)));
    lossAt(network, data); // names the parameters
    let tensors = network.tensors;
    for (let k = 0; k < STEPS; k++) {
      const gradients = backward(lossAt(weightsOf(network, tensors), data), tensors);
      tensors = tensors.map((t, i) => {
        const rate = exp(logRate);
        const shaped = stack === null ? rate : spread(rate, t);
        return sub(t, mul(mul(gradients[i]!, 0.05), shaped));
      });
    }
    const real = g.constant(prng(1, 'real').normals(size([...lead, N, D])), [...lead, N, D]);
    const loss = lossAt(weightsOf(network, tensors), real);
    return { p, network, loss, program: trainProgram({ params: p, loss, optimiser: sgd() }) };
  }

  it.each([null, 2])('four steps are differentiated to data and log rate, stack %s', (stack) => {
    const { p, network, program } = unrolled(stack);
    const { loss, gradients } = program.unpacked;
    const random = prng(2, 'values');
    const feeds = Object.fromEntries(
      [...loss.graph.inputs].map(([name, t]) => [name, random.normals(size(t.shape), 0.5)]),
    );
    expect(gradients).not.toContain(null);
    const check = checkGradients(loss, p.tensors, gradients, feeds);
    expect(Math.abs(check.analytic)).toBeGreaterThan(1e-3);
    expect(check.error).toBeLessThan(1e-7);
    // each alone, so that neither hides the other
    p.tensors.forEach((t, i) =>
      expect(checkGradients(loss, [t], [gradients[i]], feeds, `${i}`).error).toBeLessThan(1e-7),
    );
    expect(network.length).toBe(3 * 5 + 5 + 5 * 2 + 2);
  });
  it('the packed program takes the network as one flat input', () => {
    const { p, network, program } = unrolled(null);
    const theta = p.init(prng(1, 'p'));
    const start = network.init(prng(1, 'network'));
    const out = evaluateOutputs(program.graph, {
      ...program.zeroState(theta),
      ...program.rates(1, 0.01),
      'network.theta': start,
    });
    const { loss } = program.unpacked;
    const feeds: Record<string, ArrayLike<number>> = {
      'theta/data': p.part(theta, 'data'),
      'theta/logRate': p.part(theta, 'logRate'),
    };
    for (const { name } of network.specs) feeds[`network.theta/${name}`] = network.part(start, name);
    expect(out.metrics[0]).toBeCloseTo(evaluate(loss.graph, feeds, [loss]).get(loss)![0], 9);
    expect(Array.from(out["theta'"])).not.toEqual(Array.from(theta));
  });
});
/** [S, 1] in a shape that multiplies t [S, ...]. */
const spread = (rate: Tensor, t: Tensor): Tensor =>
  rate.graph.node('Reshape', [rate], { shape: [t.shape[0], ...t.shape.slice(1).map(() => 1)] })[0];

it('refuses what does not fit', () => {
  const g = new Graph();
  const p = new Params(g);
  expect(() => new Params(g)).toThrow(
    'Params: expected a prefix that no other weights of the graph have; got none again',
  );
  linear(p, 'a', g.input('x', [2, 3]), 4);
  expect(() => weightsOf(p, [])).toThrow('weightsOf: expected 2 tensors, one per parameter; got 0');
  expect(() => weightsFrom(p, g.input('flat', [3]))).toThrow('theta: expected a flat vector [16]; got [3]');
  const copy = weightsFrom(p, g.input('old', p.shape));
  expect(() => linear(copy, 'b', g.inputs.get('x')!, 4)).toThrow('unknown parameter "b.w"; known: a.w, a.b');
  expect(() => linear(copy, 'a', g.inputs.get('x')!, 5)).toThrow(
    'parameter "a.w": expected the shape [3, 4] of the given weights; got [3, 5]',
  );
  const teacher = new Params(g, null, { prefix: 'teacher' });
  expect(() => trainProgram({ params: teacher, loss: g.input('l', []), optimiser: sgd() })).toThrow(
    'trainProgram: expected the trained weights without a prefix; got "teacher"',
  );
});
