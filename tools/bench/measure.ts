// One row of the table: opens every engine on the same task, checks that they compute the same thing, and times them in turn.
import type { Contender, EngineId, Open, Target, Task } from './contender.ts';
import { dispatches } from './dispatches.ts';
import { firstWeights, mlpOf, workloads, type WorkloadId } from './workload.ts';

export interface RowRequest {
  workload: WorkloadId;
  /** Hidden layers of the MLP instead of its own. */ widths?: readonly number[];
  batch: number;
  target: Target;
  engines: EngineId[];
  /** Interleaved rounds at most, and the time after which no further round starts. */ rounds: number;
  budgetMs: number;
  /** Time that each engine runs before the first round: V8 and the drivers are still compiling. */ warmMs: number;
}
export interface EngineRow {
  engine: EngineId;
  /** Milliseconds per step, one entry per round. */
  rounds: number[];
  /** Processor time of the same rounds, which a busy machine hardly moves; empty where it cannot be read. */
  cpuRounds: number[];
  /** Opening plus the first step: graph or shader compilation. */
  firstMs: number;
  /** Losses that the first and the fourth step saw. */
  losses: [number, number] | null;
  nodes: number | null;
  /** GPU dispatches of one step; null without a GPU. */
  dispatches: number | null;
  error?: string;
}
export interface Row {
  workload: WorkloadId;
  batch: number;
  target: Target;
  parameters: number;
  engines: EngineRow[];
}

/** Reads the processor time of everything that works for the bench, in ms; null where that is unknown. */
export type CpuClock = () => Promise<number | null>;

/** A block of steps between two looks at the clock lasts about this long. */
const BLOCK_MS = 400;
interface Entrant {
  row: EngineRow;
  contender: Contender | null;
  perBlock: number;
}

export async function measureRow(
  request: RowRequest,
  openers: Partial<Record<EngineId, Open>>,
  cpu: CpuClock,
  log: (line: string) => void,
): Promise<Row> {
  const { batch, target } = request;
  const workload = request.widths ? mlpOf(request.widths) : workloads[request.workload];
  const weights = firstWeights(workload.build(batch));
  const task: Task = { workload, batch, target, weights: weights.byName, data: workload.data(batch) };
  const entrants: Entrant[] = [];
  for (const engine of request.engines) {
    entrants.push(await enter(engine, openers[engine], task, request.warmMs));
    const { row } = entrants[entrants.length - 1];
    log(
      `${request.workload} ${batch} ${target} ${engine}: ${row.error ?? `first step ${row.firstMs.toFixed(0)} ms, losses ${row.losses!.join(', ')}`}`,
    );
  }
  await race(
    entrants.filter((e) => e.contender),
    request,
    cpu,
  );
  for (const { contender } of entrants) await contender?.dispose();
  return {
    workload: request.workload,
    batch,
    target,
    parameters: weights.flat.length,
    engines: entrants.map((e) => e.row),
  };
}

/** Opens an engine and takes its first four steps. */
async function enter(engine: EngineId, open: Open | undefined, task: Task, warmMs: number): Promise<Entrant> {
  const row: EngineRow = { engine, rounds: [], cpuRounds: [], firstMs: 0, losses: null, nodes: null, dispatches: null };
  let contender: Contender | null = null;
  try {
    if (!open) throw new Error('not available here');
    const start = performance.now();
    contender = await open(task);
    const first = await contender.run(1);
    row.firstMs = performance.now() - start;
    row.nodes = contender.nodes;
    const before = dispatches();
    const fourth = await contender.run(3);
    row.losses = [first, fourth];
    row.dispatches = task.target === 'webgpu' ? Math.round((dispatches() - before) / 3) : null;
    return { row, contender, perBlock: await warm(contender, warmMs) };
  } catch (error) {
    await Promise.resolve(contender?.dispose()).catch(() => undefined);
    return {
      row: { ...row, error: String((error as Error).message ?? error).slice(0, 300) },
      contender: null,
      perBlock: 0,
    };
  }
}

/** Runs until warm. @returns how many steps make a block */
async function warm(contender: Contender, warmMs: number): Promise<number> {
  let perStep = 0;
  let count = 1;
  for (let spent = 0; spent < warmMs; count = Math.min(4 * count, Math.max(1, Math.ceil(BLOCK_MS / perStep)))) {
    const start = performance.now();
    await contender.run(count);
    const took = performance.now() - start;
    spent += took;
    perStep = took / count;
  }
  return Math.max(1, Math.ceil(BLOCK_MS / perStep));
}

/** Rounds in which every engine runs one block, so that a loaded moment hits all alike; at least two rounds. */
async function race(entrants: Entrant[], { rounds, budgetMs }: RowRequest, cpu: CpuClock): Promise<void> {
  const start = performance.now();
  for (let round = 0; round < rounds && (round < 2 || performance.now() - start < budgetMs); round++) {
    for (const { row, contender, perBlock } of entrants) {
      const cpuBegin = await cpu();
      const begin = performance.now();
      await contender!.run(perBlock);
      row.rounds.push((performance.now() - begin) / perBlock);
      const cpuEnd = await cpu();
      if (cpuBegin !== null && cpuEnd !== null) row.cpuRounds.push((cpuEnd - cpuBegin) / perBlock);
    }
  }
}
