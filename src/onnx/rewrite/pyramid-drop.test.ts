// Rewritten decoders on onnxruntime (WASM) against a plain float64 decoder: prompt, five further tokens, kept sets, cache lengths.
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { MatchError, ModelFileError } from './errors.ts';
import { planPrompt } from './feeds.ts';
import { readModel } from './model-file.ts';
import { dimensions } from './proto.ts';
import { rewritePyramidDrop, type RewriteOptions } from './pyramid-drop.ts';
import { ReferenceDecoder } from './testing/reference-decoder.ts';
import { DecoderRun, samplePrompt } from './testing/run-decoder.ts';
import { eagerDecoder, TINY, tinyDecoder, type TinySpec } from './made-decoder.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const CUTS = [2, 4, 5];
/** Five words, one picture of 64 tokens, twelve words. */
const ONE_IMAGE = `${'t'.repeat(5)}${'i'.repeat(64)}${'t'.repeat(12)}`;
/** 17 tiles of four tokens, each after two marker tokens, as SmolVLM lays pictures out. */
const TILES = `ttt${'ttiiii'.repeat(17)}${'t'.repeat(9)}`;
const largest = (a: number[], b: number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i])));

/** Runs both, and returns the largest difference of any logit over the prompt and five tokens. */
async function compare(
  spec: TinySpec,
  flags: string,
  keep: number[],
  options: Partial<RewriteOptions> = {},
): Promise<number> {
  const cuts = options.cuts ?? CUTS;
  const positions = options.positions ?? 'renumber';
  const model = tinyDecoder(spec);
  const { rows, isImage, next } = samplePrompt(spec, flags);
  const reference = new ReferenceDecoder(model, { layers: cuts, drops: planPrompt(isImage, keep).drops, positions });
  const run = await DecoderRun.open(ort, spec, rewritePyramidDrop(model.bytes, { cuts: [...cuts], positions }));
  const want = reference.run(rows, isImage);
  const got = await run.prompt(rows, isImage, keep);
  expect(want.gap).toBeGreaterThan(1e-6); // otherwise rounding may decide who is kept
  expect(got.keeps).toEqual(want.keeps);
  let worst = largest(got.logits, want.logits);
  for (const row of next) {
    const step = await run.next(row);
    worst = Math.max(worst, largest(step.logits, reference.run([row], [false]).logits));
    expect(step.lengths).toEqual(reference.cacheLengths());
  }
  await run.close();
  return worst;
}

describe('a rewritten decoder agrees with the plain one', () => {
  it('without drops the plain one is right', async () => {
    const model = tinyDecoder();
    const { rows, isImage, next } = samplePrompt(TINY, ONE_IMAGE);
    const reference = new ReferenceDecoder(model, { layers: [], drops: [], positions: 'renumber' });
    const run = await DecoderRun.open(ort, TINY, model.bytes);
    expect(largest((await run.prompt(rows, isImage)).logits, reference.run(rows, isImage).logits)).toBeLessThan(1e-4);
    expect(largest((await run.next(next[0])).logits, reference.run([next[0]], [false]).logits)).toBeLessThan(1e-4);
    await run.close();
  });

  const keep = [32, 16, 8];
  it.each<[string, TinySpec, Partial<RewriteOptions>]>([
    ['renumbered positions', TINY, {}],
    ['original positions', TINY, { positions: 'original' }],
    ['one packed projection', { ...TINY, packed: true, fusedRotary: true }, {}],
    ['rotation inside the attention op', { ...TINY, fusedRotary: true }, {}],
    ['4-bit weights', { ...TINY, int4: true }, {}],
    ['4-bit weights, packed', { ...TINY, int4: true, packed: true, fusedRotary: true }, {}],
    ['biases and a norm per head', { ...TINY, headNorms: true }, {}],
    ['norms beside plain additions', { ...TINY, plainNorms: true }, {}],
    ['opset 21', { ...TINY, opset: 21 }, {}],
    ['stale shapes in the file', { ...TINY, valueInfo: true }, {}],
    ['one cut before layer 1', TINY, { cuts: [1] }],
    ['equal numbers of heads', { ...TINY, kvHeads: 4 }, {}],
  ])('%s', async (_, spec, options) => {
    expect(await compare(spec, ONE_IMAGE, options.cuts ? [25] : keep, options)).toBeLessThan(1e-4);
  });

  it('in half precision, up to its rounding', async () => {
    expect(await compare({ ...TINY, half: true }, ONE_IMAGE, keep)).toBeLessThan(0.03);
  });
  it('with a second file for the weights, when asked for the last token alone', async () => {
    const spec: TinySpec = { ...TINY, dataFile: 'weights.bin' };
    const { bytes, data } = tinyDecoder(spec);
    const { rows, isImage } = samplePrompt(spec, ONE_IMAGE);
    const results: number[][] = [];
    for (const lastRowOnly of [false, true]) {
      const made = rewritePyramidDrop(bytes, { cuts: CUTS, positions: 'renumber', lastRowOnly });
      const session = await ort.InferenceSession.create(made.bytes, {
        executionProviders: ['wasm'],
        externalData: [made.external, data!],
      });
      const run = DecoderRun.over(ort, session, spec, made);
      const { logits, raw } = await run.prompt(rows, isImage, [32, 16, 8]);
      expect(raw.length).toBe(spec.vocabulary * (lastRowOnly ? 1 : 25));
      results.push(logits);
      await run.close();
    }
    expect(largest(results[0], results[1])).toBeLessThan(1e-6);
  });
  it('17 separated blocks of image tokens, both numberings', async () => {
    for (const positions of ['renumber', 'original'] as const)
      expect(await compare(TINY, TILES, [34, 17, 8], { positions })).toBeLessThan(1e-4);
  });
  it('all image tokens dropped at the first cut', async () => {
    expect(await compare(TINY, ONE_IMAGE, [0, 0, 0])).toBeLessThan(1e-4);
  });
  it('a prompt of text alone', async () => {
    expect(await compare(TINY, 't'.repeat(20), keep)).toBeLessThan(1e-4);
  });
  it('an image of one token, and a prompt that ends with it', async () => {
    expect(await compare(TINY, 'ttitt', [1, 1, 0])).toBeLessThan(1e-4);
    expect(await compare(TINY, `tt${'i'.repeat(10)}`, [6, 4, 2])).toBeLessThan(1e-4);
  });
});

describe('drop = 0', () => {
  it.each<[string, TinySpec]>([
    ['rotary nodes', TINY],
    ['fused rotary', { ...TINY, fusedRotary: true }],
    ['int4', { ...TINY, int4: true }],
  ])('gives the very logits of the original (%s)', async (_, spec) => {
    const { bytes } = tinyDecoder(spec);
    const { rows, isImage, next } = samplePrompt(spec, TILES);
    const plain = await DecoderRun.open(ort, spec, bytes);
    const cut = await DecoderRun.open(ort, spec, rewritePyramidDrop(bytes, { cuts: CUTS, positions: 'renumber' }));
    expect((await cut.prompt(rows, isImage, [999, 999, 999])).raw).toEqual((await plain.prompt(rows, isImage)).raw);
    for (const row of next) expect((await cut.next(row)).raw).toEqual((await plain.next(row)).raw);
    await plain.close();
    await cut.close();
  });
});

describe('the file', () => {
  it('is a skeleton that points into the untouched original', () => {
    const { bytes } = tinyDecoder();
    const before = bytes.slice();
    const rewritten = rewritePyramidDrop(bytes, { cuts: CUTS, positions: 'renumber' });
    expect(Buffer.compare(bytes, before)).toBe(0);
    expect(rewritten.external.data).toBe(bytes);
    expect(rewritten.bytes.length).toBeLessThan(bytes.length / 10);
    expect(rewritten.pointed.bytes).toBeGreaterThan(0.95 * bytes.length);
    for (const t of readModel(rewritten.bytes).graph!.initializer.filter((i) => i.externalData.length)) {
      const at = Object.fromEntries(t.externalData.map((e) => [e.key, e.value]));
      const source = readModel(bytes).graph!.initializer.find((i) => i.name === t.name)!;
      expect(
        Buffer.compare(before.subarray(Number(at.offset), Number(at.offset) + Number(at.length)), source.rawData),
      ).toBe(0);
    }
  });
  it('works from a view into a larger buffer, at any offset', async () => {
    const { bytes } = tinyDecoder();
    const room = new Uint8Array(bytes.length + 13);
    room.set(bytes, 13);
    const { rows, isImage } = samplePrompt(TINY, ONE_IMAGE);
    const results: number[][] = [];
    for (const file of [bytes, room.subarray(13)]) {
      const run = await DecoderRun.open(ort, TINY, rewritePyramidDrop(file, { cuts: CUTS, positions: 'renumber' }));
      results.push((await run.prompt(rows, isImage, [32, 16, 8])).logits);
      await run.close();
    }
    expect(results[0]).toEqual(results[1]);
  });
  it('names the sizes of each stage apart and keeps no inferred shapes', () => {
    const graph = readModel(
      rewritePyramidDrop(tinyDecoder({ ...TINY, valueInfo: true }).bytes, { cuts: CUTS, positions: 'renumber' }).bytes,
    ).graph!;
    expect(graph.valueInfo).toEqual([]);
    const length = (l: number) => {
      const d = dimensions(graph.input.find((i) => i.name === `past_key_values.${l}.key`))[2];
      return d.value.case === 'dimParam' ? d.value.value : '';
    };
    expect([0, 1, 2, 3, 4, 5].map(length).map((n, _, all) => all.indexOf(n))).toEqual([0, 0, 2, 2, 4, 5]);
  });
  it('describes what it found', () => {
    expect(
      rewritePyramidDrop(tinyDecoder({ ...TINY, packed: true, fusedRotary: true }).bytes, {
        cuts: [2],
        positions: 'renumber',
      }).decoder,
    ).toEqual({ layers: 6, heads: 4, kvHeads: 2, headSize: 16, rotary: 'fused', packed: true });
  });
});

describe('bad input', () => {
  const options: RewriteOptions = { cuts: CUTS, positions: 'renumber' };
  const text = (s: string) => new TextEncoder().encode(s);
  it.each([
    ['an empty file', new Uint8Array(0), /empty file/],
    ['a web page', text('<!doctype html><html></html>'), /web page/],
    ['a git-lfs pointer', text('version https://git-lfs.github.com/spec/v1\noid sha256:00'), /git-lfs pointer/],
    ['a zip archive', text('PK\x03\x04 and so on'), /zip archive/],
    ['noise', Uint8Array.from({ length: 4000 }, (_, i) => (i * 37) % 251), /ONNX file: expected a whole ONNX model/],
  ])('%s is refused in words', (_, bytes, message) => {
    expect(() => rewritePyramidDrop(bytes, options)).toThrow(ModelFileError);
    expect(() => rewritePyramidDrop(bytes, options)).toThrow(message);
  });
  it('a truncated model is refused wherever it breaks off', () => {
    const { bytes } = tinyDecoder();
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999])
      expect(
        () => rewritePyramidDrop(bytes.subarray(0, Math.floor(bytes.length * share)), options),
        String(share),
      ).toThrow(ModelFileError);
    expect(() => rewritePyramidDrop(bytes.subarray(0, bytes.length - 3), options)).toThrow(/ownload it again|without/);
  });
  it('an unfused decoder is refused with its operators and the first pattern that did not match', () => {
    let error: unknown;
    try {
      rewritePyramidDrop(eagerDecoder(), options);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(MatchError);
    expect((error as MatchError).pattern).toMatch(/^attention: expected com.microsoft.GroupQueryAttention/);
    expect((error as MatchError).histogram).toEqual({ MatMul: 5, Softmax: 1, Transpose: 1 });
    expect((error as MatchError).message).toMatch(/Its operators: MatMul 5/);
  });
  it('impossible cuts and numberings are refused', () => {
    const { bytes } = tinyDecoder();
    for (const cuts of [[], [0], [6], [3, 2], [2, 2], [1.5]])
      expect(() => rewritePyramidDrop(bytes, { ...options, cuts }), String(cuts)).toThrow(
        /cuts: expected ascending layers within 1..5/,
      );
    expect(() =>
      rewritePyramidDrop(tinyDecoder({ ...TINY, fusedRotary: true }).bytes, { ...options, positions: 'original' }),
    ).toThrow(/positions: expected "renumber"/);
  });
});
