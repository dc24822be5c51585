// Results: one versioned JSON for recordings, exports and links. Types only.
import type { Backend } from '../../../engine/engine.ts';
import type { Knobs } from './meta.ts';

export type Verdict = 'reproduced' | 'not-reproduced' | 'undecided';

/** What a claim asks of its effect: a bound from below or from above. */
export type Margin = { atLeast: number } | { below: number };

/** One check of a run. Fields after `note` are missing in files of before there were intervals. */
export interface ClaimResult {
  id: string;
  text: string;
  /** The measured quantity; null when it could not be measured. */
  measured: number | null;
  /** As a person reads it: "≥ 0.9". */
  threshold: string;
  verdict: Verdict;
  /** False: reported beside the verdict, not part of it. */
  required: boolean;
  note?: string;
  margin?: Margin;
  /** One-sided ends of the effect's interval; null without one: an exact claim, or too few values. */
  low?: number | null;
  high?: number | null;
  /** Degrees of freedom of the interval. */
  df?: number | null;
  /** Standard error of the effect; of its logarithm where `isRatio`. */
  se?: number | null;
  /** Seeds whose values are all there. */
  n?: number;
  /** Seeds that would decide, by this run's spread; null where that cannot be told or more seeds would not help. */
  needs?: number | null;
  /** Which way the run points, decided or not. */
  points?: 'for' | 'against' | null;
  /** Parts that the claim joins, of which the weakest (or strongest) is shown; 1 unless told. */
  parts?: number;
  /** Name of the part on show. */
  part?: string;
  /** The effect is a ratio: intervals are symmetric on its logarithm. */
  isRatio?: boolean;
}
export type Series = [step: number, value: number][];
export interface ArmResult {
  id: string;
  label: string;
  x?: number;
  /** One entry per seed: metric -> [[step, value], ...]. */
  series: Record<string, Series>[];
  /** metric -> value per seed; NaN, in a file null, where there is none. */
  final: Record<string, number[]>;
  /** Seeds in the order of `series`, so that a claim can name one. Held while claims are computed; never saved. */
  seeds?: number[];
  /** metric -> per seed, one value per test example. Held while claims are computed; never saved. */
  examples?: Record<string, (Float32Array | null)[]>;
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
  /** What kept the run from deciding its claims, as a visitor reads it. */
  shortfall?: string;
  wallMs: number;
  stepMs: number;
  pictures?: Record<string, Picture>;
}
