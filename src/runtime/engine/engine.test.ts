import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Graph } from '../../graph/graph.ts';
import type { Program } from '../../graph/program.ts';
import type { Backend } from '../../engine/engine.ts';
import { openEngine, type RuntimeEngine } from './engine.ts';
import { EngineError } from '../wire/errors.ts';
import { useNative } from '../node/node.ts';

const ROWS = 3;
const WIDTH = 2;

/** w' = w - lr * mean over the batch of (w - x): a step towards the mean of the rows, with its squared distance as metric. */
function meanProgram(residency: 'device' | 'host'): Program {
  const g = new Graph();
  const w = g.input('w', [WIDTH]);
  const lr = g.input('lr', []);
  const x =
    residency === 'host'
      ? g.input('x', [ROWS, WIDTH])
      : g.node('Gather', [g.input('data', [4, WIDTH]), g.input('rows', [ROWS], 'int32')], { axis: 0 })[0];
  const gap = g.node('Sub', [w, x])[0];
  const grad = g.node('ReduceMean', [gap], { axes: [0], keepdims: 0 })[0];
  g.output('w_next', g.node('Sub', [w, g.node('Mul', [lr, grad])[0]])[0]);
  g.output('metrics', g.node('ReduceSum', [g.node('Mul', [grad, grad])[0]], { axes: [0], keepdims: 1 })[0]);
  return {
    graph: g,
    state: [{ input: 'w', output: 'w_next' }],
    batches: [{ input: 'x', source: 'data', index: 'rows' }],
    metrics: { output: 'metrics', labels: ['gap'] },
  };
}
const data = Float32Array.of(0, 0, 2, 4, 4, 8, 6, 12);
const open = (engine: RuntimeEngine) =>
  engine.stepper(meanProgram(engine.residency), { w: Float32Array.of(1, 1) }, { data });

const backends: Backend[] = existsSync(new URL('../../../tools/native/node_modules/onnxruntime-node', import.meta.url))
  ? ['wasm', 'cpu']
  : ['wasm'];
beforeAll(useNative);

describe.each(backends)('engine on %s', (backend) => {
  let engine: RuntimeEngine;
  beforeAll(async () => {
    engine = await openEngine(backend);
  });

  it('steps from gathered rows, replacing the state each time', async () => {
    const stepper = await open(engine);
    await stepper.step({ rows: Int32Array.of(1, 2, 3), lr: 0.5 });
    expect([...(await stepper.read('w'))]).toEqual([2.5, 4.5]); // halfway from (1, 1) to (4, 8)
    expect([...(await stepper.metrics())]).toEqual([9 + 49]);
    await stepper.step({ rows: Int32Array.of(0, 0, 0), lr: 1 });
    expect([...(await stepper.read('w'))]).toEqual([0, 0]);
    expect(stepper.steps).toBe(2);
    await stepper.dispose();
  });

  it('goes on from a saved state exactly as if it had not stopped', async () => {
    const feeds = (i: number) => ({ rows: Int32Array.of(i % 4, (i * 3 + 1) % 4, 2), lr: 0.1 + 0.01 * i });
    const whole = await open(engine);
    const first = await open(engine);
    const second = await open(engine);
    for (let i = 0; i < 9; i++) await whole.step(feeds(i));
    for (let i = 0; i < 4; i++) await first.step(feeds(i));
    const saved = structuredClone(await first.save());
    await first.step(feeds(7)); // what happens later does not reach into the saved state
    await second.load(saved);
    expect(second.steps).toBe(4);
    for (let i = 4; i < 9; i++) await second.step(feeds(i));
    expect([...(await second.read('w'))]).toEqual([...(await whole.read('w'))]);
    for (const s of [whole, first, second]) await s.dispose();
  });

  it('keeps the given initial state and written arrays to itself', async () => {
    const init = { w: Float32Array.of(1, 1) };
    const stepper = await engine.stepper(meanProgram(engine.residency), init, { data });
    init.w[0] = 99;
    expect([...(await stepper.read('w'))]).toEqual([1, 1]);
    const value = Float32Array.of(5, 6);
    await stepper.write('w', value);
    value[0] = 99;
    (await stepper.read('w'))[1] = 99;
    expect([...(await stepper.read('w'))]).toEqual([5, 6]);
    await stepper.dispose();
  });

  it('gives indices of TopK as int32', async () => {
    const g = new Graph();
    const [values, indices] = g.node('TopK', [g.input('x', [4])], { k: 2, axis: -1, largest: 1 });
    g.output('values', values);
    g.output('indices', indices);
    const runner = await engine.runner({ graph: g, state: [], batches: [] });
    const out = await runner.run({ x: Float32Array.of(1, 7, 3, 5) });
    expect(out).toEqual({ values: Float32Array.of(7, 5), indices: Int32Array.of(1, 3) });
    await runner.dispose();
  });

  it('runs a foreign model from its bytes', async () => {
    const { tinyModel } = await import('../device/tiny-model.ts');
    const runner = await engine.runner(tinyModel());
    expect(await runner.run({ x: 4 })).toEqual({ y: Float32Array.of(4) });
    await runner.dispose();
  });

  it('shares one graph among steppers of equal bytes and lists it once', async () => {
    const fresh = await openEngine(backend);
    const a = await open(fresh);
    const b = await open(fresh);
    await a.step({ rows: Int32Array.of(0, 0, 0), lr: 1 });
    await a.dispose();
    await b.step({ rows: Int32Array.of(3, 3, 3), lr: 1 });
    expect([...(await b.read('w'))]).toEqual([6, 12]);
    expect(fresh.graphs().map((g) => g.name)).toEqual(['train-step']);
    expect(fresh.openCount).toBe(1);
    await fresh.dispose();
    expect(fresh.openCount).toBe(0);
  });

  it('lets steps that were not awaited take turns', async () => {
    const stepper = await open(engine);
    await Promise.all([1, 2, 3].map((row) => stepper.step({ rows: Int32Array.of(row, row, row), lr: 1 })));
    expect([...(await stepper.read('w'))]).toEqual([6, 12]);
    await stepper.dispose();
  });

  it.each([
    ['an unknown feed', { rows: Int32Array.of(0, 1, 2), lr: 1, extra: 1 }, /feed extra: expected one of lr, rows/],
    ['a missing feed', { rows: Int32Array.of(0, 1, 2) }, /feed lr: expected float32\[\]; got nothing/],
    ['a wrong length', { rows: Int32Array.of(0, 1, 2), lr: Float32Array.of(1, 2) }, /feed lr: expected 1 values/],
    ['a row out of range', { rows: Int32Array.of(0, 1, 4), lr: 1 }, /feed rows: expected rows in 0..3; got 4 at 2/],
    ['rows of the wrong type', { rows: Float32Array.of(0, 1, 2), lr: 1 }, /feed rows: expected an Int32Array/],
  ])('refuses %s and leaves the state alone', async (_, feeds, message) => {
    const stepper = await open(engine);
    await expect(stepper.step(feeds as never)).rejects.toThrow(message);
    expect([...(await stepper.read('w'))]).toEqual([1, 1]);
    expect(stepper.steps).toBe(0);
    await stepper.dispose();
  });

  it('says what is wrong with a program, a disposed stepper and missing metrics', async () => {
    await expect(engine.stepper(meanProgram('host'), { w: Float32Array.of(1, 1) })).rejects.toThrow(
      /source data: expected its data/,
    );
    await expect(engine.stepper(meanProgram('host'), { w: Float32Array.of(1) }, { data })).rejects.toThrow(
      /state w: expected 2 values; got 1/,
    );
    const stepper = await open(engine);
    await expect(stepper.metrics()).rejects.toThrow(/expected a program with metrics and at least one step/);
    await expect(stepper.read('v')).rejects.toThrow(/unknown state "v"; known: w/);
    await stepper.dispose();
    await stepper.dispose();
    await expect(stepper.step({})).rejects.toThrow(/got a disposed one/);
  });

  it('reports a model that cannot be read, and still works afterwards', async () => {
    const broken = engine.runner(Uint8Array.of(1, 2, 3, 4));
    await expect(broken).rejects.toBeInstanceOf(EngineError);
    await expect(broken).rejects.toThrow(/loading the graph: /);
    const stepper = await open(engine);
    await stepper.step({ rows: Int32Array.of(1, 1, 1), lr: 1 });
    expect([...(await stepper.read('w'))]).toEqual([2, 4]);
    await stepper.dispose();
  });
});

it('tells exhausted memory from a fault, and works on afterwards', async () => {
  const engine = await openEngine('wasm');
  const g = new Graph();
  g.output('y', g.node('Exp', [g.node('Expand', [g.input('x', [1, 1])], { shape: [32_750, 32_750] })[0]])[0]); // 5 MB short of 4 GiB, more than a heap has left
  const runner = await engine.runner({ graph: g, state: [], batches: [] });
  await expect(runner.run({ x: 1 })).rejects.toMatchObject({
    kind: 'out-of-memory',
    message: expect.stringContaining('bad_alloc'),
  });
  await runner.dispose();
  const stepper = await open(engine);
  await stepper.step({ rows: Int32Array.of(1, 1, 1), lr: 1 });
  expect([...(await stepper.read('w'))]).toEqual([2, 4]);
  await stepper.dispose();
});

it('gives the same numbers on wasm and on the native build', async () => {
  const results: number[][] = [];
  for (const backend of backends) {
    const stepper = await open(await openEngine(backend));
    for (let i = 0; i < 5; i++) await stepper.step({ rows: Int32Array.of(i % 4, 1, 3), lr: 0.3 });
    results.push([...(await stepper.read('w'))]);
    await stepper.dispose();
  }
  for (const r of results) r.forEach((v, i) => expect(v).toBeCloseTo(results[0][i], 5));
});
