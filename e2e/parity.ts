// What the browser tests ask of the engine: the same training step on two backends, and stacked against single.
import { backward } from '../src/autodiff/backward.ts';
import {
  add,
  argMax,
  cast,
  clip,
  gather,
  mul,
  reduceL2,
  reduceLogSumExp,
  reduceSum,
  relu,
  reverse,
  sign,
  softmax,
  topK,
} from '../src/graph/builder.ts';
import { evaluateOutputs } from '../src/graph/evaluate.ts';
import { Graph, type Tensor } from '../src/graph/graph.ts';
import { accuracy } from '../src/losses/accuracy.ts';
import { crossEntropy } from '../src/losses/cross-entropy.ts';
import { oneHot } from '../src/losses/one-hot.ts';
import { windowAttention } from '../src/nn/attention.ts';
import { linear, normalise } from '../src/nn/layers.ts';
import { Params } from '../src/nn/params.ts';
import { adam } from '../src/optim/adam.ts';
import { trainProgram } from '../src/optim/program.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';
import { prng } from '../src/util/prng.ts';
import { size } from '../src/util/shape.ts';
import type { Engine, HostArray } from '../src/engine/engine.ts';
import type { TrainingGraph, LabModule } from '../src/labs/_kit/contract/lab.ts';

const labs = import.meta.glob<{ lab: LabModule }>('../src/labs/*/lab.ts');

/** Largest difference, relative to values above 1. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i])));
  return Number.isNaN(worst) ? Infinity : worst;
}

async function oneStep(engine: Engine, sample: TrainingGraph): Promise<Record<string, Float32Array>> {
  const { program, init } = sample.build(engine.residency);
  const stepper = await engine.stepper(program, init, sample.sources);
  await stepper.step(sample.feeds(prng(4, 'parity'), program));
  const out: Record<string, Float32Array> = { metrics: await stepper.metrics() };
  // Adam's first step is close to the sign of the gradient, which noise decides where the gradient is zero: compare its moments instead
  const isAdam = program.state.some((s) => s.input === 'm');
  for (const { input } of program.state) if (!(isAdam && input === 'theta')) out[input] = await stepper.read(input);
  await stepper.dispose();
  return out;
}

/** One step of each of a lab's sample graphs on WebGPU and WebAssembly. */
export async function sampleParity(slug: string): Promise<{ sample: string; state: string; error: number }[]> {
  const { lab } = await labs[`../src/labs/${slug}/lab.ts`]();
  const gpu = await openEngine('webgpu');
  const wasm = await openEngine('wasm');
  const rows: { sample: string; state: string; error: number }[] = [];
  for (const sample of lab.trainingGraphs()) {
    const a = await oneStep(gpu, sample);
    const b = await oneStep(wasm, sample);
    for (const state of Object.keys(a)) rows.push({ sample: sample.name, state, error: distance(a[state], b[state]) });
  }
  return rows;
}

/** Three stacked models against three single ones, two Adam steps on WebGPU. */
export async function stackParity(): Promise<{ worst: number; stackedNodes: number; singleNodes: number }> {
  const engine = await openEngine('webgpu');
  const S = 3;
  const data = prng(6, 'data');
  const x = data.normals(4 * 5);
  const y = Int32Array.of(0, 1, 2, 1);
  const train = async (stack: number | null, seeds: number[]) => {
    const g = new Graph();
    const p = new Params(g, stack);
    const lead = stack === null ? [] : [stack];
    const logits = linear(p, 'out', relu(linear(p, 'hidden', g.input('x', [...lead, 4, 5]), 6)), 3);
    const program = trainProgram({
      params: p,
      loss: crossEntropy(logits, oneHot(g.input('y', [...lead, 4], 'int32'), 3)),
      optimiser: adam(),
    });
    const stepper = await engine.stepper(program, program.zeroState(p.init(...seeds.map((s) => prng(s, 'init')))));
    const repeat = <T extends Float32Array | Int32Array>(v: T): T =>
      (v.constructor as unknown as { from(a: number[]): T }).from(seeds.flatMap(() => Array.from(v)));
    for (let t = 1; t <= 2; t++) await stepper.step({ x: repeat(x), y: repeat(y), ...program.rates(t, 0.01) });
    const theta = await stepper.read('theta');
    await stepper.dispose();
    return { theta, nodes: program.graph.nodes.length };
  };
  const together = await train(S, [0, 1, 2]);
  const apart: number[] = [];
  let singleNodes = 0;
  for (const s of [0, 1, 2]) {
    const one = await train(null, [s]);
    apart.push(...one.theta);
    singleNodes = one.nodes;
  }
  return { worst: distance(together.theta, apart), stackedNodes: together.nodes, singleNodes };
}

/** Graphs that lean on a kernel in a way no op sample does. */
const GRAPHS: Record<string, (g: Graph) => { outputs: Tensor[]; feeds: Record<string, HostArray> }> = {
  'cross-entropy and log-sum-exp of large logits': (g) => {
    const z = g.input('z', [2, 3]);
    const loss = crossEntropy(z, oneHot(g.constant(Int32Array.of(0, 2)), 3));
    return {
      outputs: [loss, backward(loss, [z])[0]!, reduceLogSumExp(z, 0)],
      feeds: { z: Float32Array.of(1000, 1001, 999, -500, -502, -501) },
    };
  },
  'an embedding whose gradient is scattered': (g) => {
    const [rows, n, D] = [6000, 16, 4];
    const table = g.input('table', [rows, D]);
    const y = gather(table, g.input('ids', [n], 'int32'));
    const [d] = backward(reduceSum(mul(y, y), 'all'), [table]);
    return {
      outputs: [y, d!],
      feeds: {
        table: prng(1, 'table').normals(rows * D),
        ids: Int32Array.from({ length: n }, (_, i) => (i % 3 ? i * 300 : 7)),
      },
    };
  },
  'indices as int32, reversed and sorted by sign': (g) => {
    const x = g.input('x', [2, 5]);
    const indices = cast(topK(x, 3).indices, 'float32');
    return {
      outputs: [indices, cast(argMax(x), 'float32'), reverse(x, 1), sign(x), softmax(x, 0)],
      feeds: { x: Float32Array.of(0, 2, -1, 3, 1, -4, 0, 5, 0.5, 2) },
    };
  },
  'accuracy with ties and NaN': (g) => {
    const logits = g.input('logits', [4, 3]);
    const labels = oneHot(g.constant(Int32Array.of(0, 1, 1, 2)), 3);
    return {
      outputs: [accuracy(logits, labels)],
      feeds: { logits: Float32Array.of(1, 1, 1, 0, 2, 1, NaN, 1, 0, 3, 2, 3) },
    };
  },
  'gradients at zero rows': (g) => {
    const x = g.input('x', [2, 3]);
    const loss = add(reduceSum(reduceL2(x, -1), 'all'), reduceSum(normalise(x), 'all'));
    const [d] = backward(loss, [x]);
    return { outputs: [loss, clip(d!, -10, 10)], feeds: { x: Float32Array.of(0, 0, 0, 1e-6, 2e-6, 2e-6) } };
  },
  'shifted window attention': (g) => {
    const p = new Params(g);
    const x = g.input('x', [1, 4, 4, 4]);
    const y = windowAttention(p, 'w', x, { window: 2, shift: 1, heads: 2 });
    const grads = backward(reduceSum(mul(y, y), 'all'), p.tensors);
    const feeds = p.tensors.map((t) => [t.input!, prng(2, t.input!).normals(size(t.shape))] as const);
    return {
      outputs: [y, ...grads.map((t) => t!)],
      feeds: { x: prng(3, 'x').normals(64), ...Object.fromEntries(feeds) },
    };
  },
};

/** Largest difference between WebGPU and the float64 evaluator for each of `GRAPHS`. */
export async function graphParity(): Promise<{ name: string; error: number }[]> {
  const engine = await openEngine('webgpu');
  const rows: { name: string; error: number }[] = [];
  for (const [name, build] of Object.entries(GRAPHS)) {
    const graph = new Graph();
    const { outputs, feeds } = build(graph);
    outputs.forEach((t, i) => graph.output(`y${i}`, t));
    const want = evaluateOutputs(graph, feeds);
    const runner = await engine.runner({ graph, state: [], batches: [] });
    const got = await runner.run(feeds);
    await runner.dispose();
    rows.push({ name, error: Math.max(...Object.keys(want).map((k) => distance(got[k], want[k]))) });
  }
  return rows;
}
