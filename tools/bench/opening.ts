// What opening a train step costs in a fresh page: the engine, the session, the first steps; then the same step again and one of equal shapes.
import { rewrite } from '../../src/graph/passes/rewrite.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import type { TrainProgram } from '../../src/optim/program.ts';
import type { Target } from './contender.ts';
import { firstWeights, RATE, workloads, type WorkloadId } from './workload.ts';

export interface OpeningRequest {
  workload: WorkloadId;
  batch: number;
  target: Target;
}
/** Milliseconds. */
export interface Opening extends OpeningRequest {
  /** Loading onnxruntime, asking for the device. */
  engine: number;
  /** Building and encoding the graph, and its size. */
  build: number;
  bytes: number;
  /** onnxruntime reads and plans the graph. */
  session: number;
  /** On a GPU the first step compiles the shaders. */
  first: number;
  second: number;
  /** Session and first step of the same graph, opened again. */
  again: number;
  /** Session and first step of another graph of equal shapes, whose shaders exist already. */
  alike: number;
}

export async function measureOpening({ workload, batch, target }: OpeningRequest): Promise<Opening> {
  const clock = stopwatch();
  const engine = await openEngine(target);
  const engineMs = clock();
  const built = workloads[workload].build(batch);
  const { program } = built;
  const state = program.zeroState(firstWeights(built).flat);
  const sources = Object.fromEntries(
    Object.entries(workloads[workload].data(batch)).map(([name, t]) => [name, t.data]),
  );
  const buildMs = clock();
  const open = (p: TrainProgram) => engine.stepper(p, state, sources);
  const stepper = await open(program);
  const session = clock();
  const step = async (s = stepper) => {
    await s.step(program.rates(s.steps + 1, RATE));
    await s.metrics();
    return clock();
  };
  const first = await step();
  const second = await step();
  await stepper.dispose();
  const reopened = async (p: TrainProgram) => {
    clock();
    const s = await open(p);
    const opened = clock();
    const ms = opened + (await step(s));
    await s.dispose();
    return ms;
  };
  const again = await reopened(program);
  const alike = await reopened(renamed(program));
  return {
    workload,
    batch,
    target,
    engine: engineMs,
    build: buildMs,
    bytes: engine.graphs()[0].bytes.length,
    session,
    first,
    second,
    again,
    alike,
  };
}

/** Each call gives the milliseconds since the last. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    return ms;
  };
}
/** The same computation in other bytes: its metrics output has another name, so that no session is shared. */
function renamed(program: TrainProgram): TrainProgram {
  const graph = rewrite(program.graph, () => undefined);
  const { output, labels } = program.metrics!;
  const tensor = graph.outputs.get(output)!;
  graph.outputs.delete(output);
  graph.output(`${output}-alike`, tensor);
  return { ...program, graph, metrics: { output: `${output}-alike`, labels } };
}

/** Markdown. */
export function openingTable(rows: readonly Opening[]): string {
  const keys = ['engine', 'build', 'session', 'first', 'second', 'again', 'alike'] as const;
  const show = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
  const titles = [
    'engine',
    'build graph',
    'session',
    'first step',
    'second step',
    'same graph again',
    'another graph of equal shapes',
  ];
  return [
    `| step | batch | on | KB | ${titles.join(' | ')} |`,
    `|${'---|'.repeat(4 + keys.length)}`,
    ...rows.map(
      (r) =>
        `| ${r.workload} | ${r.batch} | ${r.target} | ${(r.bytes / 1024).toFixed(0)} | ${keys.map((k) => show(r[k])).join(' | ')} |`,
    ),
  ].join('\n');
}
