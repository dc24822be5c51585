// What a lab of several arms says about itself: networks, losses, feeds, rates, and what to measure. Types, and one function to infer them.
import type { Feeds, HostArray } from '../../../engine/engine.ts';
import type { GroupSteps } from '../../../optim/groups.ts';
import type { TrainSpec } from '../../../optim/program.ts';
import type { Schedule } from '../../../optim/schedules.ts';
import type { Prng } from '../../../util/prng.ts';
import type { Experiment, RunContext, Trial } from '../contract/lab.ts';
import type { ArmInfo } from '../contract/meta.ts';
import type { Arm, ArmsGraph } from './model-graph.ts';
import type { Answers, ReadoutSpec } from './readout.ts';

/** The stream of this name: its own for every seed, the same for every arm of a seed. */
export type Streams = (name: string) => Prng;

/** Loss [S], metrics [S] by name, optimiser and whatever else a train step knows. */
export type Objective = Omit<TrainSpec, 'params' | 'batches' | 'ratePerModel'>;

export interface TrainPlan<Kind> {
  /** Rows of one step. */
  batch: number;
  /** Data by name, resident where the engine keeps it on the device. */
  sources: Readonly<Record<string, HostArray>>;
  /** Builds the step of one or several stacked arms. */
  step(graph: ArmsGraph<Kind>): Objective;
  /** Called once per trial: gives the feeds at t = 1, 2, ... An arm whose step does not know a name goes without. */
  feeds(stream: Streams): (t: number) => Feeds;
  /** First learning rate, where an arm has none of its own. */
  rate: number;
  /** Half a cosine to zero unless told. An arm may have a schedule of its own. */
  schedule?(rate: number, steps: number, arm: Arm<Kind>): Schedule;
  /** Rates, step counts and switches of parameter groups at t, where the objective has any. */
  groups?(t: number): GroupSteps;
  /** First values of extra state (`state` of the objective), for `stack` models. */
  state?(stack: number, stream: Streams): Record<string, Float32Array>;
  /** Names of parameters that get no gradient on purpose. */
  frozen?: string[];
}

/** A model as it is measured. */
export interface TrainedModel<Output extends string = string, SetName extends string = string> {
  arm: Arm;
  seed: number;
  step: number;
  /** Metrics of the last training step; empty before the first. */
  last: Readonly<Record<string, number>>;
  /** Its answers for a set; read once per evaluation, however often asked. */
  read(set: SetName): Promise<Answers<Output>>;
  /** The values of one parameter. */
  parameter(name: string): Promise<Float32Array>;
}

/**
 * Metric -> its value, or one value per test example, of which the kit takes the mean and hands all to the claims.
 * What is undefined is left out.
 */
export type Measured = Record<string, number | Float32Array | undefined>;

export interface ReadPlan<Output extends string, SetName extends string> extends ReadoutSpec<Output, SetName> {
  /** The state that is measured: `theta` unless told, `ema` for the moving average. */
  theta?: string;
}

export interface ArmsPlan<Kind = unknown, Output extends string = string, SetName extends string = string> {
  /** In the order of stacking; trained from equal weights where the network is equal. */
  arms: readonly Arm<Kind>[];
  /** In the order of the page, with arms that do not train; `arms` unless told. */
  shown?: readonly ArmInfo[];
  steps: number;
  /** Evaluations after the first, evenly spaced. */
  evaluations: number;
  train: TrainPlan<Kind>;
  read: ReadPlan<Output, SetName>;
  measure(model: TrainedModel<Output, SetName>): Promise<Measured>;
  /** Sends pictures of a model of the first seed, after each of its evaluations: parts of its own, as trials share nothing. */
  draw?(model: TrainedModel<Output, SetName>, ctx: RunContext): Promise<void>;
  /** Looks between evaluations: at these steps of the first seed. */
  glimpse?: {
    at: readonly number[];
    draw(model: TrainedModel<Output, SetName>, ctx: RunContext): Promise<void>;
  };
  /** Sends pictures that training does not change, once, before the first step. */
  open?(ctx: RunContext): void;
  /** Arms that never train: measured once, the same for every seed. */
  references?: Readonly<Record<string, (ctx: RunContext) => Promise<Measured>>>;
  /** Trainings that are pictures of their own. */
  beside?: readonly ((ctx: RunContext) => Promise<Trial>)[];
  compose?: Experiment['compose'];
  finish?: Experiment['finish'];
  claims: Experiment['claims'];
  shortfall: Experiment['shortfall'];
}

/** The plan itself: gives kinds, outputs and sets their types. */
export const armsPlan = <const Kind, Output extends string, SetName extends string>(
  plan: ArmsPlan<Kind, Output, SetName>,
): ArmsPlan<Kind, Output, SetName> => plan;
