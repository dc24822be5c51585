// Results: one versioned JSON for recordings, exports and links. Types only.
import type { Backend } from '../../../engine/engine.ts';
import type { Knobs } from './meta.ts';

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
  wallMs: number;
  stepMs: number;
  pictures?: Record<string, Picture>;
}
