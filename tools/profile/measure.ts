// Measured time per op type: onnxruntime's own profile (native), or one micro-run per kind of node (WebAssembly).
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { encodeModel } from '../../src/onnx/encode.ts';
import { Graph, type GraphNode, type Tensor } from '../../src/graph/graph.ts';
import { compile } from '../../src/runtime/engine/compile.ts';
import { bindFeeds, planInputs } from '../../src/runtime/engine/inputs.ts';
import { loadOrt, type Ort, type OrtTensor, type SessionOptions } from '../../src/runtime/engine/ort.ts';
import { prng } from '../../src/util/prng.ts';
import { median } from '../../src/util/stats.ts';
import { size } from '../../src/util/shape.ts';
import { mainThreadMs, processMs } from '../bench/cpu-clock.ts';
import type { Captured } from './capture.ts';

/** Time of one kind of node in one step. */
export interface Timed {
  op: string;
  count: number;
  ms: number;
  /** Shapes, where the measurement tells nodes apart. */ detail: string;
}

/** The step's inputs as the runtime would feed them. */
function feedsOf({ program, init, sources, feeds }: Captured, ort: Ort): Record<string, OrtTensor> {
  const tensor = (t: Tensor, data: Float32Array | Int32Array) =>
    new ort.Tensor(t.dtype as 'float32', data as Float32Array, t.shape);
  const { inputs } = program.graph;
  const plan = planInputs({
    inputs: [...inputs].map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    state: program.state.map((s) => s.input),
    batches: program.batches,
    sources,
  });
  const given = [
    ...program.state.flatMap((s) => (inputs.has(s.input) ? [{ name: s.input, data: init[s.input] }] : [])),
    ...plan.resident.map(({ type, data }) => ({ name: type.name, data })),
    ...bindFeeds(plan, feeds).map(({ type, data }) => ({ name: type.name, data })),
  ];
  return Object.fromEntries(given.map(({ name, data }) => [name, tensor(inputs.get(name)!, data)]));
}

/** V8 still compiles a freshly loaded WebAssembly module in the background for about this long. */
const WARM_MS = 2500;
/** One whole step without profiling, in ms of processor time: the median of blocks of about 50 ms. */
export async function wholeStep(captured: Captured, flavour: 'native' | 'wasm'): Promise<number> {
  const ort = await loadOrt(flavour);
  const session = await ort.InferenceSession.create(compile(captured.program).bytes, {
    executionProviders: [flavour === 'native' ? 'cpu' : 'wasm'],
    logSeverityLevel: 3,
  });
  const feeds = feedsOf(captured, ort);
  const clock = flavour === 'native' ? processMs : mainThreadMs;
  const block = async (count: number) => {
    const start = clock();
    for (let i = 0; i < count; i++) await session.run(feeds);
    return (clock() - start) / count;
  };
  let last = 1;
  for (const start = performance.now(); performance.now() - start < WARM_MS;) last = await block(1);
  const times: number[] = [];
  const count = Math.max(1, Math.ceil(50 / Math.max(last, 0.05)));
  for (let i = 0; i < 9; i++) times.push(await block(count));
  await session.release();
  return median(times);
}

interface Event {
  cat: string;
  dur: number;
  name: string;
  args?: { op_name?: string; output_type_shape?: unknown };
}

/** onnxruntime-node's profile of the graph as it runs, after its own fusions. */
export async function nativeProfile(captured: Captured, runs = 20): Promise<Timed[]> {
  const ort = await loadOrt('native');
  const prefix = `${tmpdir()}/profile-${process.pid}`;
  const options = {
    executionProviders: ['cpu'],
    logSeverityLevel: 3,
    enableProfiling: true,
    profileFilePrefix: prefix,
    intraOpNumThreads: 1,
  } as SessionOptions;
  const session = await ort.InferenceSession.create(compile(captured.program).bytes, options);
  const feeds = feedsOf(captured, ort);
  for (let i = 0; i < runs; i++) await session.run(feeds);
  session.endProfiling();
  const file = newest(prefix);
  const events = JSON.parse(readFileSync(file, 'utf8')) as Event[];
  rmSync(file);
  return summarise(
    events.filter((e) => e.cat === 'Node' && e.name.endsWith('_kernel_time')),
    runs,
  );
}
function newest(prefix: string): string {
  const [folder, stem] = [prefix.slice(0, prefix.lastIndexOf('/')), prefix.slice(prefix.lastIndexOf('/') + 1)];
  const found = readdirSync(folder)
    .filter((f) => f.startsWith(stem))
    .sort();
  if (!found.length) throw new Error('profile: expected onnxruntime to write a profile; got none');
  return `${folder}/${found[found.length - 1]}`;
}
/** The median run of each node counts: a node runs once per step. */
function summarise(events: Event[], runs: number): Timed[] {
  const nodes = new Map<string, { op: string; durations: number[]; detail: string }>();
  for (const { name, dur, args } of events) {
    const node = nodes.get(name) ?? {
      op: args?.op_name ?? name,
      durations: [],
      detail: JSON.stringify(args?.output_type_shape ?? '')
        .replace(/[{}"[\]]/g, '')
        .slice(0, 60),
    };
    node.durations.push(dur / 1000);
    nodes.set(name, node);
  }
  return [...nodes.values()].map(({ op, durations, detail }) => ({
    op,
    count: Math.round(durations.length / runs),
    ms: median(durations),
    detail,
  }));
}

const COPIES = 24;
/** Every kind of node (op, attributes, shapes) by itself on WebAssembly: the time of many copies in one graph less that of one. */
export async function microRuns(captured: Captured, say: (line: string) => void): Promise<Timed[]> {
  const ort = await loadOrt('wasm');
  const kinds = new Map<string, { node: GraphNode; count: number }>();
  for (const node of captured.program.graph.nodes) {
    const key = JSON.stringify([
      node.op,
      node.attrs,
      node.inputs.map((t) => [t.dtype, t.shape, t.data ? 'constant' : '']),
    ]);
    const kind = kinds.get(key);
    if (kind) kind.count++;
    else kinds.set(key, { node, count: 1 });
  }
  const out: Timed[] = [];
  for (const { node, count } of kinds.values()) {
    const detail = node.inputs.map((t) => `${t.data ? 'const ' : ''}${t.shape.join('x') || '1'}`).join(' ');
    try {
      out.push({ op: node.op, count, ms: count * (await microRun(ort, node)), detail });
    } catch (error) {
      say(`${node.op} ${detail}: ${(error as Error).message}`);
    }
  }
  return out;
}
async function microRun(ort: Ort, node: GraphNode): Promise<number> {
  const times = [1, 1 + COPIES].map((copies) => timer(ort, node, copies));
  const [one, many] = [await times[0], await times[1]];
  const differences: number[] = [];
  for (let i = 0; i < 9; i++) differences.push(((await many()) - (await one())) / COPIES);
  return Math.max(0, median(differences));
}
/** A graph with `copies` of the node on the same inputs; one of them is the output. Without optimisation none is merged or dropped. */
async function timer(ort: Ort, node: GraphNode, copies: number): Promise<() => Promise<number>> {
  const g = new Graph();
  const random = prng(1, 'profile');
  const feeds: Record<string, OrtTensor> = {};
  const inputs = node.inputs.map((t, i) => {
    if (t.data) return g.constant(t.data, t.shape);
    const n = size(t.shape);
    const data =
      t.dtype === 'float32'
        ? random.uniforms(n, 0.1, 1)
        : t.dtype === 'bool'
          ? Uint8Array.from({ length: n }, (_, k) => k % 2)
          : new Int32Array(n);
    feeds[`x${i}`] = new ort.Tensor(t.dtype as 'float32', data as Float32Array, t.shape);
    return g.input(`x${i}`, t.shape, t.dtype);
  });
  let last: readonly Tensor[] = [];
  for (let c = 0; c < copies; c++) last = g.node(node.op, inputs, node.attrs);
  g.output('y', last[0]);
  const session = await ort.InferenceSession.create(encodeModel(g), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  const run = async () => {
    const start = mainThreadMs();
    await session.run(feeds);
    return mainThreadMs() - start;
  };
  for (let i = 0; i < 4; i++) await run();
  return run;
}
