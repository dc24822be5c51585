// Drives a lab's run: trials advance in turn so that the curves race, with evaluation, checkpoints, pause, step and stop
// between chunks. Knows no runtime: time, yielding and the way out are given.
import type { RunPoint } from './collect.ts';
import type {
  ArmInfo,
  Backend,
  ClaimResult,
  CustomRun,
  Experiment,
  Knobs,
  Picture,
  RunResult,
  StepperState,
  Verdict,
} from './contract.ts';
import type { RunControl } from './control.ts';
import { ExperimentRun } from './experiment-run.ts';
import { LoopRun } from './loop-run.ts';

export type RunnerEvent =
  | { type: 'arms'; arms: ArmInfo[] }
  | { type: 'status'; phase: 'compile' | 'train' | 'evaluate' | 'done'; text: string }
  | { type: 'progress'; done: number; total: number; stepMs: number; leftMs: number }
  | { type: 'points'; points: RunPoint[] }
  | { type: 'claims'; claims: ClaimResult[]; verdict: Verdict; provisional: boolean }
  | { type: 'checkpoint'; state: RunState }
  | { type: 'paused'; paused: boolean };

/** Where a run stands, complete enough to go on at the exact step. */
export interface RunState {
  done: number;
  positions: number[];
  trials: (StepperState | null)[];
  points: RunPoint[];
  wallMs: number;
}

export interface RunEnv {
  /** Milliseconds. */
  now(): number;
  /** Lets messages in: a macrotask. */
  breathe(): Promise<void>;
  emit(event: RunnerEvent): void;
  /** Aimed length of a chunk, and least time between checkpoints, between points, and between provisional claims. */
  chunkMs?: number;
  checkpointMs?: number;
  emitMs?: number;
  claimsMs?: number;
}

export interface RunHeader {
  slug: string;
  labVersion: number;
  backend: Backend;
  seeds: number[];
  knobs: Knobs;
}
export interface RunJob {
  header: RunHeader;
  work: Experiment | CustomRun;
  control: RunControl;
  env: RunEnv;
  /** Goes on from here. */
  from?: RunState;
  /** Last payload of each picture that the lab sent. */
  pictures?: () => Record<string, Picture>;
}

/** Runs to the end; null when it was stopped. Whatever was opened is disposed, also after an error. */
export async function runLab(job: RunJob): Promise<RunResult | null> {
  const session = 'trials' in job.work ? new ExperimentRun(job, job.work) : new LoopRun(job, job.work);
  job.env.emit({ type: 'arms', arms: job.work.arms });
  try {
    const result = (await session.drive()) ? await session.result() : null;
    await session.close();
    return result;
  } catch (error) {
    await session.close().catch(() => undefined);
    if (job.control.stopped) return null;
    throw error;
  }
}
