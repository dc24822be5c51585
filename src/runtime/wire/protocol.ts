// The wire between page and worker: types only.
import type { StepperState, Backend } from '../../engine/engine.ts';
import type { ArmInfo, Knobs } from '../../labs/_kit/contract/meta.ts';
import type { PicturePart, Share, ShareOutcome } from '../../labs/_kit/run/share.ts';
import type { ClaimResult, Picture, RunResult, Verdict } from '../../labs/_kit/contract/result.ts';

export type BackendChoice = 'auto' | 'webgpu' | 'wasm';

export interface RunRequest {
  slug: string;
  knobs: Knobs;
  seeds: number[];
  backend: BackendChoice;
  /** Goes on from here (after a crash, a lost device, or a reload). */
  checkpoint?: RunCheckpoint;
  /** Most workers that may share the run on WebAssembly; 1 unless given. */
  workers?: number;
}
/** What the client asks of one worker. */
export interface ShareRequest extends RunRequest {
  /** Given to all but a lead that has yet to divide its run. */
  share?: Share;
}

/** Where a run stands, complete enough to go on at the exact step. */
export interface RunCheckpoint {
  slug: string;
  knobs: Knobs;
  seeds: number[];
  backend: Backend;
  done: number;
  /** Steps that each trial, or each loop of a lab with loops of its own, has done; -1 before its first evaluation. */
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
  /** Into how many workers the run is divided, and what set the number. */
  | { type: 'workers'; of: number; reason: string }
  /** A worker has not answered for a while: no time left can be told. */
  | { type: 'silent'; silent: boolean }
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

/** What a share that does not lead sends beside the events of a run. */
export type ShareEvent = RunEvent | { type: 'part'; part: PicturePart };

/** What the worker offers to the client only. */
export interface WorkerApi extends Omit<LabWorkerApi, 'run'> {
  /** First call: where the page lies, so that its files can be found. `life`: a lock to hold as long as the worker lives. */
  configure(options: { base: string; checkpointMs?: number; life?: string; threads?: number }): Promise<void>;
  /** Answers at once while the worker lives. */
  ping(): Promise<void>;
  /** The run, or the share of it that leads. */
  run(request: ShareRequest, onEvent: (event: RunEvent) => void): Promise<RunResult | null>;
  /** A share that does not lead; null when it was stopped. */
  runShare(request: ShareRequest, onEvent: (event: ShareEvent) => void): Promise<ShareOutcome | null>;
  /** To the lead: what another share has found. */
  hear(index: number, points: Point[], parts: PicturePart[]): Promise<void>;
  /** To the lead: another share is at its end. */
  deliver(index: number, outcome: ShareOutcome): Promise<void>;
  /** Bytes that only a new worker gives back: WebAssembly heaps, which never shrink, and constants of released GPU sessions. */
  heldBytes(): Promise<number>;
}
