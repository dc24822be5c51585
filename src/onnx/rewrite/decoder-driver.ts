// Drives a decoder session, plain or rewritten: a prompt, then token by token with its caches, which stay on the device.
import type { DecoderFacts } from './decoder-facts.ts';
import type { DecoderPorts } from './decoder-ports.ts';
import { decodeFeeds, planPrompt, prefillFeeds, type PromptPlan } from './feeds.ts';
import { fromHalf, toHalf } from './half.ts';
import type { RewrittenDecoder } from './pyramid-drop.ts';
import type { DeviceTensor, HostTensor, ModelSession, TensorType } from './session.ts';

/** Rows of the stream, [rows, width] embeddings or [rows] token numbers. */
export type Rows = { kind: 'embeds'; values: Float32Array; width: number } | { kind: 'ids'; values: Int32Array };
export interface Prompt {
  rows: Rows;
  /** One flag per row. */ isImage: boolean[];
}
export interface Step {
  /** Of the last row, [vocabulary]. */
  logits: Float32Array;
  /** From the call to the logits on the host. */
  ms: number;
  /** Tokens that each layer's cache holds. */
  lengths: number[];
  cacheBytes: number;
}
export interface Prefill extends Step {
  /** Per cut: rows that stayed, counted among the rows alive before it, and the score of each of those. Empty unless asked for. */
  kept: { rows: Int32Array; scores: Float32Array }[];
}
type Feeds = Record<string, HostTensor | DeviceTensor>;
type Extras = Pick<RewrittenDecoder, 'hasDecodeFlag' | 'outputs'>;

export const rowCount = (rows: Rows): number =>
  rows.kind === 'ids' ? rows.values.length : rows.values.length / rows.width;
/** Values in the element type that an input declares. */
function typed(type: TensorType, values: ArrayLike<number>, dims: readonly number[]): HostTensor {
  switch (type) {
    case 'float32':
      return { type, data: Float32Array.from(values), dims };
    case 'float16':
      return { type, data: toHalf(values), dims };
    case 'int64':
      return { type, data: BigInt64Array.from(Array.from(values), BigInt), dims };
    case 'int32':
      return { type, data: Int32Array.from(values), dims };
    case 'bool':
      return { type, data: Uint8Array.from(values), dims };
  }
}
/** float32 or float16 data of any session as float32. */
export async function readFloats(tensor: DeviceTensor): Promise<Float32Array> {
  const data = (await tensor.getData()) as Float32Array | Uint16Array;
  if (tensor.type !== 'float16') return data as Float32Array;
  return data instanceof Uint16Array ? fromHalf(data) : Float32Array.from(data);
}

export class DecoderDriver {
  private readonly session: ModelSession;
  private readonly ports: DecoderPorts;
  private readonly facts: DecoderFacts;
  private readonly extras: Extras | null;
  private caches: DeviceTensor[][] = [];
  private length = 0;
  private plan: PromptPlan | null = null;
  /** @param extras of the rewritten decoder, null for the plain one */
  constructor(session: ModelSession, ports: DecoderPorts, facts: DecoderFacts, extras: Extras | null) {
    this.session = session;
    this.ports = ports;
    this.facts = facts;
    this.extras = extras;
  }

  /** A prompt from an empty cache. `keep`: image tokens left after each cut; `wantKept`: read who stayed, which costs time. */
  async prefill({ rows, isImage }: Prompt, keep: readonly number[] = [], wantKept = false): Promise<Prefill> {
    this.reset();
    const { extras } = this;
    const plan = (this.plan = planPrompt(isImage, keep));
    const asked = extras && wantKept ? extras.outputs : [];
    const { step, results } = await this.run(
      rows,
      extras ? prefillFeeds(isImage, plan, extras.hasDecodeFlag) : {},
      asked.flatMap((o) => [o.keep, o.score]),
    );
    const kept = [];
    for (const o of asked)
      kept.push({ rows: (await results[o.keep].getData()) as Int32Array, scores: await readFloats(results[o.score]) });
    return { ...step, kept };
  }

  /** One more row after the prompt. */
  async next(rows: Rows): Promise<Step> {
    return (await this.run(rows, this.extras ? decodeFeeds(this.plan!, this.extras.hasDecodeFlag) : {}, [])).step;
  }

  /** Forgets the prompt. */
  reset(): void {
    for (const tensor of this.caches.flat()) tensor.dispose();
    this.caches = [];
    this.length = 0;
  }
  async dispose(): Promise<void> {
    this.reset();
    await this.session.dispose();
  }

  private async run(
    rows: Rows,
    extra: Feeds,
    more: readonly string[],
  ): Promise<{ step: Step; results: Record<string, DeviceTensor> }> {
    const { ports } = this;
    const count = rowCount(rows);
    const began = performance.now();
    const results = await this.session.run({ ...this.feeds(rows, count), ...extra }, [
      ports.logits,
      ...ports.caches.flatMap((c) => c.present),
      ...more,
    ]);
    const all = await readFloats(results[ports.logits]);
    const logits = all.slice(all.length - this.vocabularyOf(results));
    const ms = performance.now() - began;
    const old = this.caches.flat();
    this.caches = ports.caches.map(({ present }) => present.map((name) => results[name]));
    for (const tensor of old) tensor.dispose();
    results[ports.logits].dispose();
    this.length += count;
    return { step: { logits, ms, ...this.held() }, results };
  }
  private vocabularyOf(results: Record<string, DeviceTensor>): number {
    return results[this.ports.logits].dims.at(-1)!;
  }
  private held(): Pick<Step, 'lengths' | 'cacheBytes'> {
    const bytes = ({ dims, type }: DeviceTensor) => dims.reduce((a, b) => a * b, 1) * (type === 'float16' ? 2 : 4);
    return {
      lengths: this.caches.map(([key]) => key.dims[2]),
      cacheBytes: this.caches.flat().reduce((sum, t) => sum + bytes(t), 0),
    };
  }

  private feeds(rows: Rows, count: number): Feeds {
    const {
      ports: { stream, mask, positions, keepLogits },
    } = this;
    const total = this.length + count;
    const at = Array.from({ length: count }, (_, i) => this.length + i);
    return {
      [stream.name]: typed(stream.type, rows.values, rows.kind === 'ids' ? [1, count] : [1, count, rows.width]),
      [mask.name]: typed(mask.type, Array<number>(total).fill(1), [1, total]),
      ...(positions ? { [positions.name]: typed(positions.type, at, [1, count]) } : {}),
      ...(keepLogits ? { [keepLogits.name]: typed(keepLogits.type, [1], keepLogits.isScalar ? [] : [1]) } : {}),
      ...this.past(),
    };
  }
  private past(): Feeds {
    const { kvHeads, headSize, isHalf } = this.facts;
    const empty = () => typed(isHalf ? 'float16' : 'float32', [], [1, kvHeads, 0, headSize]);
    return Object.fromEntries(
      this.ports.caches.flatMap(({ past }, l) =>
        past.map((name, i) => [name, this.caches[l]?.[i] ?? empty()] as const),
      ),
    );
  }
}
