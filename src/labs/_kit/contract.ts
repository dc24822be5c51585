// The lab contract: what a lab folder gives (meta, experiment) and what the kit and the page give back.
// Types only. A lab sees the runtime through the `Engine` interface below and never imports it.
import type { Program } from '../../graph/program.ts';
import type { TrainProgram } from '../../optim/program.ts';
import type { Prng } from '../../util/prng.ts';
import type { DataSplit, DataStore } from '../../data/types.ts';

export type { DataSplit, DataStore };

// ---------------------------------------------------------------- meta.ts: pure data

export type Family =
  | 'contrastive'
  | 'distillation'
  | 'pruning'
  | 'vision-language'
  | 'theory'
  | 'self-supervised'
  | 'unlearning'
  | 'robustness'
  | 'few-shot'
  | 'optimisation'
  | 'retrieval'
  | 'vision'
  | 'losses'
  | 'continual'
  | 'generative'
  | 'graphs';

export interface Paper {
  /** Number of the paper in the catalogue, 1-70. */
  number: number;
  title: string;
  authors: string;
  venue: string;
  year: number;
  arxiv?: string;
  code?: string;
}

interface ControlBase {
  label: string;
  help: string;
  /** The picture answers at once; no new run is needed. */
  live?: boolean;
}
export interface NumberControl extends ControlBase {
  kind: 'number';
  min: number;
  max: number;
  step: number;
  scale?: 'linear' | 'log';
  default: number;
  unit?: string;
  integer?: boolean;
}
export interface ChoiceControl extends ControlBase {
  kind: 'choice';
  options: readonly { value: string; label: string }[];
  default: string;
}
export interface ToggleControl extends ControlBase {
  kind: 'toggle';
  default: boolean;
}
export type Control = NumberControl | ChoiceControl | ToggleControl;
export type KnobValue = number | string | boolean;
export type Knobs = Record<string, KnobValue>;

/** The knob values' types, derived from the controls. */
export type KnobsOf<C extends Record<string, Control>> = {
  [K in keyof C]: C[K] extends NumberControl ? number : C[K] extends ToggleControl ? boolean : string;
};

export interface ArmInfo {
  id: string;
  label: string;
  role: 'method' | 'baseline' | 'reference';
  /** Position of the arm on a sweep's x axis (a temperature, a width, ...). */
  x?: number;
}

export interface MetricInfo {
  label: string;
  better: 'up' | 'down' | 'none';
  unit?: string;
  /** What it is and on which data it is measured, one sentence. */
  help: string;
  /** Digits after the decimal point; 3 unless told. */
  digits?: number;
  /** A share in 0..1, shown as per cent. */
  percent?: boolean;
}

/** The small fixed vocabulary of views; `picture` names a payload that the lab emits. */
export type ViewSpec =
  | {
      kind: 'line';
      title: string;
      caption: string;
      metric: string;
      log?: boolean;
      /** What a point's step counts; "step" unless told. */ xLabel?: string;
    }
  | { kind: 'bars'; title: string; caption: string; metric: string }
  | { kind: 'sweep'; title: string; caption: string; metrics: string[]; xLabel: string; log?: boolean }
  | { kind: 'scatter' | 'heatmap' | 'images' | 'matrix' | 'table'; title: string; caption: string; picture: string };

export interface LabMeta<C extends Record<string, Control> = Record<string, Control>> {
  slug: string;
  /** Version of the knobs; a link carries it. Raise it when a default or a meaning changes. */
  version: number;
  /** Defaults of earlier versions (version -> knob -> value), so that old links keep their meaning. */
  frozen?: Record<number, Knobs>;
  paper: Paper;
  family: Family;
  /** Short name for cards. */
  title: string;
  /** The paper's claim as one plain sentence. */
  claim: string;
  /** The question that this lab asks of it. */
  question: string;
  /** What the picture shows and what to look for. */
  caption: string;
  /** How it works: paragraphs; `$...$` is set as maths in plain text. */
  method: string[];
  equations: { label: string; text: string; source: string }[];
  controls: C;
  arms: ArmInfo[];
  metrics: Record<string, MetricInfo>;
  views: ViewSpec[];
  deviations: string[];
  tryThis: { text: string; set: Partial<KnobsOf<C>> }[];
  /** Ids of packaged data sets (public/data/manifest.json). */
  data: string[];
  /** Default number of seeds of a visitor's run. */
  seeds: number;
  /** Cost of the default run: seconds, as measured, and optimiser steps in all. */
  cost: { gpuSeconds?: number; cpuSeconds: number; steps: number };
}

export const defineMeta = <const C extends Record<string, Control>>(meta: LabMeta<C>): LabMeta<C> => meta;

// ---------------------------------------------------------------- results: one versioned JSON for recordings, exports, links

export type Backend = 'cpu' | 'wasm' | 'webgpu';
export type Verdict = 'reproduced' | 'not-reproduced' | 'undecided';

export interface ClaimResult {
  id: string;
  text: string;
  /** The measured quantity; null when it could not be measured. */
  measured: number | null;
  /** As a person reads it: ">= 0.9". */
  threshold: string;
  verdict: Verdict;
  /** False: reported beside the verdict, not part of it. */
  required: boolean;
  note?: string;
}
export type Series = [step: number, value: number][];
export interface ArmResult {
  id: string;
  label: string;
  x?: number;
  /** One entry per seed: metric -> [[step, value], ...]. */
  series: Record<string, Series>[];
  /** metric -> value per seed. */
  final: Record<string, number[]>;
}
/** Anything JSON can hold, or typed arrays while it is live; recorded pictures are plain JSON. */
export type Picture = unknown;
export interface RunResult {
  version: 1;
  slug: string;
  labVersion: number;
  backend: Backend;
  seeds: number[];
  knobs: Knobs;
  arms: ArmResult[];
  claims: ClaimResult[];
  verdict: Verdict;
  wallMs: number;
  stepMs: number;
  pictures?: Record<string, Picture>;
}

// ---------------------------------------------------------------- the engine, as a lab sees it

export type HostArray = Float32Array | Int32Array;
export type Feeds = Record<string, HostArray | number>;

export type { Program } from '../../graph/program.ts';

/** A train step whose state stays on the device. Every call waits its turn on the one device. */
export interface Stepper {
  readonly steps: number;
  step(feeds: Feeds): Promise<void>;
  /** Metrics of the last step, in the order of `program.metrics.labels`. */
  metrics(): Promise<Float32Array>;
  read(state: string): Promise<Float32Array>;
  write(state: string, value: Float32Array): Promise<void>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}
export interface StepperState {
  steps: number;
  arrays: Record<string, Float32Array>;
}

/** An inference graph. Outputs are copied to the host. */
export interface Runner {
  run(feeds: Feeds): Promise<Record<string, HostArray>>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly backend: Backend;
  /** Where data sets live: `device` gathers batches in the graph, `host` before the run. */
  readonly residency: 'device' | 'host';
  stepper(program: Program, init: Record<string, Float32Array>, sources?: Record<string, HostArray>): Promise<Stepper>;
  runner(program: Program | Uint8Array, sources?: Record<string, HostArray>): Promise<Runner>;
}

// ---------------------------------------------------------------- lab.ts: one function

export interface LabContext<K = Knobs> {
  knobs: K;
  seeds: number[];
  engine: Engine;
  data: DataStore;
  /** Random numbers of this run: fork by name, never share. */
  prng: (seed: number, ...path: (string | number)[]) => Prng;
  signal: AbortSignal;
  /** Names what is being done, for the progress line. */
  status(text: string): void;
  notice(text: string): void;
  picture(id: string, payload: Picture): void;
}

/** One graph's worth of training: one or several (arm, seed) cells that advance together. */
export interface Trial {
  cells: { arm: string; seed: number }[];
  /** Trains `count` steps. */
  advance(count: number): Promise<void>;
  /** Metrics per cell, in the order of `cells`. */
  evaluate(step: number): Promise<Record<string, number>[]>;
  /** Sends pictures of the present state; called after evaluate. */
  draw?(step: number): Promise<void>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}

/** Trials advance in turn, so that the curves race. */
export interface Experiment {
  arms: ArmInfo[];
  steps: number;
  /** Steps between evaluations. */
  evalEvery: number;
  /** Opens trial number `index`; all are open at once unless `sequential`. */
  trials: (() => Promise<Trial>)[];
  sequential?: boolean;
  /** After all trials ended; may send final pictures. */
  finish?(arms: ArmResult[]): Promise<void>;
  claims(arms: ArmResult[]): ClaimResult[];
}

/** For labs with a loop of their own: yields after each unit of work; the kit pauses and cancels between yields. */
export interface CustomRun {
  arms: ArmInfo[];
  total: number;
  loop(sink: {
    point(arm: string, seed: number, metric: string, step: number, value: number): void;
  }): AsyncGenerator<{ done: number }>;
  /** State from which `loop` can go on; absent: the run restarts when it is interrupted. */
  save?(): Promise<StepperState>;
  load?(saved: StepperState): Promise<void>;
  claims(arms: ArmResult[]): ClaimResult[];
}

/** A tiny instance of a lab's training graph, for the contract test. */
export interface ContractSample {
  name: string;
  /** The train step and the first values of its state. Called twice: the bytes must not differ. */
  build(residency: 'device' | 'host'): { program: TrainProgram; init: Record<string, Float32Array> };
  sources?: Record<string, HostArray>;
  /** Feeds of the first step, the random ones drawn from the given generator. */
  feeds(random: Prng, program: TrainProgram): Feeds;
  /** Names of parameters that get no gradient on purpose. */
  frozen?: string[];
}

export interface LabModule<K = Knobs> {
  experiment?(ctx: LabContext<K>): Promise<Experiment>;
  custom?(ctx: LabContext<K>): Promise<CustomRun>;
  /** Calls that the page may make at any time (inference on demand). */
  queries?: Record<string, (ctx: LabContext<K>, payload: unknown) => Promise<unknown>>;
  /** Tiny training graphs; an empty list for labs without any. */
  samples(): ContractSample[];
}
