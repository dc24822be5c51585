// The comparison: the file as it is against the rewritten one, without drops (must be equal) and with drops, and the clock.
import type { Prompt, Step } from '../onnx/rewrite/decoder-driver.ts';
import type { DecoderFacts } from '../onnx/rewrite/decoder-facts.ts';
import { median } from '../util/stats.ts';
import { tokensPerLayer, type Cut } from './schedule.ts';
import type { Pair } from './open-model.ts';
import type { ArmReport, CompareReport, Progress } from './protocol.ts';
import type { RowOf } from './synthetic.ts';

export class Stopped extends Error {
  override readonly name = 'Stopped';
}
/** Progress, and the visitor's wish to stop, which throws `Stopped`. */
export interface Watch {
  progress: Progress;
  check(): void;
}

/** Rounds: as many as fit into the time, within limits. */
const ROUNDS_MS = 40_000;
const FEWEST = 3;
const MOST = 7;

export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= worst)) worst = d;
  }
  return worst;
}
/** KL(p || q) of two softmaxes, in nats. */
export function divergence(p: Float32Array, q: Float32Array): number {
  const logSum = (v: Float32Array) => {
    const top = v.reduce((a, b) => Math.max(a, b));
    return top + Math.log(v.reduce((s, x) => s + Math.exp(x - top), 0));
  };
  const zp = logSum(p);
  const zq = logSum(q);
  return Math.max(
    0,
    p.reduce((sum, x, i) => sum + Math.exp(x - zp) * (x - zp - (q[i] - zq)), 0),
  );
}

/** Multiply-accumulates of all layers: projections, and 2 n^2 per channel of the heads for attention. The paper's formula for any widths. */
export function decoderMacs(
  { layers, heads, headSize, linearMacs }: Pick<DecoderFacts, 'layers' | 'heads' | 'headSize' | 'linearMacs'>,
  tokens: readonly number[],
): number {
  return tokens.reduce((sum, n) => sum + (n * linearMacs) / layers + 2 * n * n * heads * headSize, 0);
}

interface Said {
  tokens: number[];
  logits: Float32Array[];
  first: Step;
  tokenMs: number;
}

/** Greedy continuation until `end` or for `steps` tokens, or along given tokens. */
async function continued(
  driver: Pair['full'],
  first: Step,
  rowOf: RowOf,
  { steps, end }: Pick<CompareOptions, 'steps' | 'end'>,
  watch: Watch,
  along?: readonly number[],
): Promise<Said> {
  const tokens = [argmax(first.logits)];
  const logits = [first.logits];
  const times: number[] = [];
  for (let i = 0; i < (along ? along.length - 1 : steps) && (along !== undefined || tokens[i] !== end); i++) {
    watch.check();
    const step = await driver.next(await rowOf(along ? along[i] : tokens[i]));
    tokens.push(argmax(step.logits));
    logits.push(step.logits);
    times.push(step.ms);
  }
  return { tokens, logits, first, tokenMs: times.length > 1 ? median(times.slice(1)) : (times[0] ?? NaN) };
}

/** Prompts in turn, each first half of the time. */
async function timed(
  pair: Pair,
  prompt: Prompt,
  keep: readonly number[],
  watch: Watch,
): Promise<{ full: number[]; pdrop: number[] }> {
  const out = { full: [] as number[], pdrop: [] as number[] };
  for (let round = 0, rounds = MOST; round < rounds; round++) {
    for (const arm of round % 2 ? (['pdrop', 'full'] as const) : (['full', 'pdrop'] as const)) {
      watch.check();
      watch.progress(
        `timing ${arm === 'full' ? 'all tokens' : 'PyramidDrop'}, round ${round + 1} of ${rounds}`,
        0.4 + (0.6 * (round + (out.full.length > out.pdrop.length ? 0.5 : 0))) / rounds,
      );
      out[arm].push((await pair[arm].prefill(prompt, arm === 'full' ? [] : keep)).ms);
    }
    if (round === 0) rounds = Math.min(MOST, Math.max(FEWEST, Math.floor(ROUNDS_MS / (out.full[0] + out.pdrop[0]))));
  }
  return out;
}

export interface CompareOptions {
  cuts: readonly Cut[];
  steps: number;
  facts: DecoderFacts;
  /** Token after which nothing follows. */ end?: number;
}

export async function compare(
  pair: Pair,
  prompt: Prompt,
  rowOf: RowOf,
  { cuts, steps, facts, end }: CompareOptions,
  watch: Watch,
): Promise<CompareReport & { keptRows: Int32Array[] }> {
  const image = prompt.isImage.filter(Boolean).length;
  const text = prompt.isImage.length - image;
  const keep = cuts.map((c) => Math.min(c.keep, image));
  const tell = (what: string, share: number) => {
    watch.check();
    watch.progress(what, share);
  };
  tell('all tokens: first prompt', 0);
  const full = await continued(pair.full, await pair.full.prefill(prompt), rowOf, { steps, end }, watch);
  tell('the rewritten decoder with nothing dropped', 0.1);
  const zero = await continued(
    pair.pdrop,
    await pair.pdrop.prefill(
      prompt,
      cuts.map(() => image),
    ),
    rowOf,
    { steps, end },
    watch,
    full.tokens,
  );
  tell('PyramidDrop: first prompt', 0.25);
  const dropped = await pair.pdrop.prefill(prompt, keep, true);
  const pdrop = await continued(pair.pdrop, dropped, rowOf, { steps, end }, watch);
  const times = await timed(pair, prompt, keep, watch);
  const schedule = { layers: facts.layers, image, cuts };
  const arm = ({ tokens, tokenMs, first }: Said, prefillMs: number[], layers: readonly number[]): ArmReport => ({
    prefillMs,
    tokenMs,
    tokens,
    cacheBytes: first.cacheBytes,
    lengths: first.lengths,
    macs: decoderMacs(
      facts,
      layers.map((n) => n + text),
    ),
  });
  const differs = full.tokens.findIndex((t, i) => t !== pdrop.tokens[i]);
  return {
    backend: pair.backend,
    promptTokens: prompt.isImage.length,
    imageTokens: image,
    cuts,
    keptRows: dropped.kept.map((k) => k.rows),
    atZero: {
      worst: Math.max(...full.logits.map((l, i) => largestDifference(l, zero.logits[i]))),
      steps: full.tokens.length - 1,
    },
    kept: dropped.kept.map((k) => k.rows.length - text),
    full: arm(full, times.full, tokensPerLayer({ ...schedule, cuts: [] })),
    pdrop: arm(pdrop, times.pdrop, tokensPerLayer(schedule)),
    agreeing: differs < 0 ? full.tokens.length : differs,
    divergence: divergence(full.logits[0], pdrop.logits[0]),
  };
}
