// What only float32 shows: a common offset of the logits must not cost a loss its digits.
import { describe, expect, it } from 'vitest';
import { backward } from '../../autodiff/backward.ts';
import { reduceSum } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { decoupledDistillation } from '../../losses/decoupled-distillation.ts';
import { distillation } from '../../losses/distillation.ts';
import { logSoftmax } from '../../losses/log-softmax.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { prng } from '../../util/prng.ts';
import { openEngine } from '../engine/engine.ts';
import { useNative } from '../node/node.ts';

useNative();
const N = 4;
const C = 5;
/** Multiples of 1/512, which stay exact after adding 1e4. */
const logits = Array.from(prng(1, 'float32').normals(N * C, 2), (v) => Math.round(v * 512) / 512);
const teacher = Array.from(prng(2, 'float32').normals(N * C, 2), (v) => Math.round(v * 512) / 512);
const targets = (g: Graph) => oneHot(g.constant(Int32Array.of(0, 3, 4, 1)), C);

const losses: Record<string, (z: Tensor, t: Tensor) => Tensor> = {
  'cross-entropy': (z) => crossEntropy(z, targets(z.graph)),
  distillation: (z, t) => distillation(z, t, 2),
  'decoupled distillation, target': (z, t) => decoupledDistillation(z, t, targets(z.graph), 2).target,
  'decoupled distillation, others': (z, t) => decoupledDistillation(z, t, targets(z.graph), 2).others,
  'log-softmax': (z, t) => reduceSum(logSoftmax(z).graph.node('Mul', [logSoftmax(z), t])[0], 'all'),
};

describe.each(Object.entries(losses))('%s in float32', (_name, loss) => {
  it('is the same for logits with a common offset of 1e4, and so is its gradient', async () => {
    const g = new Graph();
    const z = g.input('z', [N, C]);
    const y = loss(z, g.constant(Float64Array.from(teacher), [N, C]));
    g.output('loss', y);
    g.output('dz', backward(y, [z])[0]!);
    const runner = await (await openEngine('cpu')).runner({ graph: g, state: [], batches: [] });
    const at = (offset: number) => runner.run({ z: Float32Array.from(logits, (v) => v + offset) });
    const [near, far] = [await at(0), await at(1e4)];
    await runner.dispose();
    expect(Math.abs(near.loss[0] - far.loss[0])).toBeLessThan(1e-6 * Math.max(1, Math.abs(near.loss[0])));
    near.dz.forEach((v, i) => expect(Math.abs(v - far.dz[i])).toBeLessThan(1e-6));
  });
});
