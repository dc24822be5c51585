// Does attention on this GPU compute what WASM computes? Some adapters with very small subgroups do not, for long prompts.
import { DecoderDriver } from '../onnx/rewrite/decoder-driver.ts';
import { tinyDecoder } from '../onnx/rewrite/made-decoder.ts';
import type { DecoderFacts } from '../onnx/rewrite/decoder-facts.ts';
import type { ForeignBackend, ForeignRuntime } from '../onnx/rewrite/session.ts';
import { largestDifference } from './compare.ts';
import { openModel } from './open-model.ts';
import type { AttentionCheck } from './protocol.ts';
import { syntheticPrompt } from './synthetic.ts';

/** Image tokens of the check: beyond the length at which the fault shows. */
const LENGTH = 48;
const TOLERANCE = 1e-3;

/** One layer with the model's own heads, on both backends. */
export async function checkAttention(
  runtime: ForeignRuntime,
  { heads, kvHeads, headSize }: Pick<DecoderFacts, 'heads' | 'kvHeads' | 'headSize'>,
): Promise<AttentionCheck> {
  const model = openModel([
    {
      path: 'check.onnx',
      data: tinyDecoder({ layers: 1, H: 64, F: 64, vocabulary: 32, heads, kvHeads, headSize }).bytes,
    },
  ]);
  const prompt = syntheticPrompt(model, LENGTH, 1);
  const logits = async (backend: ForeignBackend) => {
    const driver = new DecoderDriver(
      await runtime.open(
        { bytes: model.original, external: [] },
        backend,
        model.ports.caches.flatMap((c) => c.present),
      ),
      model.ports,
      model.facts,
      null,
    );
    try {
      return (await driver.prefill(prompt)).logits;
    } finally {
      await driver.dispose();
    }
  };
  const worst = largestDifference(await logits('webgpu'), await logits('wasm'));
  return { isRight: worst < TOLERANCE, worst };
}
