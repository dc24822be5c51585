// SmolVLM in the worker: opens what was downloaded, sees a photo, asks a question with all tokens and with PyramidDrop.
import type { Tokenizer } from '@huggingface/tokenizers';
import { readFloats, type Prompt, type Rows } from '../onnx/rewrite/decoder-driver.ts';
import { ModelFileError } from '../onnx/rewrite/errors.ts';
import { toHalf } from '../onnx/rewrite/half.ts';
import type { ForeignBackend, ModelSession } from '../onnx/rewrite/session.ts';
import { pyramid } from './schedule.ts';
import { compare } from './compare.ts';
import { describe, openModel } from './open-model.ts';
import type { Answer, OpenedFacts, Progress, SmolAnswer, SmolQuestion } from './protocol.ts';
import { OwnModelService } from './service.ts';
import { forgetSmolFiles, smolFiles, type SmolFiles } from './smol-files.ts';
import { tilesOf, type Tiles } from './smol-picture.ts';
import { END, IMAGE_TOKEN, keptImageTokens, promptText, TILE, tileCount, TOKENS_PER_TILE } from './smol-prompt.ts';

/** Longest answer, in tokens. */
const MOST_WORDS = 48;
const megabytes = (n: number) => `${(n / 1e6).toFixed(0)} MB`;

interface Smol {
  files: SmolFiles;
  tokenizer: Tokenizer;
  embed: ModelSession;
  vision: { session: ModelSession; backend: ForeignBackend } | null;
}
interface Seen {
  id: string;
  tiles: Omit<Tiles, 'pixels'>;
  features: Float32Array;
  ms: number;
}

export class SmolService extends OwnModelService {
  private smol: Smol | null = null;
  private seen: Seen | null = null;

  /** Call only after the visitor agreed to the download. */
  openSmol(backend: ForeignBackend, onProgress: Progress): Promise<Answer<OpenedFacts>> {
    return this.answer(async () => {
      await this.close();
      const precision = backend === 'webgpu' && (await this.runtime.hasHalf()) ? 'half' : 'single';
      const { check } = this.watch(onProgress);
      onProgress('asking the host for its list of files', null);
      const { files, facts } = await smolFiles(precision, {
        check,
        onBytes: (done, total, file) => onProgress(`${file}: ${megabytes(done)} of ${megabytes(total)}`, done / total),
      });
      onProgress('opening tokeniser and embeddings', null);
      const model = openModel([{ path: 'decoder.onnx', data: files.decoder }]);
      const parse = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as object;
      const { Tokenizer } = await import('@huggingface/tokenizers');
      const tokenizer = new Tokenizer(parse(files.tokenizer), parse(files.tokenizerConfig));
      this.smol = {
        files,
        tokenizer,
        vision: null,
        embed: await this.runtime.open({ bytes: files.embed, external: [] }, 'wasm', []),
      };
      this.model = model;
      return describe(model, facts);
    });
  }
  /** Deletes the kept files from this browser. */
  async forgetSmol(): Promise<void> {
    await forgetSmolFiles();
  }

  askSmol(
    { photo, photoId, split, question, positions, ...knobs }: SmolQuestion,
    backend: ForeignBackend,
    onProgress: Progress,
  ): Promise<Answer<SmolAnswer>> {
    return this.answer(async () => {
      const model = this.opened();
      const { facts } = model;
      const smol = this.smol;
      const watch = this.watch(onProgress);
      if (!smol) throw new ModelFileError('SmolVLM: expected it to be open; got another model. Load it first');
      if (!question.trim()) throw new ModelFileError('question: expected some words; got none. Write a question');
      const { tiles, features, ms } = await this.see(smol, photo, `${photoId}:${split}`, split, backend, watch);
      const prompt = await this.prompt(smol, question, tiles, features);
      const image = prompt.isImage.filter(Boolean).length;
      if (prompt.isImage.length + MOST_WORDS > facts.maxTokens)
        throw new ModelFileError(
          `prompt: expected at most ${facts.maxTokens} tokens; got ${prompt.isImage.length}. Ask with the picture as one tile`,
        );
      const {
        schedule: { cuts },
      } = pyramid({ layers: facts.layers, image }, knobs);
      const pair = await this.pairFor(
        cuts.map((c) => c.layer),
        positions,
        backend,
        onProgress,
      );
      const end = smol.tokenizer.token_to_id(END) ?? -1;
      const { keptRows, ...report } = await compare(
        pair,
        prompt,
        (token) => this.embed(smol, [token]),
        { cuts, steps: MOST_WORDS, facts, end },
        watch,
      );
      const text = (tokens: number[]) =>
        smol.tokenizer
          .decode(
            tokens.filter((t) => t !== end),
            { skip_special_tokens: true },
          )
          .trim();
      return {
        report,
        tiling: tiles.tiling,
        visionMs: ms,
        keptTokens: keptImageTokens(prompt.isImage, keptRows),
        full: text(report.full.tokens),
        pdrop: text(report.pdrop.tokens),
      };
    });
  }

  protected override async close(): Promise<void> {
    await super.close();
    const { smol } = this;
    this.smol = this.seen = null;
    await smol?.embed.dispose();
    await smol?.vision?.session.dispose();
  }

  /** Image features [tiles * 64, width], computed once for a photo: questions about it then cost the decoder alone. */
  private async see(
    smol: Smol,
    photo: Blob,
    id: string,
    split: boolean,
    backend: ForeignBackend,
    { progress, check }: ReturnType<OwnModelService['watch']>,
  ): Promise<Seen> {
    if (this.seen?.id === id) return this.seen;
    const { pixels, ...tiles } = await tilesOf(photo, split);
    const began = performance.now();
    const rows: Float32Array[] = [];
    const session = await this.vision(smol, backend);
    const half = session.inputTypes.pixel_values === 'float16';
    const mask = new Uint8Array(TILE * TILE).fill(1);
    for (const [i, values] of pixels.entries()) {
      check();
      progress(`looking at tile ${i + 1} of ${pixels.length}`, i / pixels.length);
      const { image_features: out } = await session.run(
        {
          pixel_values: half
            ? { type: 'float16', data: toHalf(values), dims: [1, 1, 3, TILE, TILE] }
            : { type: 'float32', data: values, dims: [1, 1, 3, TILE, TILE] },
          ...('pixel_attention_mask' in session.inputTypes
            ? { pixel_attention_mask: { type: 'bool', data: mask, dims: [1, 1, TILE, TILE] } as const }
            : {}),
        },
        ['image_features'],
      );
      rows.push(await readFloats(out));
      out.dispose();
    }
    const features = new Float32Array(rows.reduce((n, r) => n + r.length, 0));
    rows.reduce((at, r) => {
      features.set(r, at);
      return at + r.length;
    }, 0);
    return (this.seen = { id, tiles, features, ms: performance.now() - began });
  }
  private async vision(smol: Smol, backend: ForeignBackend): Promise<ModelSession> {
    if (smol.vision && smol.vision.backend !== backend) {
      await smol.vision.session.dispose();
      smol.vision = null;
    }
    smol.vision ??= {
      backend,
      session: await this.runtime.open({ bytes: smol.files.vision, external: [] }, backend, []),
    };
    return smol.vision.session;
  }

  private async embed({ embed }: Smol, ids: readonly number[]): Promise<Rows> {
    const { inputs_embeds: out } = await embed.run(
      { input_ids: { type: 'int64', data: BigInt64Array.from(ids, BigInt), dims: [1, ids.length] } },
      ['inputs_embeds'],
    );
    return { kind: 'embeds', values: await readFloats(out), width: out.dims.at(-1)! };
  }
  /** The question's tokens with the picture's features in their places. */
  private async prompt(
    smol: Smol,
    question: string,
    { tiling }: Omit<Tiles, 'pixels'>,
    features: Float32Array,
  ): Promise<Prompt> {
    const { ids } = smol.tokenizer.encode(promptText(question, tiling), { add_special_tokens: false });
    const image = smol.tokenizer.token_to_id(IMAGE_TOKEN);
    const isImage = ids.map((id) => id === image);
    const rows = await this.embed(smol, ids);
    const wanted = tileCount(tiling) * TOKENS_PER_TILE;
    const found = isImage.filter(Boolean).length;
    if (rows.kind !== 'embeds' || found !== wanted || features.length !== wanted * rows.width)
      throw new ModelFileError(
        `SmolVLM: expected ${wanted} image tokens of width ${rows.kind === 'embeds' ? rows.width : 0}; got ${found} in the prompt and ${features.length} values from the vision encoder. These files do not belong together`,
      );
    let next = 0;
    isImage.forEach((is, i) => {
      if (is) {
        rows.values.set(features.subarray(next * rows.width, (next + 1) * rows.width), i * rows.width);
        next++;
      }
    });
    return { rows, isImage };
  }
}
