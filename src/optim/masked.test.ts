// A masked train step: pruned weights neither speak nor move, the others move as if the pruned ones were zero.
import { expect, it } from 'vitest';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { crossEntropy } from '../losses/cross-entropy.ts';
import { oneHot } from '../losses/one-hot.ts';
import { mlp } from '../nn/layers.ts';
import { Params } from '../nn/params.ts';
import { prng } from '../util/prng.ts';
import { adam } from './adam.ts';
import { trainProgram } from './program.ts';

const B = 4;
const D = 5;
const CLASSES = 3;
function step(stack: number | null, groups: number, masked: boolean) {
  const g = new Graph();
  const p = new Params(g, stack, { masked });
  const lead = stack === null ? [] : [groups];
  const logits = mlp(p, 'm', g.input('x', [...lead, B, D]), [6], CLASSES, { shared: stack !== null });
  const labels = g.input('y', [stack ?? 1, B], 'int32');
  const loss = crossEntropy(logits, oneHot(labels, CLASSES));
  return { p, program: trainProgram({ params: p, loss, optimiser: adam() }) };
}
const data = prng(1, 'masked');
const x = [data.normals(B * D), data.normals(B * D)];
const y = Int32Array.from({ length: B }, () => data.int(CLASSES));
const maskFor = (n: number) => Float32Array.from({ length: n }, () => data.int(2));

it('leaves pruned weights alone and treats the rest as a dense model whose pruned weights are zero', () => {
  const { p, program } = step(null, 1, true);
  const dense = step(null, 1, false).program;
  const theta = p.init(prng(2, 'init'));
  const mask = maskFor(theta.length);
  const run = (program_: typeof program, t: Float32Array, more: object) =>
    evaluateOutputs(program_.graph, {
      ...program_.zeroState(t),
      ...program_.rates(1, 0.1),
      x: x[0],
      y,
      ...more,
    } as never);
  const zeroed = theta.map((v, i) => v * mask[i]);
  const now = run(program, theta, { mask });
  const reference = run(dense, zeroed, {});
  expect(now.metrics[0]).toBeCloseTo(reference.metrics[0], 12);
  theta.forEach((v, i) => {
    if (mask[i]) expect(now["theta'"][i]).toBeCloseTo(reference["theta'"][i], 10);
    else {
      expect(now["theta'"][i]).toBe(v);
      expect(now["m'"][i]).toBe(0);
    }
  });
  expect(now["theta'"].some((v, i) => mask[i] && v !== theta[i])).toBe(true);
});
it('stacks: two groups of two models read their own batch each, as four single models would', () => {
  const S = 4;
  const { p, program } = step(S, 2, true);
  const single = step(null, 1, true);
  const thetas = [...Array(S).keys()].map((s) => single.p.init(prng(s, 'init')));
  const masks = thetas.map((t) => maskFor(t.length));
  const join = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((v) => [...v]));
  const together = evaluateOutputs(program.graph, {
    ...program.zeroState(join(thetas)),
    ...program.rates(1, 0.1),
    mask: join(masks),
    x: join(x),
    y: Int32Array.from([...Array(S)].flatMap(() => [...y])),
  } as never);
  expect(p.length).toBe(single.p.length);
  thetas.forEach((theta, s) => {
    const alone = evaluateOutputs(single.program.graph, {
      ...single.program.zeroState(theta),
      ...single.program.rates(1, 0.1),
      mask: masks[s],
      x: x[Math.floor(s / 2)],
      y,
    } as never);
    alone["theta'"].forEach((v, i) => expect(together["theta'"][s * p.length + i]).toBeCloseTo(v, 10));
  });
});
