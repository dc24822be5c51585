// "Your own model" from file to report on onnxruntime (WASM): what it finds, what it measures, and how it refuses.
import { describe, expect, it } from 'vitest';
import { eagerDecoder, TINY, tinyDecoder, type TinySpec } from '../onnx/rewrite/made-decoder.ts';
import { encodeModel } from '../onnx/encode.ts';
import { Graph } from '../graph/graph.ts';
import { foreignRuntime } from '../runtime/engine/foreign.ts';
import { layerCost } from './schedule.ts';
import { decoderMacs, divergence, largestDifference } from './compare.ts';
import { MADE } from './made-models.ts';
import type { Answer, CompareRequest } from './protocol.ts';
import { OwnModelService } from './service.ts';

const quiet = () => undefined;
const file = (bytes: Uint8Array, name = 'decoder.onnx') => new File([bytes as Uint8Array<ArrayBuffer>], name);
const REQUEST: CompareRequest = {
  imageTokens: 40,
  cuts: [
    { layer: 2, keep: 20 },
    { layer: 4, keep: 10 },
    { layer: 5, keep: 0 },
  ],
  positions: 'renumber',
  seed: 1,
};
const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error('problem' in answer ? JSON.stringify(answer.problem) : 'stopped');
  return answer.value;
};
const problem = (answer: Answer<unknown>) => {
  if (answer.ok || !('problem' in answer)) throw new Error('expected a problem');
  return answer.problem;
};
const open = async (files: File[]) => {
  const service = new OwnModelService(foreignRuntime);
  return { service, answer: await service.open({ kind: 'files', files }, quiet) };
};
const filesOf = (spec: TinySpec): File[] => {
  const { bytes, data } = tinyDecoder(spec);
  return [file(bytes), ...(data ? [file(data.data, data.path)] : [])];
};

describe('a decoder file', () => {
  it.each<[string, TinySpec, object]>([
    [
      'embeddings in',
      TINY,
      { takes: 'embeds', width: 64, isHalf: false, rotary: 'node', weights: 'float32', maxTokens: 512 },
    ],
    ['token numbers in', { ...TINY, ids: true }, { takes: 'ids', width: 0 }],
    [
      'weights in a second file',
      { ...TINY, dataFile: 'decoder.onnx_data' },
      { weights: 'float32', parameters: 6 * (64 * 128 + 64 * 64 + 3 * 64 * 128) + 13 * 64 + 2 * 512 * 8 + 64 * 50 },
    ],
    ['half precision with 4-bit weights', { ...TINY, half: true, int4: true }, { isHalf: true, weights: '4 bit' }],
    ['packed, rotation fused', { ...TINY, packed: true, fusedRotary: true }, { packed: true, rotary: 'fused' }],
  ])('%s: is described, equals the original at drop 0, and is thinned as asked', async (_, spec, wanted) => {
    const { service, answer } = await open(filesOf(spec));
    const facts = value(answer);
    expect(facts).toMatchObject({ layers: 6, heads: 4, kvHeads: 2, headSize: 16, vocabulary: 50, ...wanted });
    expect(facts.linearMacs).toBe(6 * (64 * 128 + 64 * 64 + 3 * 64 * 128));
    expect(facts.files[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    const report = value(await service.compare(REQUEST, 'wasm', quiet));
    expect(report.atZero).toEqual({ worst: 0, steps: 5 });
    expect(report.kept).toEqual([20, 10, 0]);
    expect(report.full.lengths).toEqual(Array(6).fill(72));
    expect(report.pdrop.lengths).toEqual([72, 72, 52, 52, 42, 32]);
    expect(report.full.tokens).toHaveLength(6);
    expect(report.divergence).toBeGreaterThan(0);
    expect(report.pdrop.cacheBytes / report.full.cacheBytes).toBeCloseTo(
      report.pdrop.lengths.reduce((a, b) => a + b) / (6 * 72),
    );
    expect(report.full.prefillMs.length).toBe(report.pdrop.prefillMs.length);
    expect(report.full.prefillMs.length).toBeGreaterThanOrEqual(3);
  });

  it('keeps its sessions when only numbers change, and can be stopped', async () => {
    const { service } = await open(filesOf(TINY));
    const texts: string[] = [];
    await service.compare(REQUEST, 'wasm', quiet);
    const again = await service.compare(
      { ...REQUEST, cuts: REQUEST.cuts.map((c) => ({ ...c, keep: 5 })) },
      'wasm',
      (text) => texts.push(text),
    );
    expect(value(again).kept).toEqual([5, 5, 5]);
    expect(texts.filter((t) => /opening/.test(t))).toEqual([]);
    expect(await service.compare(REQUEST, 'wasm', () => void service.stop())).toEqual({ ok: false, stopped: true });
  });
});

describe('what cannot be used', () => {
  it('a truncated file, and one of another kind', async () => {
    const { bytes } = tinyDecoder();
    expect(problem((await open([file(bytes.subarray(0, bytes.length / 2))])).answer).message).toMatch(
      /break off|breaks off/,
    );
    expect(problem((await open([file(new TextEncoder().encode('<html>'), 'decoder.onnx')])).answer).message).toMatch(
      /web page/,
    );
    expect(problem((await open([file(bytes), file(bytes, 'other.onnx')])).answer).message).toMatch(
      /expected one \.onnx file.*"decoder\.onnx", "other\.onnx"/,
    );
  });
  it('an ONNX file that is no fused decoder: operators and the first pattern that did not match', async () => {
    const eager = problem((await open([file(eagerDecoder())])).answer);
    expect(eager).toMatchObject({
      pattern: expect.stringMatching(/^attention: expected com\.microsoft\.GroupQueryAttention/),
      histogram: { MatMul: 5, Softmax: 1, Transpose: 1 },
    });
    const graph = new Graph();
    graph.output('y', graph.node('Relu', [graph.input('x', [2])])[0]);
    expect(problem((await open([file(encodeModel(graph))])).answer).histogram).toEqual({ Relu: 1 });
  });
  it('missing or short data: the file is named', async () => {
    const spec = { ...TINY, dataFile: 'decoder.onnx_data' };
    const [model, data] = filesOf(spec);
    expect(problem((await open([model])).answer).message).toMatch(
      /expected "decoder\.onnx_data", which holds \d+ of the model's weights .* got the model alone/,
    );
    expect(problem((await open([model, new File([await data.arrayBuffer()], 'else.bin')])).answer).message).toMatch(
      /expected "decoder\.onnx_data".*got "else\.bin"/,
    );
    expect(
      problem((await open([model, new File([(await data.arrayBuffer()).slice(0, 1000)], 'decoder.onnx_data')])).answer)
        .message,
    ).toMatch(/expected [\d,]+ bytes or more; got 1,000/);
  });
  it('more than a tab can hold, more tokens than positions, no model at all', async () => {
    expect(
      problem((await open([Object.defineProperty(file(new Uint8Array(4)), 'size', { value: 3e9 })])).answer).message,
    ).toMatch(/at most 1\.9 GB.*got 3\.0 GB/);
    const { service } = await open(filesOf(TINY));
    expect(problem(await service.compare({ ...REQUEST, imageTokens: 600 }, 'wasm', quiet)).message).toMatch(
      /expected at most 475.*got 600/,
    );
    expect(problem(await new OwnModelService(foreignRuntime).compare(REQUEST, 'wasm', quiet)).message).toMatch(
      /Choose a model first/,
    );
    expect(problem(await service.compare({ ...REQUEST, cuts: [] }, 'wasm', quiet)).message).toMatch(/cuts: expected/);
  });
});

describe('arithmetic', () => {
  it('counts as the paper does where heads and widths allow it', () => {
    const d = 64;
    const m = 128;
    const macs = decoderMacs({ layers: 2, heads: 4, headSize: 16, linearMacs: 2 * (4 * d * d + 3 * d * m) }, [70, 30]);
    expect(macs).toBe(layerCost(70, { d, m }) + layerCost(30, { d, m }));
  });
  it('divergence and difference', () => {
    expect(divergence(Float32Array.of(0, 0), Float32Array.of(0, 0))).toBe(0);
    expect(divergence(Float32Array.of(Math.log(3), 0), Float32Array.of(0, 0))).toBeCloseTo(
      0.75 * Math.log(1.5) + 0.25 * Math.log(0.5),
    );
    expect(largestDifference(Float32Array.of(1, 2), Float32Array.of(1, NaN))).toBeNaN();
  });
  it('decoders made here say their size', () => {
    for (const spec of Object.values(MADE)) {
      const { layers, H, heads, kvHeads, headSize, F, vocabulary } = spec;
      const millions =
        (H * vocabulary + layers * (2 * H * heads * headSize + 2 * H * kvHeads * headSize + 3 * H * F)) / 1e6;
      expect(spec.label).toMatch(new RegExp(`^${Math.round(millions)} million parameters, ${layers} layers`));
    }
  });
});
