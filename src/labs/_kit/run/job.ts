// A run as it is handed to the runner, what comes back while it goes on, and where it stands. Types only.
import type { Backend, StepperState } from '../../../engine/engine.ts';
import type { CustomRun, Experiment, Shortfall } from '../contract/lab.ts';
import type { ArmInfo, Knobs } from '../contract/meta.ts';
import type { ClaimResult, Picture, Verdict } from '../contract/result.ts';
import type { RunPoint } from './collect.ts';
import type { CellExamples } from './example-store.ts';
import type { RunGate } from './run-gate.ts';
import type { Fellows } from './share.ts';

export type RunnerEvent =
  | { type: 'arms'; arms: ArmInfo[] }
  | { type: 'status'; phase: 'compile' | 'train' | 'evaluate' | 'done'; text: string }
  | { type: 'progress'; done: number; total: number; stepMs: number; leftMs: number }
  | { type: 'points'; points: RunPoint[] }
  | { type: 'claims'; claims: ClaimResult[]; verdict: Verdict; shortfall: Shortfall; provisional: boolean }
  | { type: 'checkpoint'; state: RunState }
  | { type: 'paused'; paused: boolean };

/** Where a run stands, complete enough to go on at the exact step. */
export interface RunState {
  done: number;
  /** Steps that each unit has done (see share.ts); -1 before its first evaluation, and for units of another share. */
  positions: number[];
  trials: (StepperState | null)[];
  points: RunPoint[];
  /** Of the cells that have ended. */
  examples: CellExamples[];
  wallMs: number;
}

/** A lab's own loop: one for all seeds, or one for each. */
export interface Loops {
  arms: ArmInfo[];
  loops: (() => Promise<CustomRun>)[];
  claims: CustomRun['claims'];
  shortfall: Shortfall;
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
  work: Experiment | Loops;
  control: RunGate;
  env: RunEnv;
  /** Goes on from here. */
  from?: RunState;
  /** Units done here; all of them unless given. */
  units?: readonly number[];
  /** Asked once, after unit 0 was opened and evaluated: which of the `count` units, with that one, stay here. */
  divide?(count: number): Promise<readonly number[]>;
  /** The shares of others, where this run leads. */
  fellows?: Fellows;
  /** Last payload of each picture that the lab sent. */
  pictures?: () => Record<string, Picture>;
}
