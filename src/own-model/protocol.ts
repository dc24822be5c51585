// What the page and the worker of "your own model" say to each other. Types only.
import type { DecoderFacts } from '../onnx/rewrite/decoder-facts.ts';
import type { FileOffer, OpHistogram } from '../onnx/rewrite/errors.ts';
import type { Positions } from '../onnx/rewrite/pyramid-drop.ts';
import type { ForeignBackend } from '../onnx/rewrite/session.ts';
import type { Cut, PyramidKnobs } from './schedule.ts';
import type { Tiling } from './smol-prompt.ts';

export type MadeSize = 'small' | 'large';
/** `renamed`: needed data file -> the chosen file that the visitor says it is. */
export type Source =
  | { kind: 'files'; files: File[]; renamed?: ReadonlyMap<string, string> }
  | { kind: 'made'; size: MadeSize };

export interface FileFacts {
  name: string;
  bytes: number;
  /** Null where the browser computes none (pages without https). */ sha256: string | null;
  /** With the sum that the host states; null where it states none. */ agrees?: boolean | null;
}
export interface OpenedFacts extends Omit<DecoderFacts, 'histogram'> {
  files: FileFacts[];
  /** Operator counts, most frequent first. */
  operators: string;
  takes: 'embeds' | 'ids';
}
/** Why a file cannot be used, for visitors. */
export interface Problem {
  message: string;
  remedy: string;
  pattern?: string;
  histogram?: OpHistogram;
  /** A chosen file that could be the missing one. */
  offer?: FileOffer;
  /** The worker ended: nothing is open any more. */
  isClosed?: true;
}
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem } | { ok: false; stopped: true };

export interface CompareRequest {
  imageTokens: number;
  cuts: readonly Cut[];
  positions: Positions;
  seed: number;
}
export interface ArmReport {
  /** Every timed prompt, in order. */
  prefillMs: number[];
  /** Median time of a token after the prompt, the first one left out. */
  tokenMs: number;
  /** Greedy continuation. */
  tokens: number[];
  cacheBytes: number;
  /** Tokens in each layer's cache after the prompt. */
  lengths: number[];
  /** Multiply-accumulates of the layers over the prompt, by formula. */
  macs: number;
}
export interface CompareReport {
  backend: ForeignBackend;
  promptTokens: number;
  imageTokens: number;
  cuts: readonly Cut[];
  /** The rewritten decoder with nothing dropped against the file as it is: largest difference of any logit, prompt and tokens after it. */
  atZero: { worst: number; steps: number };
  /** Image tokens alive after each cut, as counted in the result. */
  kept: number[];
  full: ArmReport;
  pdrop: ArmReport;
  /** Tokens of the two continuations that agree, from the first on. */
  agreeing: number;
  /** Kullback-Leibler divergence of the first token's distribution, nats. */
  divergence: number;
}
/** Whether attention on this GPU gives what WASM gives. */
export type AttentionCheck = { isRight: boolean; worst: number };

export type Progress = (text: string, share: number | null) => void;
export interface GpuFacts {
  isAvailable: boolean;
  isSoftware: boolean;
  text: string;
}
export interface OwnModelApi {
  gpu(): Promise<Answer<GpuFacts>>;
  open(source: Source, onProgress: Progress): Promise<Answer<OpenedFacts>>;
  checkAttention(): Promise<Answer<AttentionCheck>>;
  compare(request: CompareRequest, backend: ForeignBackend, onProgress: Progress): Promise<Answer<CompareReport>>;
  /** Ends what is under way at its next step. */
  stop(): Promise<void>;
}

export interface SmolQuestion extends PyramidKnobs {
  photo: Blob;
  /** Changes with the photo: its features are computed once. */
  photoId: string;
  /** Several tiles and the whole picture, or the whole picture alone. */
  split: boolean;
  question: string;
  positions: Positions;
}
export interface SmolAnswer {
  report: CompareReport;
  tiling: Tiling;
  visionMs: number;
  /** Per cut: image tokens that stay, numbered tile by tile. */
  keptTokens: number[][];
  /** The answers in words. */
  full: string;
  pdrop: string;
}
export interface SmolApi extends OwnModelApi {
  openSmol(backend: ForeignBackend, onProgress: Progress): Promise<Answer<OpenedFacts>>;
  askSmol(question: SmolQuestion, backend: ForeignBackend, onProgress: Progress): Promise<Answer<SmolAnswer>>;
  forgetSmol(): Promise<void>;
}
