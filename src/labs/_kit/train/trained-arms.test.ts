// A lab of four arms on the reference evaluator: stacked or one by one, stopped and resumed, drawn, measured and tuned.
import { describe, expect, it } from 'vitest';
import { add, mul, reduceMean, reshape, square, sub } from '../../../graph/builder.ts';
import { linear } from '../../../nn/layers.ts';
import { encodeModel } from '../../../onnx/encode.ts';
import { adam } from '../../../optim/adam.ts';
import { sgd } from '../../../optim/sgd.ts';
import { batchOrder } from '../../../util/epochs.ts';
import { meta } from '../../../runtime/testing/fixture-lab.ts';
import { prng } from '../../../util/prng.ts';
import { mean } from '../../../util/stats.ts';
import type { Trial } from '../contract/lab.ts';
import { referenceEngine, testContext } from '../testing/reference-engine.ts';
import { armsPlan } from './arms-plan.ts';
import type { ModelGraph } from './model-graph.ts';
import { experimentOf, trainedArms } from './trained-arms.ts';

const ROWS = 12;
const WIDTH = 3;
const random = prng(7, 'data');
const x = random.normals(ROWS * WIDTH);
const y = random.normals(ROWS);

/** [S, B] */
const predict = (graph: ModelGraph) => {
  // the Adam arm has a layer of its own
  const x = graph.rows('x', [WIDTH]);
  const wide = graph.model === 'adam' ? linear(graph.params, 'wide', x, 2, { shared: true }) : x;
  const out = linear(graph.params, 'line', wide, 1, { shared: graph.model !== 'adam' });
  return reshape(out, [graph.stack, graph.batch]);
};
const arm = (id: string, kind: 'square' | 'ridge', weight: number, more: { model?: string; rate?: number } = {}) => ({
  id,
  label: id,
  role: 'method' as const,
  kind,
  numbers: { weight },
  ...more,
});
const linePlan = () =>
  armsPlan({
    arms: [
      arm('plain', 'square', 1),
      arm('heavy', 'square', 3),
      arm('shrunk', 'ridge', 0.5, { rate: 0.02 }),
      arm('adam', 'square', 1, { model: 'adam' }),
    ],
    steps: 6,
    evaluations: 2,
    train: {
      batch: 4,
      rate: 0.05,
      sources: { x, y },
      step(graph) {
        const f = predict(graph);
        const error = sub(f, graph.rows('y', []));
        const { loss, size } = graph.each((kind, part) => {
          const fit = mul(reduceMean(square(part(error)), -1), part(graph.number('weight')));
          const size = reduceMean(square(part(f)), -1);
          return { loss: kind === 'ridge' ? add(fit, size) : fit, size };
        });
        return { loss, metrics: { size }, optimiser: graph.model === 'adam' ? adam() : sgd({ momentum: 0.9 }) };
      },
      feeds(stream) {
        const rows = batchOrder(stream('batches'), ROWS, 4);
        return (t) => ({ pick: rows(t), unknown: 3 });
      },
    },
    read: {
      network: (graph) => ({ f: predict(graph) }),
      sets: { all: { rows: ROWS, sources: { x } } },
      chunk: 5,
    },
    async measure(model) {
      const { f } = await model.read('all');
      return { error: Float32Array.from(f, (v, i) => (v - y[i]) ** 2), size: model.last.size, loss: model.last.loss };
    },
    async draw(model, ctx) {
      const { f } = await model.read('all');
      ctx.part('line', model.arm.id, [model.step, f[0]]);
    },
    glimpse: {
      at: [1, 5],
      draw: async (model, ctx) => ctx.part('line', `${model.arm.id} ${model.step}`, null),
    },
    references: { zero: async () => ({ error: y.map((v) => v ** 2) }) },
    claims: () => [],
    shortfall: null,
  });

/** Metrics of every cell after each of the given stretches of steps. */
async function race(residency: 'host' | 'device', seeds: number[], stretches: number[], reopen = false) {
  const engine = referenceEngine(residency);
  const { ctx, sent } = testContext(engine, seeds);
  const { trials } = experimentOf(ctx, linePlan());
  const values: Record<string, Record<string, number>> = {};
  const examples: Record<string, Record<string, Float32Array>> = {};
  for (const open of trials) {
    let trial: Trial = await open();
    let step = 0;
    for (const count of stretches) {
      await trial.advance(count);
      step += count;
      if (!reopen) continue;
      const saved = await trial.save();
      await trial.dispose();
      trial = await open();
      await trial.load(structuredClone(saved));
    }
    if (reopen) await trial.advance(0);
    const measured = await trial.evaluate(step);
    const each = await trial.examples!();
    await trial.draw?.(step);
    trial.cells.forEach(({ arm: id, seed }, i) => {
      values[`${seed} ${id}`] = measured[i];
      examples[`${seed} ${id}`] = each[i];
    });
    await trial.dispose();
  }
  return { values, examples, engine, sent };
}

describe('trained arms', () => {
  it('train stacked as they do one by one, each with its own rate, number and loss', async () => {
    const [host, device] = [await race('host', [1, 2], [6]), await race('device', [1, 2], [6])];
    expect(Object.keys(device.values).sort()).toEqual(Object.keys(host.values).sort());
    for (const [cell, metrics] of Object.entries(host.values))
      for (const [name, value] of Object.entries(metrics))
        expect(device.values[cell][name], `${cell} ${name}`).toBeCloseTo(value, 5);
    const errors = ['plain', 'heavy', 'shrunk', 'adam'].map((id) => host.values[`1 ${id}`].error);
    expect(new Set(errors).size).toBe(4);
  });

  it('share a graph where they differ in numbers and rates alone', async () => {
    const { engine } = await race('host', [1], [1]);
    const programs = (kind: string) => engine.opened.filter((o) => o.kind === kind).map((o) => o.program);
    const [plain, heavy, shrunk, other] = programs('stepper');
    expect(heavy).toBe(plain); // built once
    const again = await race('host', [2], [1]);
    const bytes = [plain, again.engine.opened[0].program, shrunk, other].map(({ graph }) =>
      Buffer.from(encodeModel(graph)),
    );
    expect(bytes.map((b) => b.equals(bytes[0]))).toEqual([true, true, false, false]);
    expect(new Set(programs('runner')).size).toBe(2); // SGD's network and Adam's
  });

  it('stack by model, and open what measures after the first step only', async () => {
    const engine = referenceEngine('device');
    const { ctx } = testContext(engine);
    const { trials } = experimentOf(ctx, linePlan());
    expect(trials).toHaveLength(3); // SGD, Adam, the reference
    const trial = await trials[0]();
    expect(trial.cells.map((c) => c.arm)).toEqual(['plain', 'heavy', 'shrunk']);
    await trial.advance(1);
    expect(engine.opened.map((o) => o.kind)).toEqual(['stepper']);
    await trial.evaluate(1);
    expect(engine.opened.map((o) => o.kind)).toEqual(['stepper', 'runner']);
    await trial.dispose();
    expect(engine.openCount).toBe(0);
  });

  it('go on exactly where they were saved', async () => {
    const whole = await race('device', [3], [6]);
    const parts = await race('device', [3], [1, 2, 3], true);
    for (const [cell, { error }] of Object.entries(whole.values)) expect(parts.values[cell].error).toBe(error);
  });

  it('report the mean of what they measure per example, also of a reference', async () => {
    const { values, examples } = await race('host', [1], [2]);
    for (const [cell, metrics] of Object.entries(values)) {
      expect(examples[cell].error).toHaveLength(ROWS);
      expect(metrics.error).toBe(mean(examples[cell].error));
    }
    expect(values['1 zero']).toEqual({ error: expect.any(Number) });
    expect(Object.keys(values['1 plain'])).toEqual(['error', 'size', 'loss']);
  });

  it('have no training metrics before the first step, and equal errors where networks are equal', async () => {
    const { values } = await race('host', [1], [0]);
    expect(Object.keys(values['1 plain'])).toEqual(['error']);
    const errorOf = (id: string) => values[`1 ${id}`].error;
    expect(new Set(['plain', 'heavy', 'shrunk'].map(errorOf)).size).toBe(1);
    expect(errorOf('adam')).not.toBe(errorOf('plain'));
  });

  it('draw the first seed, at evaluations and where a glimpse is due', async () => {
    const { sent } = await race('host', [4, 5], [3, 3]);
    const keys = sent.filter((s) => s.id === 'line').map((s) => s.key);
    expect(keys.filter((k) => k?.startsWith('plain'))).toEqual(['plain 1', 'plain 5', 'plain']);
    expect(sent).toHaveLength(12);
  });

  it('stop between two steps', async () => {
    const { ctx, abort } = testContext(referenceEngine());
    const trial = await experimentOf(ctx, linePlan()).trials[0]();
    abort.abort();
    await trial.advance(5);
    expect((await trial.save()).steps).toBe(0);
  });

  it('say which number an arm lacks', async () => {
    const { ctx } = testContext(referenceEngine());
    const plan = linePlan();
    const arms = plan.arms.map((a) => ({ ...a, numbers: { other: 1 } }));
    await expect(experimentOf(ctx, { ...plan, arms }).trials[0]()).rejects.toThrow(
      'unknown number of arm "plain" "weight"; known: other',
    );
  });
});

describe('the module of a lab', () => {
  const lab = trainedArms(meta, {
    load: async (_ctx, held) => ({ held: held as string }),
    plan: () => linePlan(),
    tiny: { line: () => ({ held: 'tiny' }) },
    tune: { metric: 'error', better: 'down', grid: [0.01, 0.1] },
  });
  it('gives tiny graphs of the same description: feeds, sources and first state fit', async () => {
    const graphs = lab.trainingGraphs();
    expect(graphs.map((g) => g.name)).toEqual(['line, plain and heavy and shrunk', 'line, adam']);
    for (const graph of graphs)
      for (const residency of ['host', 'device'] as const) {
        const { program, init } = graph.build(residency);
        const stepper = await referenceEngine(residency).stepper(program, init, graph.sources);
        await stepper.step(graph.feeds(prng(1, 'feeds'), program));
        expect((await stepper.metrics()).every(Number.isFinite)).toBe(true);
      }
  });
  it('tunes one arm at a time, at the rate that is tried', async () => {
    const { ctx } = testContext(referenceEngine());
    const errors = [];
    for (const rate of lab.tune!.grid) {
      const experiment = await lab.tune!.experiment(
        { ...ctx, knobs: { steps: 6, evalEvery: 3, failAt: 0 } },
        'shrunk',
        rate,
      );
      expect(experiment.trials).toHaveLength(1);
      const trial = await experiment.trials[0]();
      await trial.advance(experiment.steps);
      errors.push((await trial.evaluate(experiment.steps))[0].error);
    }
    expect(errors[0]).not.toBe(errors[1]);
    expect(lab.tune!.arms.map((a) => a.knob)).toEqual(['rate', 'rate', 'rate', 'rate']);
  });
});
