// What the rewrite test runs in the browser: rewritten decoders on a backend against the plain float64 decoder, prompt and five tokens.
import { planPrompt } from '../src/onnx/rewrite/feeds.ts';
import { rewritePyramidDrop } from '../src/onnx/rewrite/pyramid-drop.ts';
import { ReferenceDecoder } from '../src/onnx/rewrite/testing/reference-decoder.ts';
import { DecoderRun, samplePrompt } from '../src/onnx/rewrite/testing/run-decoder.ts';
import { TINY, tinyDecoder, type TinySpec } from '../src/onnx/rewrite/made-decoder.ts';
import { loadOrt, webgpuFlavour } from '../src/runtime/engine/ort.ts';

export interface ParityCase {
  name: string;
  spec?: Partial<TinySpec>;
  flags?: string;
  keep?: number[];
  positions?: 'renumber' | 'original';
}
export interface Parity {
  name: string;
  /** Largest difference of any logit from the reference. */ worst: number;
  /** The same for the decoder that was not rewritten. */ plain: number;
  keepsAgree: boolean;
  lengthsAgree: boolean;
  /** Drop = 0 gives the original's logits, bit for bit. */ identical: boolean;
}

const CUTS = [2, 4, 5];
const ONE_IMAGE = `${'t'.repeat(5)}${'i'.repeat(64)}${'t'.repeat(12)}`;
const EVERYTHING = [999, 999, 999];
const largest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** One decoder: plain, rewritten without drops, rewritten with drops. */
export async function rewriteParity(
  provider: 'webgpu' | 'wasm',
  { name, spec: changes, flags = ONE_IMAGE, keep = [32, 16, 8], positions = 'renumber' }: ParityCase,
): Promise<Parity> {
  const ort = await loadOrt(provider === 'webgpu' ? webgpuFlavour() : 'wasm');
  const options = { executionProviders: [provider], logSeverityLevel: 3 } as const;
  const spec = { ...TINY, ...changes };
  const model = tinyDecoder(spec);
  const { rows, isImage, next } = samplePrompt(spec, flags);
  const whole = new ReferenceDecoder(model, { layers: [], drops: [], positions });
  const cut = new ReferenceDecoder(model, { layers: CUTS, drops: planPrompt(isImage, keep).drops, positions });
  const original = await DecoderRun.open(ort, spec, model.bytes, options);
  const rewritten = await DecoderRun.open(
    ort,
    spec,
    rewritePyramidDrop(model.bytes, { cuts: CUTS, positions }),
    options,
  );
  try {
    const first = await original.prompt(rows, isImage);
    const plain = largest(first.logits, whole.run(rows, isImage).logits);
    const identical = same([...first.raw], [...(await rewritten.prompt(rows, isImage, EVERYTHING)).raw]);
    const want = cut.run(rows, isImage);
    const got = await rewritten.prompt(rows, isImage, keep);
    let worst = largest(got.logits, want.logits);
    let lengthsAgree = true;
    for (const row of next) {
      const step = await rewritten.next(row);
      const expected = cut.run([row], [false]);
      worst = Math.max(worst, largest(step.logits, expected.logits));
      lengthsAgree &&= same(step.lengths, cut.cacheLengths());
    }
    return { name, worst, plain, identical, lengthsAgree, keepsAgree: same(got.keeps, want.keeps) };
  } finally {
    await original.close();
    await rewritten.close();
  }
}
