// Every op sample in one graph, run on a backend and compared with the float64 evaluator. Used by tests on all backends.
import { backward } from '../../autodiff/backward.ts';
import { cast, greater, indicator, reduceSum, square } from '../../graph/builder.ts';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { samples, type Sample } from '../../graph/ops/samples.ts';
import type { OpType } from '../../graph/ops/table.ts';
import type { Engine, HostArray } from '../../engine/engine.ts';
import { prng } from '../../util/prng.ts';
import { size } from '../../util/shape.ts';

export interface ParityRow {
  name: string;
  error: number;
  tolerance: number;
}

/** Sums of many products: looser than one op. */
const GRADIENT_TOLERANCE = 2e-4;
/** Ops whose gradients are several other nodes with constants made for the case: their gradients are compared too. */
const WITH_GRADIENTS: ReadonlySet<string> = new Set<OpType>(['Conv', 'ConvTranspose', 'AveragePool', 'MaxPool']);

/** Gradients as outputs `<name>.d<i>`. */
function gradientOutputs(graph: Graph, name: string, inputs: readonly Tensor[], y: Tensor): void {
  backward(reduceSum(square(y), 'all'), inputs).forEach((d, i) => graph.output(`${name}.d${i}`, d!));
}

/** A graph with one node per sample row; bool inputs are fed as numbers, bool outputs read as numbers, int64 outputs as int32. */
function everySample(): { graph: Graph; feeds: Record<string, HostArray>; tolerances: Map<string, number> } {
  const graph = new Graph();
  const feeds: Record<string, HostArray> = {};
  const tolerances = new Map<string, number>();
  for (const [op, rows] of Object.entries(samples) as [OpType, readonly Sample[]][])
    rows.forEach((sample, r) => {
      const name = `${op}.${r}`;
      const inputs = sample.inputs.map((_, i) => input(graph, feeds, name, sample, i));
      const outputs = graph.node(op, inputs, sample.attrs ?? {});
      if (WITH_GRADIENTS.has(op)) gradientOutputs(graph, name, inputs, outputs[0]);
      outputs.forEach((t, i) => {
        const read = t.dtype === 'bool' ? indicator(t) : t.dtype === 'int64' ? cast(t, 'int32') : t;
        graph.output(`${name}.y${i}`, read);
        tolerances.set(`${name}.y${i}`, sample.tolerance ?? 2e-5);
      });
    });
  return { graph, feeds, tolerances };
}
function input(graph: Graph, feeds: Record<string, HostArray>, name: string, sample: Sample, i: number): Tensor {
  const s = sample.inputs[i];
  const n = size(s.shape);
  const label = `${name}.x${i}`;
  const data = s.values ? Float32Array.from(s.values) : prng(11, label).uniforms(n, s.low ?? -2, s.high ?? 2);
  if (s.constant) return graph.constant(Int32Array.from(data), s.shape);
  feeds[label] = s.dtype === 'int32' ? Int32Array.from(data) : data;
  const t = graph.input(label, s.shape, s.dtype === 'int32' ? 'int32' : 'float32');
  return s.dtype === 'bool' ? greater(t, 0.5) : t;
}

/** Largest difference between the engine and the evaluator per output, relative to values above 1. */
export async function opParity(engine: Engine): Promise<ParityRow[]> {
  const { graph, feeds, tolerances } = everySample();
  const expected = evaluateOutputs(graph, feeds);
  const runner = await engine.runner({ graph, state: [], batches: [] });
  try {
    const got = await runner.run(feeds);
    return Object.entries(expected).map(([name, want]) => {
      let error = got[name].length === want.length ? 0 : Infinity;
      want.forEach((v, i) => {
        error = Math.max(error, Math.abs(got[name][i] - v) / Math.max(1, Math.abs(v)));
      });
      return {
        name,
        error: Number.isNaN(error) ? Infinity : error,
        tolerance: tolerances.get(name) ?? GRADIENT_TOLERANCE,
      };
    });
  } finally {
    await runner.dispose();
  }
}
