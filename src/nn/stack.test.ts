// S stacked models in one graph equal S separate models: values, gradients, initial weights, and one optimiser step.
import { describe, expect, it } from 'vitest';
import { relu, reshape } from '../graph/builder.ts';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { crossEntropy } from '../losses/cross-entropy.ts';
import { oneHot } from '../losses/one-hot.ts';
import { adam } from '../optim/adam.ts';
import { trainProgram } from '../optim/program.ts';
import { sgd } from '../optim/sgd.ts';
import { prng } from '../util/prng.ts';
import {
  batchNorm,
  conv2d,
  convTranspose2d,
  depthwiseConv2d,
  globalAveragePool,
  groupNorm,
  layerNorm,
  linear,
  rmsNorm,
  stackMaps,
  swiGlu,
  tanhGelu,
} from './layers.ts';
import { selfAttention } from './attention.ts';
import { Params } from './params.ts';

const B = 2;
const CLASSES = 3;
type Model = (p: Params, x: Tensor) => Tensor;
const cnn: Model = (p, x) => {
  let h = relu(batchNorm(p, 'bn', conv2d(p, 'c1', stackMaps(p, x), 4, { stride: 2 })));
  h = relu(groupNorm(p, 'gn', depthwiseConv2d(p, 'dw', h), 2));
  return linear(p, 'head', globalAveragePool(p, convTranspose2d(p, 'up', h, 3)), CLASSES);
};
const transformer: Model = (p, x) => {
  const lead = p.stack === null ? [] : [p.stack];
  const tokens = reshape(x, [...lead, B, 4, 9]);
  let h = linear(p, 'embed', tokens, 6);
  h = selfAttention(p, 'attention', layerNorm(p, 'ln', h), { heads: 2 });
  h = swiGlu(p, 'mlp', rmsNorm(p, 'rms', tanhGelu(h)), 5);
  return linear(p, 'head', reshape(h, [...lead, B, 24]), CLASSES);
};

function program(model: Model, stack: number | null, optimiser = adam()) {
  const g = new Graph();
  const p = new Params(g, stack);
  const lead = stack === null ? [] : [stack];
  const logits = model(p, g.input('x', [...lead, B, 1, 6, 6]));
  const loss = crossEntropy(logits, oneHot(g.input('y', [...lead, B], 'int32'), CLASSES));
  return { p, step: trainProgram({ params: p, loss, optimiser, clipNorm: 1 }) };
}

describe('stacked models', () => {
  it.each([
    ['cnn', cnn, adam({ weightDecay: 0.1 })],
    ['transformer', transformer, sgd({ momentum: 0.9, nesterov: true })],
  ] as const)('%s: one step of three equals three steps of one', (_name, model, optimiser) => {
    const S = 3;
    const randoms = [...Array(S).keys()].map((s) => prng(s, 'init'));
    const data = prng(5, 'data');
    const xs = randoms.map(() => data.normals(B * 36));
    const ys = randoms.map(() => Int32Array.from({ length: B }, () => data.int(CLASSES)));
    const run = (stack: number | null, members: number[]) => {
      const { p, step } = program(model, stack, optimiser);
      const join = (parts: ArrayLike<number>[]) => parts.flatMap((v) => Array.from(v));
      const feeds = {
        ...step.zeroState(
          p.init(...members.map((s) => randoms[s])),
          p.bufferLength ? p.initBuffers(...members.map((s) => randoms[s])) : undefined,
        ),
        ...step.rates(1, 0.01),
        x: join(members.map((s) => xs[s])),
        y: join(members.map((s) => ys[s])),
      };
      return evaluateOutputs(step.graph, feeds as never);
    };
    const together = run(S, [0, 1, 2]);
    const apart = [0, 1, 2].map((s) => run(null, [s]));
    for (const name of Object.keys(together)) {
      const joined = apart.flatMap((o) => Array.from(o[name]));
      const got = Array.from(together[name]);
      expect(got.length, name).toBe(joined.length);
      const worst = Math.max(...got.map((v, i) => Math.abs(v - joined[i])));
      expect(worst, name).toBeLessThan(1e-9);
    }
  });
  it('refuses a parameter asked for twice with different shapes', () => {
    const p = new Params(new Graph());
    p.get('w', [2, 3], () => new Float32Array(6));
    expect(() => p.get('w', [3, 2], () => new Float32Array(6))).toThrow(
      'parameter "w": expected its first shape [2, 3]; got [3, 2]',
    );
  });
});
