// What the browser tests ask of the engine: the same training step on two backends, and stacked against single.
import { relu } from '../src/graph/builder.ts';
import { Graph } from '../src/graph/graph.ts';
import { crossEntropy } from '../src/losses/cross-entropy.ts';
import { oneHot } from '../src/losses/one-hot.ts';
import { linear } from '../src/nn/layers.ts';
import { Params } from '../src/nn/params.ts';
import { adam } from '../src/optim/adam.ts';
import { trainProgram } from '../src/optim/program.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';
import { prng } from '../src/util/prng.ts';
import type { Engine } from '../src/engine/engine.ts';
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
