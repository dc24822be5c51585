// The wire between page and worker: types only.
import type { StepperState, Backend } from '../../engine/engine.ts';
import type { ArmInfo, Knobs } from '../../labs/_kit/contract/meta.ts';
import type { ClaimResult, Picture, RunResult, Verdict } from '../../labs/_kit/contract/result.ts';

export type BackendChoice = 'auto' | 'webgpu' | 'wasm';

export interface RunRequest {
  slug: string;
  knobs: Knobs;
  seeds: number[];
  backend: BackendChoice;
  /** Goes on from here (after a crash, a lost device, or a reload). */
  checkpoint?: RunCheckpoint;
}

/** Where a run stands, complete enough to go on at the exact step. */
export interface RunCheckpoint {
  slug: string;
  knobs: Knobs;
  seeds: number[];
  backend: Backend;
  done: number;
  /** Steps that each trial has done; -1 before its first evaluation. Empty for labs with a loop of their own. */
  positions: number[];
  trials: (StepperState | null)[];
  points: Point[];
  /** Values per test example of the cells that have ended. */
  examples: { arm: string; seed: number; values: Record<string, Float32Array> }[];
  /** Running time so far, without pauses. */
  wallMs: number;
}

export interface Point {
  arm: string;
  seed: number;
  metric: string;
  step: number;
  value: number;
}

export type Phase = 'engine' | 'data' | 'compile' | 'train' | 'evaluate' | 'done';

/** An error as it crosses the worker boundary. */
export interface WireError {
  name: string;
  message: string;
  stack?: string;
  /** What the visitor can do about it, one sentence. */
  remedy: string;
  kind: 'device-lost' | 'out-of-memory' | 'crash' | 'data' | 'unsupported' | 'bad-input' | 'internal';
  /** The run can go on from its checkpoint. */
  resumable: boolean;
}

export type RunEvent =
  | { type: 'status'; phase: Phase; text: string; fraction?: number }
  | { type: 'backend'; backend: Backend; reason: string; trialMs: Partial<Record<Backend, number>> }
  | { type: 'progress'; done: number; total: number; stepMs: number; leftMs: number }
  /** The run's arms, before its first point: knobs may add arms that the meta does not list. */
  | { type: 'arms'; arms: ArmInfo[] }
  | { type: 'points'; points: Point[] }
  | { type: 'picture'; id: string; payload: Picture }
  /** `provisional`: the run goes on, so the verdict is still undecided. */
  | { type: 'claims'; claims: ClaimResult[]; verdict: Verdict; shortfall: string | null; provisional: boolean }
  | { type: 'notice'; text: string }
  | { type: 'checkpoint'; checkpoint: RunCheckpoint }
  | { type: 'paused'; paused: boolean }
  | { type: 'graphs'; graphs: { name: string; nodes: number; before: number; bytes: number }[] };

export interface DeviceReport {
  webgpu: { available: boolean; reason: string; adapter?: string; isFallback?: boolean; maxBufferBytes?: number };
  jspi: boolean;
  threads: number;
  crossOriginIsolated: boolean;
}

/** What the worker exposes through comlink. */
export interface LabWorkerApi {
  probe(): Promise<DeviceReport>;
  /** Resolves when the run ended; null when it was stopped. Rejects with an Error whose `wire` is a WireError. */
  run(request: RunRequest, onEvent: (event: RunEvent) => void): Promise<RunResult | null>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Paused: advances one unit, then pauses again. */
  step(): Promise<void>;
  stop(): Promise<void>;
  query(slug: string, knobs: Knobs, name: string, payload: unknown): Promise<unknown>;
  /** The train-step graphs of the present or last run, as ONNX files. */
  graphs(): Promise<{ name: string; bytes: Uint8Array }[]>;
  /** Test only: destroys the GPU device, so that recovery can be watched. */
  loseDevice(): Promise<void>;
}

/** What the worker offers to the client only. */
export interface WorkerApi extends LabWorkerApi {
  /** First call: where the page lies, so that its files can be found. */
  configure(options: { base: string; checkpointMs?: number }): Promise<void>;
  /** Answers at once while the worker lives. */
  ping(): Promise<void>;
  /** Bytes that only a new worker gives back: WebAssembly heaps, which never shrink, and constants of released GPU sessions. */
  heldBytes(): Promise<number>;
}
