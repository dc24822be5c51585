// The whole race on a tiny network, driven on the reference evaluator: what the rounds do, and that a saved race goes on exactly.
import { describe, expect, it } from 'vitest';
import type { DataSplit } from '../../data/types.ts';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import type { Graph } from '../../graph/graph.ts';
import { prng } from '../../util/prng.ts';
import type { Engine, Feeds, HostArray, Runner, Stepper, StepperState } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import { Race, type Plan, type Sizes } from './race.ts';

const SIDE = 3;
const CLASSES = 3;
const sizes: Sizes = {
  batch: 5,
  every: 2,
  validation: 10,
  widths: { inputs: SIDE * SIDE, hidden: [6, 5], classes: CLASSES },
};
const plan: Plan = { prune: 0.3, rounds: 2, steps: 6, rewind: 0, rate: 0.02, keepSigns: false };

const run = (graph: Graph, feeds: Record<string, unknown>) =>
  evaluateOutputs(graph, Object.fromEntries(Object.entries(feeds).filter(([name]) => graph.inputs.has(name))) as never);
function stepperOf(
  { graph, state }: Program,
  init: Record<string, Float32Array>,
  sources: Record<string, HostArray>,
): Stepper {
  let arrays = { ...init };
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    async step(feeds: Feeds) {
      const out = run(graph, { ...sources, ...arrays, ...feeds });
      for (const { input, output } of state) arrays[input] = Float32Array.from(out[output]);
      steps++;
    },
    metrics: async () => new Float32Array(),
    read: async (name) => arrays[name].slice(),
    write: async (name, value) => {
      arrays[name] = value.slice();
    },
    save: async () => ({ steps, arrays: structuredClone(arrays) }),
    load: async (saved) => {
      arrays = structuredClone(saved.arrays);
      steps = saved.steps;
    },
    dispose: async () => undefined,
  };
}
/** Trains and measures in float64. */
const engine = {
  backend: 'cpu',
  residency: 'device',
  stepper: async (program: Program, init: Record<string, Float32Array>, sources = {}) =>
    stepperOf(program, init, sources),
  runner: async (program: Program, sources = {}): Promise<Runner> => ({
    run: async (feeds) =>
      Object.fromEntries(
        Object.entries(run(program.graph, { ...sources, ...feeds })).map(([name, v]) => [name, Float32Array.from(v)]),
      ),
    dispose: async () => undefined,
  }),
} as unknown as Engine;

function split(seed: number, rows: number): DataSplit {
  const random = prng(seed, 'data');
  const labels = Int32Array.from({ length: rows }, () => random.int(CLASSES));
  return {
    rows,
    shape: [1, SIDE, SIDE],
    labels,
    values: Float32Array.from(
      { length: rows * SIDE * SIDE },
      (_, i) => Number(i % CLASSES === labels[Math.floor(i / (SIDE * SIDE))]) + 0.3 * random.normal(),
    ),
  };
}
const sets = { train: split(1, 25), validation: split(2, 10), test: split(3, 20) };

type Point = [arm: string, seed: number, metric: string, round: number, value: number];
function race(over: Partial<Plan> = {}) {
  const pictures: Record<string, unknown> = {};
  const ctx = {
    knobs: {},
    seeds: [1, 2],
    engine,
    prng,
    signal: new AbortController().signal,
    status: () => undefined,
    notice: () => undefined,
    picture: (id: string, p: unknown) => {
      pictures[id] = structuredClone(p);
    },
  };
  const points: Point[] = [];
  const it_ = new Race(ctx as unknown as LabContext<never>, { ...plan, ...over }, sets, sizes);
  return {
    points,
    pictures,
    race: it_,
    loop: it_.loop({
      point: (...p) => {
        points.push(p);
      },
      examples: () => undefined,
    }),
  };
}
async function finish({ loop }: Pick<ReturnType<typeof race>, 'loop'>): Promise<void> {
  for await (const _ of loop);
}
const value = (points: Point[], arm: string, metric: string, round: number, seed = 1) =>
  points.find(([a, s, m, r]) => a === arm && s === seed && m === metric && r === round)?.[4];

describe('race', () => {
  it('starts from one dense network, prunes by the plan, and keeps the arms apart', async () => {
    const r = race();
    await finish(r);
    for (const metric of ['accuracy', 'loss']) {
      for (const same of ['random-mask', 'one-shot', 'dense'])
        expect(value(r.points, same, metric, 0), same).toBe(value(r.points, 'ticket', metric, 0));
      expect(value(r.points, 'dense', metric, 2)).toBe(value(r.points, 'dense', metric, 0));
    }
    // the first pruning is one-shot pruning; the second is not
    expect(value(r.points, 'one-shot', 'loss', 1)).toBe(value(r.points, 'ticket', 'loss', 1));
    const losses = ['ticket', 'reinit', 'random-mask'].map((arm) => value(r.points, arm, 'loss', 2));
    expect(new Set(losses).size).toBe(3);
    // 54 + 30 + 15 weights: 30 % of the hidden ones go each round, 15 % of the last layer's
    expect(value(r.points, 'ticket', 'remaining', 1)).toBeCloseTo((38 + 21 + 13) / 99, 12);
    expect(value(r.points, 'ticket', 'remaining', 2)).toBeCloseTo((27 + 15 + 11) / 99, 12);
    expect(new Set(r.points.map((p) => p[3]))).toEqual(new Set([0, 1, 2]));
    expect(Object.keys(r.pictures).sort()).toEqual(['curves', 'ticket']);
  });

  it.each([0, 4])('goes on exactly where it was saved (rewinding to step %i)', async (rewind) => {
    const whole = race({ rewind });
    const broken = race({ rewind });
    await finish(whole);
    for (let i = 0; i < 9; i++) await broken.loop.next(); // in the middle of round 1
    const saved = structuredClone(await broken.race.save()) as StepperState;
    const before = [...broken.points];
    await broken.loop.return(undefined);
    const resumed = race({ rewind });
    await resumed.race.load(saved);
    await finish(resumed);
    expect([...before, ...resumed.points]).toEqual(whole.points);
    expect(resumed.pictures.ticket).toEqual(whole.pictures.ticket);
  });

  it('a network that diverged has neither accuracy nor early stop', async () => {
    const r = race({ rate: NaN });
    await finish(r);
    for (const metric of ['accuracy', 'final', 'earlyStop', 'loss'])
      for (const arm of ['ticket', 'reinit', 'dense'])
        expect(value(r.points, arm, metric, 2), `${metric} of ${arm}`).toBeNaN();
    expect(value(r.points, 'ticket', 'reach', 2)).toBeUndefined();
  });

  it('rewinding changes what the ticket starts from; reinitialisation stays as it was', async () => {
    const zero = race();
    const late = race({ rewind: 4 });
    const random = race({ rewind: 'random' });
    for (const r of [zero, late, random]) await finish(r);
    for (const other of [late, random]) {
      expect(value(other.points, 'ticket', 'loss', 0)).toBe(value(zero.points, 'ticket', 'loss', 0));
      expect(value(other.points, 'ticket', 'loss', 1)).not.toBe(value(zero.points, 'ticket', 'loss', 1));
      expect(value(other.points, 'reinit', 'loss', 1)).toBe(value(zero.points, 'reinit', 'loss', 1));
    }
  });
});
