// meta.ts of a lab: pure data, from which the knobs' types derive.

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
  | {
      kind: 'scatter' | 'heatmap' | 'images' | 'wall' | 'matrix' | 'table' | 'graph' | 'simplex' | 'decision';
      title: string;
      caption: string;
      /** Id of a payload of src/pictures/payloads.ts; as frames, the page plays it. */
      picture: string;
    };

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
  /** How it works: paragraphs. In all texts of a meta `$...$` is TeX; in meta.ts a backslash is written twice. */
  method: string[];
  /** `text` is TeX, set on its own line; parts between `\qquad` go on several where the page is narrow. */
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
