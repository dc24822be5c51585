// The worker's side of "your own model": holds one opened model and its sessions, and answers the page in words even when it fails.
import { MatchError, ModelFileError } from '../onnx/rewrite/errors.ts';
import type { Positions } from '../onnx/rewrite/pyramid-drop.ts';
import type { ForeignBackend, ForeignRuntime } from '../onnx/rewrite/session.ts';
import { compare, Stopped, type Watch } from './compare.ts';
import { madeFiles } from './made-models.ts';
import { describe, fileFacts, openModel, openPair, readFiles, type OpenedModel, type Pair } from './open-model.ts';
import type {
  Answer,
  AttentionCheck,
  CompareReport,
  CompareRequest,
  GpuFacts,
  OpenedFacts,
  OwnModelApi,
  Problem,
  Progress,
  Source,
} from './protocol.ts';
import { checkAttention } from './self-check.ts';
import { STEPS, syntheticPrompt, syntheticRow, TEXT_TOKENS } from './synthetic.ts';

export function problemOf(error: unknown): Problem {
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof MatchError)
    return {
      message: 'This file is an ONNX model, but no decoder that can be rewritten here.',
      pattern: error.pattern,
      histogram: error.histogram,
      remedy:
        "Choose the decoder of a vision-language model in the fused form (with GroupQueryAttention), as the onnxruntime-genai builder and onnxruntime's optimiser write it.",
    };
  if (error instanceof ModelFileError) return { message: `${message}.`, remedy: '', offer: error.offer };
  const remedy = (error as { remedy?: unknown }).remedy;
  return {
    message,
    remedy: typeof remedy === 'string' ? remedy : 'Try the other backend, fewer image tokens, or a smaller model.',
  };
}

/** @throws ModelFileError for a decoder in which nothing can be dropped, or whose prompt nobody can make */
function checkComparable({ facts, ports }: OpenedModel): void {
  const fewest = TEXT_TOKENS + STEPS + 1;
  if (facts.layers < 2)
    throw new ModelFileError('decoder: expected two layers or more, for tokens are dropped between layers; got one');
  if (facts.maxTokens < fewest)
    throw new ModelFileError(`decoder: expected positions for ${fewest} tokens or more; got ${facts.maxTokens}`);
  if (ports.stream.kind === 'embeds' && facts.width < 1)
    throw new ModelFileError(
      `input "${ports.stream.name}": expected the file to say how wide embeddings are; got nothing`,
    );
}

export class OwnModelService implements OwnModelApi {
  protected readonly runtime: ForeignRuntime;
  protected model: OpenedModel | null = null;
  private pair: { key: string; pair: Pair } | null = null;
  private isStopped = false;
  constructor(runtime: ForeignRuntime) {
    this.runtime = runtime;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }

  gpu(): Promise<Answer<GpuFacts>> {
    return this.answer(() => this.runtime.gpu());
  }
  open(source: Source, onProgress: Progress): Promise<Answer<OpenedFacts>> {
    return this.answer(async () => {
      await this.close();
      onProgress(source.kind === 'made' ? 'drawing the weights' : 'reading the files', null);
      const files =
        source.kind === 'made'
          ? madeFiles(source.size)
          : await readFiles(source.files, (name) => onProgress(`reading ${name}`, null));
      const model = openModel(files, source.kind === 'files' ? source.renamed : undefined);
      checkComparable(model);
      onProgress('computing checksums', null);
      const facts = describe(model, await fileFacts(files));
      this.model = model;
      return facts;
    });
  }
  checkAttention(): Promise<Answer<AttentionCheck>> {
    return this.answer(() => checkAttention(this.runtime, this.opened().facts));
  }

  compare(
    { imageTokens, cuts, positions, seed }: CompareRequest,
    backend: ForeignBackend,
    onProgress: Progress,
  ): Promise<Answer<CompareReport>> {
    return this.answer(async () => {
      const model = this.opened();
      const { facts } = model;
      if (imageTokens + TEXT_TOKENS + STEPS > facts.maxTokens)
        throw new ModelFileError(
          `image tokens: expected at most ${facts.maxTokens - TEXT_TOKENS - STEPS}, for this model's positions end at ${facts.maxTokens}; got ${imageTokens}`,
        );
      const pair = await this.pairFor(
        cuts.map((c) => c.layer),
        positions,
        backend,
        onProgress,
      );
      return await compare(
        pair,
        syntheticPrompt(model, imageTokens, seed),
        syntheticRow(model, seed),
        { cuts, steps: STEPS, facts },
        this.watch(onProgress),
      );
    });
  }

  protected watch(progress: Progress): Watch {
    return {
      progress,
      check: () => {
        if (this.isStopped) throw new Stopped('stopped');
      },
    };
  }
  protected opened(): OpenedModel {
    if (!this.model) throw new ModelFileError('model: expected an open one; got none. Choose a model first');
    return this.model;
  }

  /** Sessions are opened again when the cut layers change; numbers of tokens are inputs. */
  protected async pairFor(
    layers: readonly number[],
    positions: Positions,
    backend: ForeignBackend,
    progress: Progress,
  ): Promise<Pair> {
    const key = JSON.stringify([layers, positions, backend]);
    const model = this.opened();
    if (this.pair?.key === key) return this.pair.pair;
    await this.closePair();
    if (backend === 'webgpu' && model.facts.isHalf && !(await this.runtime.hasHalf()))
      throw new ModelFileError(
        'this model computes in half precision, which this graphics adapter does not offer. Choose WASM, or a file in single precision (for SmolVLM: q4 instead of q4f16)',
      );
    progress('opening the decoder twice: as it is, and rewritten', 0);
    const pair = await openPair(this.runtime, model, layers, positions, backend);
    this.pair = { key, pair };
    return pair;
  }
  protected async answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
    this.isStopped = false;
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      if (error instanceof Stopped) return { ok: false, stopped: true };
      await this.closePair().catch(() => undefined);
      return { ok: false, problem: problemOf(error) };
    }
  }
  private async closePair(): Promise<void> {
    const { pair } = this;
    this.pair = null;
    await pair?.pair.dispose();
  }
  protected async close(): Promise<void> {
    await this.closePair();
    this.model = null;
  }
}
