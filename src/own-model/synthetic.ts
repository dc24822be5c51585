// A prompt made of noise: for a decoder whose vision part and tokeniser are not at hand. Time, memory and exactness are real with
// it; which tokens stay, and what comes out, says nothing about pictures.
import type { DecoderFacts } from '../onnx/rewrite/decoder-facts.ts';
import type { DecoderPorts } from '../onnx/rewrite/decoder-ports.ts';
import type { Prompt, Rows } from '../onnx/rewrite/decoder-driver.ts';
import { prng } from '../util/prng.ts';

/** Words before and after the image tokens, about as many as a short question has. */
const BEFORE = 8;
const AFTER = 24;
/** Spread of embeddings in small language models. */
const SPREAD = 0.1;
export const TEXT_TOKENS = BEFORE + AFTER;
/** Tokens after the prompt. */
export const STEPS = 5;

export type RowOf = (token: number) => Rows | Promise<Rows>;
type Model = { facts: Pick<DecoderFacts, 'width' | 'vocabulary'>; ports: Pick<DecoderPorts, 'stream'> };

export function syntheticPrompt({ facts, ports }: Model, imageTokens: number, seed: number): Prompt {
  const count = TEXT_TOKENS + imageTokens;
  const rng = prng(seed, 'own-model', 'prompt');
  const rows: Rows =
    ports.stream.kind === 'ids'
      ? { kind: 'ids', values: Int32Array.from({ length: count }, () => rng.int(facts.vocabulary)) }
      : { kind: 'embeds', values: rng.normals(count * facts.width, SPREAD), width: facts.width };
  return { rows, isImage: Array.from({ length: count }, (_, i) => i >= BEFORE && i < BEFORE + imageTokens) };
}

/** The row that stands for a token: its number, or an embedding that is always the same for it. */
export const syntheticRow =
  ({ facts: { width }, ports }: Model, seed: number): RowOf =>
  (token) =>
    ports.stream.kind === 'ids'
      ? { kind: 'ids', values: Int32Array.of(token) }
      : { kind: 'embeds', values: prng(seed, 'own-model', 'token', token).normals(width, SPREAD), width };
