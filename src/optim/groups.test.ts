// Parameter groups: rates, step counts and switches of their own; what is frozen stays as it is, bit for bit.
import { describe, expect, it } from 'vitest';
import { evaluateOutputs } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { crossEntropy } from '../losses/cross-entropy.ts';
import { oneHot } from '../losses/one-hot.ts';
import { mlp } from '../nn/layers.ts';
import { Params } from '../nn/params.ts';
import { prng } from '../util/prng.ts';
import { adam } from './adam.ts';
import type { GroupSteps } from './groups.ts';
import type { Optimiser } from './optimiser.ts';
import { trainProgram, type TrainProgram, type TrainSpec } from './program.ts';
import { sgd } from './sgd.ts';

const B = 4;
const D = 5;
const CLASSES = 3;
const isHead = (name: string) => name.startsWith('m.1');
const head = { name: 'head', has: isHead };

type Options = Omit<TrainSpec, 'params' | 'loss' | 'gradientMask'> & { stack?: number; frozen?: boolean };
function build({ stack, frozen, ...spec }: Options) {
  const g = new Graph();
  const p = new Params(g, stack ?? null);
  const lead = stack === undefined ? [] : [stack];
  const logits = mlp(p, 'm', g.input('x', [...lead, B, D]), [6], CLASSES);
  const loss = crossEntropy(logits, oneHot(g.input('y', [...lead, B], 'int32'), CLASSES));
  const gradientMask = frozen ? p.spread((s) => Number(!isHead(s.name))) : undefined;
  return { p, program: trainProgram({ params: p, loss, gradientMask, ...spec }) };
}
type State = Record<string, ArrayLike<number>>;
function step(program: TrainProgram, state: State, t: number, rate: number | number[], groups?: GroupSteps): State {
  const random = prng(t, 'batch');
  const feed = (name: string) => program.graph.inputs.get(name)!.shape.reduce((a, b) => a * b, 1);
  const x = random.normals(feed('x'));
  const y = Int32Array.from({ length: feed('y') }, () => random.int(CLASSES));
  const out = evaluateOutputs(program.graph, { ...state, ...program.rates(t, rate, groups), x, y });
  return Object.fromEntries(program.state.map(({ input, output }) => [input, out[output]]));
}
const start = (p: Params, program: TrainProgram): State =>
  program.zeroState(p.init(...Array.from({ length: p.stack ?? 1 }, (_, s) => prng(s, 'init'))));
/** Places of a flat vector (of all members) that belong to the head, or not. */
const places = (p: Params, inHead: boolean): number[] => {
  const of = p.spread((s) => Number(isHead(s.name) === inHead));
  return Array.from({ length: (p.stack ?? 1) * p.length }, (_, i) => i).filter((i) => of[i % p.length]);
};

const optimisers: [string, Optimiser][] = [
  ['sgd', sgd({ weightDecay: 0.1 })],
  ['momentum', sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
  ['adam', adam()],
  ['adamw', adam({ weightDecay: 0.1 })],
];
describe.each(optimisers)('%s', (_name, optimiser) => {
  it.each([undefined, 2])('a mask of zeros freezes theta and moments in motion, stack %s', (stack) => {
    const free = build({ stack, optimiser });
    const warm = step(free.program, start(free.p, free.program), 1, 0.1);
    const next = step(build({ stack, optimiser, frozen: true }).program, warm, 2, 0.1);
    for (const name of Object.keys(warm)) {
      for (const i of places(free.p, true)) expect(next[name][i], name).toBe(warm[name][i]);
      expect(
        places(free.p, false).some((i) => next[name][i] !== warm[name][i]),
        name,
      ).toBe(true);
    }
  });
  it.each([undefined, 2])(
    'a closed gate freezes a group for a step and an open one changes nothing, stack %s',
    (stack) => {
      const gated = build({ stack, optimiser, groups: [head], gated: true });
      const free = build({ stack, optimiser });
      let state = start(gated.p, gated.program);
      for (let t = 1; t <= 3; t++) {
        const plain = step(free.program, state, t, 0.1);
        const open = step(gated.program, state, t, 0.1);
        const closed = step(gated.program, state, t, 0.1, { head: { isOn: false } });
        for (const name of Object.keys(plain)) {
          expect(Array.from(open[name]), name).toEqual(Array.from(plain[name]));
          for (const i of places(gated.p, true)) expect(closed[name][i], name).toBe(state[name][i]);
          for (const i of places(gated.p, false)) expect(closed[name][i], name).toBe(plain[name][i]);
        }
        state = open;
      }
    },
  );
  it('a group with a factor, or a rate and step of its own, moves as a model with that rate does', () => {
    const grouped = build({ optimiser, groups: [{ ...head, factor: 10 }] });
    const free = build({ optimiser });
    const from = step(free.program, start(free.p, free.program), 1, 0.01);
    const slow = step(free.program, from, 2, 0.01);
    const fast = step(free.program, from, 2, 0.1);
    const byFactor = step(grouped.program, from, 2, 0.01);
    const byRate = step(grouped.program, from, 2, 0.01, { head: { rate: 0.1 } });
    for (const i of places(free.p, false)) expect(byFactor.theta[i]).toBe(slow.theta[i]);
    for (const i of places(free.p, true)) {
      expect(byFactor.theta[i]).toBeCloseTo(fast.theta[i], 8);
      expect(byRate.theta[i]).toBe(fast.theta[i]);
    }
  });
});

it("Adam's bias correction follows the group's own step count", () => {
  const grouped = build({ optimiser: adam(), groups: [head], gated: true });
  const free = build({ optimiser: adam() });
  // the head's first update is at the second step
  const first = step(grouped.program, start(grouped.p, grouped.program), 1, 0.01, { head: { isOn: false } });
  const second = step(grouped.program, first, 2, 0.01, { head: { t: 1 } });
  const alone = evaluateAt(free.program, first, 2, free.program.rates(1, 0.01));
  for (const i of places(grouped.p, true)) expect(second.theta[i]).toBe(alone[i]);
});
function evaluateAt(program: TrainProgram, state: State, batch: number, rates: Record<string, Float32Array>) {
  const random = prng(batch, 'batch');
  const x = random.normals(B * D);
  const y = Int32Array.from({ length: B }, () => random.int(CLASSES));
  return evaluateOutputs(program.graph, { ...state, ...rates, x, y })["theta'"];
}

it('stacked models have group rates of their own', () => {
  const stacked = build({ stack: 2, optimiser: sgd(), groups: [head], ratePerModel: true });
  const from = start(stacked.p, stacked.program);
  const next = step(stacked.program, from, 1, [0, 0.1], { head: { rate: [0.1, 0] } });
  const moved = Array.from(next.theta, (v, i) => v !== from.theta[i]);
  const n = stacked.p.length;
  expect(places(stacked.p, true).every((i) => i < n || !moved[i])).toBe(true);
  expect(places(stacked.p, false).every((i) => i >= n || !moved[i])).toBe(true);
  expect(moved.slice(0, n).some(Boolean) && moved.slice(n).some(Boolean)).toBe(true);
});
it('a closed group does not count in the clipped norm', () => {
  const clipped = build({ optimiser: sgd(), groups: [head], gated: true, clipNorm: 0.01 });
  const from = start(clipped.p, clipped.program);
  const next = step(clipped.program, from, 1, 1, { head: { isOn: false } });
  const norm = Math.hypot(...Array.from(next.theta, (v, i) => v - from.theta[i]));
  expect(norm).toBeCloseTo(0.01, 5);
});
it('refuses what cannot be meant', () => {
  expect(() => build({ optimiser: sgd(), groups: [head, head] })).toThrow('groups: expected different names');
  expect(() => build({ optimiser: sgd(), groups: [{ name: 'none', has: () => false }] })).toThrow(
    'groups: expected "none" to hold a parameter',
  );
  const { program } = build({ optimiser: sgd(), groups: [head] });
  expect(() => program.rates(1, 0.1, { tail: {} })).toThrow('expected a group out of rest, head; got "tail"');
  expect(() => program.rates(1, 0.1, { head: { isOn: false } })).toThrow('expected gated: true');
});
