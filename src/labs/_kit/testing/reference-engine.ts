// An engine for tests of the kit and of labs: graphs run on the float64 evaluator, state is kept in float32 as on a device.
import type { Engine, Feeds, HostArray, Runner, Stepper } from '../../../engine/engine.ts';
import { evaluateOutputs } from '../../../graph/evaluate.ts';
import type { Program } from '../../../graph/program.ts';
import { size } from '../../../util/shape.ts';
import type { RunContext } from '../contract/lab.ts';
import { prng } from '../../../util/prng.ts';

type Values = Record<string, HostArray>;

export interface ReferenceEngine extends Engine {
  /** Programs in the order of opening. */
  readonly opened: { kind: 'stepper' | 'runner'; program: Program }[];
  /** Steppers and runners that are open now. */
  openCount: number;
}

export function referenceEngine(residency: 'device' | 'host' = 'host'): ReferenceEngine {
  const engine: ReferenceEngine = {
    backend: 'cpu',
    residency,
    opened: [],
    openCount: 0,
    async stepper(program, init, sources = {}) {
      engine.opened.push({ kind: 'stepper', program });
      engine.openCount++;
      return stepperOf(engine, program, init, sources);
    },
    async runner(program, sources = {}) {
      if (program instanceof Uint8Array) throw new Error('reference engine: expected a program; got an ONNX file');
      engine.opened.push({ kind: 'runner', program });
      engine.openCount++;
      const runner: Runner = {
        run: async (feeds) => run(program, { ...sources, ...numbersAsArrays(feeds) }),
        dispose: async () => void engine.openCount--,
      };
      return runner;
    },
  };
  return engine;
}

function stepperOf(engine: ReferenceEngine, program: Program, init: Values, sources: Values): Stepper {
  let state: Record<string, Float32Array> = structuredClone(init) as Record<string, Float32Array>;
  let steps = 0;
  let last: Float32Array | null = null;
  return {
    get steps() {
      return steps;
    },
    async step(feeds) {
      const out = run(program, { ...sources, ...state, ...numbersAsArrays(feeds) });
      state = Object.fromEntries(program.state.map(({ input, output }) => [input, out[output]]));
      last = program.metrics ? out[program.metrics.output] : null;
      steps++;
    },
    async metrics() {
      if (!last) throw new Error('metrics: expected a step since opening or loading; got none');
      return last.slice();
    },
    read: async (name) => state[name].slice(),
    write: async (name, value) => {
      state[name] = value.slice();
    },
    save: async () => ({ steps, arrays: structuredClone(state) }),
    load: async (saved) => {
      state = structuredClone(saved.arrays);
      steps = saved.steps;
      last = null;
    },
    dispose: async () => void engine.openCount--,
  };
}

/** Outputs as float32; rows that the host gathers are gathered here. */
function run({ graph, batches }: Program, values: Values): Record<string, Float32Array> {
  const inputs: Record<string, ArrayLike<number>> = {};
  for (const name of graph.inputs.keys()) if (name in values) inputs[name] = values[name];
  for (const { input, source, index } of batches) {
    const tensor = graph.inputs.get(input);
    if (!tensor) continue;
    const rows = values[index];
    const width = size(tensor.shape) / rows.length;
    inputs[input] = Array.from(rows).flatMap((r) => Array.from(values[source].subarray(r * width, (r + 1) * width)));
  }
  const outputs = evaluateOutputs(graph, inputs);
  return Object.fromEntries(Object.entries(outputs).map(([name, v]) => [name, Float32Array.from(v)]));
}
const numbersAsArrays = (feeds: Feeds): Values =>
  Object.fromEntries(Object.entries(feeds).map(([name, v]) => [name, typeof v === 'number' ? Float32Array.of(v) : v]));

/** A context whose pictures and parts are kept in `sent`. */
export function testContext(engine: Engine, seeds: number[] = [1]) {
  const abort = new AbortController();
  const sent: { id: string; key?: string; value: unknown }[] = [];
  const ignore = () => undefined;
  const ctx: RunContext = {
    seeds,
    engine,
    data: { split: () => Promise.reject(new Error('no data')), file: () => Promise.reject(new Error('no data')) },
    prng,
    signal: abort.signal,
    status: ignore,
    notice: ignore,
    picture: (id, value) => void sent.push({ id, value }),
    part: (id, key, value) => void sent.push({ id, key, value }),
  };
  return { ctx, sent, abort };
}
