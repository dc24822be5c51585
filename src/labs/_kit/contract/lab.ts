// lab.ts of a lab: what the kit drives, and what it gives. Types only; a lab sees the runtime through `Engine`.
import type { DataStore } from '../../../data/types.ts';
import type { Engine, Feeds, HostArray, StepperState } from '../../../engine/engine.ts';
import type { TrainProgram } from '../../../optim/program.ts';
import type { Prng } from '../../../util/prng.ts';
import type { ArmInfo, Knobs } from './meta.ts';
import type { ArmResult, ClaimResult, Picture } from './result.ts';

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
  /** Nobody sees the pictures of this context: of seeds that run apart only the first draws. */
  isUnseen?: boolean;
  /** What one trial adds to a picture that several trials make together; `Experiment.compose` joins the newest parts by key. */
  part(id: string, key: string, value: Picture): void;
}

/** A run whatever its knobs: what the kit's own parts need of it. */
export type RunContext = Omit<LabContext<unknown>, 'knobs'>;

/** One graph's worth of training: one or several (arm, seed) cells that advance together. */
export interface Trial {
  cells: { arm: string; seed: number }[];
  /** Trains `count` steps. */
  advance(count: number): Promise<void>;
  /** Metrics per cell, in the order of `cells`. */
  evaluate(step: number): Promise<Record<string, number>[]>;
  /** Sends pictures of the present state; called after evaluate. */
  draw?(step: number): Promise<void>;
  /**
   * Values per test example, per cell in the order of `cells`: metric -> one value an example, whose mean is the metric.
   * Asked once, after the last step, where claims compare arms example by example. Every trial has the same examples in the same order.
   */
  examples?(): Promise<Record<string, Float32Array>[]>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}

/** Trials advance in turn, so that the curves race. They share no state: each may run in a worker of its own. */
export interface Experiment {
  arms: ArmInfo[];
  steps: number;
  /** Steps between evaluations. */
  evalEvery: number;
  /** Opens trial number `index`; all are open at once unless `sequential`. */
  trials: (() => Promise<Trial>)[];
  sequential?: boolean;
  /** Joins the parts that trials sent of a picture, by picture id. Parts come by key, in no fixed order. */
  compose?: Record<string, (parts: ReadonlyMap<string, Picture>) => Picture>;
  /** After all trials ended; may send final pictures. */
  finish?(arms: ArmResult[]): Promise<void>;
  claims(arms: ArmResult[]): ClaimResult[];
  shortfall: Shortfall;
}

/**
 * What keeps this run from deciding the lab's claims, as a visitor reads it ("100 of 1,600 steps"); null where nothing does.
 * `shortfallOf` writes it from the knobs and the budget. With a shortfall every claim is undecided and says which way it points.
 */
export type Shortfall = string | null;

/** For labs with a loop of their own: yields after each unit of work; the kit pauses and cancels between yields. */
export interface CustomRun {
  arms: ArmInfo[];
  total: number;
  loop(sink: {
    point(arm: string, seed: number, metric: string, step: number, value: number): void;
    /** Values per test example of one cell, as `Trial.examples` gives them: metric -> one value an example. */
    examples(arm: string, seed: number, values: Record<string, Float32Array>): void;
  }): AsyncGenerator<{ done: number }>;
  /** State from which `loop` can go on; absent: the run restarts when it is interrupted. */
  save?(): Promise<StepperState>;
  load?(saved: StepperState): Promise<void>;
  claims(arms: ArmResult[]): ClaimResult[];
  shortfall: Shortfall;
}

/** A tiny instance of a lab's training graph, for the contract test. */
export interface TrainingGraph {
  name: string;
  /** The train step and the first values of its state. Called twice: the bytes must not differ. */
  build(residency: 'device' | 'host'): { program: TrainProgram; init: Record<string, Float32Array> };
  sources?: Record<string, HostArray>;
  /** Feeds of the first step, the random ones drawn from the given generator. */
  feeds(random: Prng, program: TrainProgram): Feeds;
  /** Names of parameters that get no gradient on purpose. */
  frozen?: string[];
}

/** What may be tuned, and on what: driven by `npm run tune`, on validation data and on seeds of its own. */
export interface Tuning<K = Knobs> {
  /** The metric that decides, measured on validation data. */
  metric: string;
  better: 'up' | 'down';
  /** The values that every arm tries. */
  grid: readonly number[];
  /** In the order of tuning: knobs that were chosen hold for the arms after. `knob` is the arm's rate, a knob of the lab, or nothing. */
  arms: readonly { id: string; label: string; knob: string | null }[];
  /** The arm alone, with validation data in place of test data. */
  experiment(ctx: LabContext<K>, arm: string, rate?: number): Promise<Experiment>;
}

export interface LabModule<K = Knobs> {
  experiment?(ctx: LabContext<K>): Promise<Experiment>;
  custom?(ctx: LabContext<K>): Promise<CustomRun>;
  /**
   * For `custom`: a seed's numbers do not depend on the other seeds, and claims depend on the arms alone. On the CPU the kit then
   * opens one run for each seed, which may lie in workers of their own; pictures come from the first seed's.
   */
  seedsApart?: boolean;
  /** Calls that the page may make at any time (inference on demand). */
  queries?: Record<string, (ctx: LabContext<K>, payload: unknown) => Promise<unknown>>;
  /** Tiny training graphs; an empty list for labs without any. */
  trainingGraphs(): TrainingGraph[];
  tune?: Tuning<K>;
}
