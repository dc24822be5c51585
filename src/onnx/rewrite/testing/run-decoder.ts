// Drives a decoder session through a prompt and single tokens, vanilla or rewritten. For tests only; onnxruntime is handed in.
import type * as OrtModule from 'onnxruntime-web';
import { prng } from '../../../util/prng.ts';
import { decodeFeeds, planPrompt, prefillFeeds, type PromptPlan } from '../feeds.ts';
import type { RewrittenDecoder } from '../pyramid-drop.ts';
import type { TinySpec } from '../made-decoder.ts';
import type { HostTensor } from '../session.ts';

type Ort = Pick<typeof OrtModule, 'Tensor' | 'InferenceSession'>;
type Feeds = Record<string, OrtModule.Tensor>;
export interface StepResult {
  logits: number[];
  keeps: number[][];
  lengths: number[];
  raw: Float32Array;
}

export class DecoderRun {
  private past: Feeds | null = null;
  private length = 0;
  private plan: PromptPlan | null = null;
  private readonly ort: Ort;
  private readonly session: OrtModule.InferenceSession;
  private readonly spec: TinySpec;
  private readonly rewritten: RewrittenDecoder | null;
  private constructor(
    ort: Ort,
    session: OrtModule.InferenceSession,
    spec: TinySpec,
    rewritten: RewrittenDecoder | null,
  ) {
    this.ort = ort;
    this.session = session;
    this.spec = spec;
    this.rewritten = rewritten;
  }

  static async open(
    ort: Ort,
    spec: TinySpec,
    model: Uint8Array | RewrittenDecoder,
    options: OrtModule.InferenceSession.SessionOptions = { executionProviders: ['wasm'] },
  ): Promise<DecoderRun> {
    const rewritten = model instanceof Uint8Array ? null : model;
    const session = await ort.InferenceSession.create(
      rewritten ? rewritten.bytes : (model as Uint8Array),
      rewritten ? { ...options, externalData: [rewritten.external] } : options,
    );
    return new DecoderRun(ort, session, spec, rewritten);
  }
  /** Over a session that is open already. */
  static over(
    ort: Ort,
    session: OrtModule.InferenceSession,
    spec: TinySpec,
    rewritten: RewrittenDecoder | null,
  ): DecoderRun {
    return new DecoderRun(ort, session, spec, rewritten);
  }
  close(): Promise<void> {
    return this.session.release();
  }

  /** The prompt. `keep`: image tokens left after each cut. */
  prompt(rows: number[][], isImage: boolean[], keep: readonly number[] = []): Promise<StepResult> {
    [this.past, this.length] = [null, 0];
    this.plan = planPrompt(isImage, keep);
    return this.step(rows, this.rewritten ? prefillFeeds(isImage, this.plan, this.rewritten.hasDecodeFlag) : {}, true);
  }
  /** One more token. */
  next(row: number[]): Promise<StepResult> {
    return this.step([row], this.rewritten ? decodeFeeds(this.plan!, this.rewritten.hasDecodeFlag) : {}, false);
  }

  private async step(rows: number[][], extra: Record<string, HostTensor>, isPrompt: boolean): Promise<StepResult> {
    const { ort, spec, session, rewritten } = this;
    const S = rows.length;
    const total = this.length + S;
    const tensor = ({ type, data, dims }: HostTensor) => new ort.Tensor(type as 'float32', data as Float32Array, dims);
    const int64 = (values: number[]) =>
      tensor({ type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [1, values.length] });
    const feeds: Feeds = {
      inputs_embeds: tensor({ type: 'float32', data: Float32Array.from(rows.flat()), dims: [1, S, spec.H] }),
      attention_mask: int64(Array(total).fill(1)),
      ...(spec.fusedRotary ? {} : { position_ids: int64(rows.map((_, i) => this.length + i)) }),
      ...(this.past ?? this.emptyCache()),
      ...Object.fromEntries(Object.entries(extra).map(([name, t]) => [name, tensor(t)])),
    };
    const wanted = session.outputNames.filter((name) => isPrompt || !name.startsWith('pdrop_'));
    const out = await session.run(feeds, wanted);
    this.past = Object.fromEntries(
      Array.from({ length: spec.layers }, (_, l) =>
        ['key', 'value'].map((part) => [`past_key_values.${l}.${part}`, out[`present.${l}.${part}`]] as const),
      ).flat(),
    );
    this.length = total;
    const raw = out.logits.data as Float32Array;
    return {
      raw,
      logits: Array.from(raw.slice(-spec.vocabulary)),
      lengths: Array.from({ length: spec.layers }, (_, l) => out[`present.${l}.key`].dims[2]),
      keeps: isPrompt && rewritten ? rewritten.outputs.map((o) => Array.from(out[o.keep].data as Int32Array)) : [],
    };
  }
  private emptyCache(): Feeds {
    const { kvHeads, headSize, layers } = this.spec;
    const empty = () =>
      this.spec.half
        ? new this.ort.Tensor('float16', new Uint16Array(0), [1, kvHeads, 0, headSize])
        : new this.ort.Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headSize]);
    return Object.fromEntries(
      Array.from({ length: layers }, (_, l) =>
        ['key', 'value'].map((part) => [`past_key_values.${l}.${part}`, empty()] as const),
      ).flat(),
    );
  }
}

/** Random embeddings for a prompt of `flags` ('i' image, anything else text), and for the tokens after it. */
export function samplePrompt(
  spec: TinySpec,
  flags: string,
  after = 5,
): { rows: number[][]; isImage: boolean[]; next: number[][] } {
  const rng = prng(7, 'prompt', flags);
  const row = () => Array.from(rng.normals(spec.H));
  return {
    rows: [...flags].map(row),
    isImage: [...flags].map((f) => f === 'i'),
    next: Array.from({ length: after }, row),
  };
}
