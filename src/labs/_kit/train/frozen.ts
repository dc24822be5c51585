// What a frozen model answers for the rows of a set: asked once, then kept by content, so that another run or another trial need not ask again.
import { contentHash } from '../../../util/content-hash.ts';
import { invariant } from '../../../util/invariant.ts';
import type { RunContext } from '../contract/lab.ts';

export interface FrozenQuestion {
  /** An ONNX file. Its input has `chunk` rows. */
  model: Uint8Array;
  /** Name of that input. */
  input: string;
  /** [rows, ...] */
  values: Float32Array;
  rows: number;
  chunk: number;
  /** For the progress line: "asking the teacher about the test images". */
  what: string;
}

/** By output: [rows, ...]. Shared with later callers: do not write. */
export type FrozenAnswers = Record<string, Float32Array>;

interface Kept {
  answers: Promise<FrozenAnswers>;
  /** Known once they are there. */
  bytes: number;
}

/** Most bytes that are kept; the answers used longest ago go first. */
export const FROZEN_BYTES = 64 * 2 ** 20;
const kept = new Map<string, Kept>();

/** @throws Error when the run is stopped meanwhile. */
export async function askFrozen(
  ctx: Pick<RunContext, 'engine' | 'signal' | 'status'>,
  question: FrozenQuestion,
): Promise<FrozenAnswers> {
  const { model, values, rows, input, chunk } = question;
  const key = [ctx.engine.backend, contentHash(model), contentHash(values), input, rows, chunk].join();
  const known = kept.get(key);
  const entry = known ?? { answers: ask(ctx, question), bytes: 0 };
  // the newest last
  kept.delete(key);
  kept.set(key, entry);
  try {
    const answers = await entry.answers;
    entry.bytes = Object.values(answers).reduce((sum, v) => sum + v.byteLength, 0);
    forgetOldest();
    return answers;
  } catch (error) {
    if (kept.get(key) === entry) kept.delete(key);
    throw error;
  }
}

/** Keeps the newest, whatever its size. */
function forgetOldest(): void {
  let bytes = 0;
  for (const [key, entry] of [...kept].reverse()) {
    const isNewest = bytes === 0;
    bytes += entry.bytes;
    if (bytes > FROZEN_BYTES && !isNewest) kept.delete(key);
  }
}

async function ask(
  { engine, signal, status }: Pick<RunContext, 'engine' | 'signal' | 'status'>,
  { model, input, values, rows, chunk, what }: FrozenQuestion,
): Promise<FrozenAnswers> {
  const width = values.length / rows;
  const runner = await engine.runner(model);
  const answers: FrozenAnswers = {};
  try {
    for (let from = 0; from < rows; from += chunk) {
      if (signal.aborted) throw new Error('the run was stopped');
      status(`${what} (${from} of ${rows})`);
      const count = Math.min(chunk, rows - from);
      const part = new Float32Array(chunk * width);
      part.set(values.subarray(from * width, (from + count) * width));
      for (const [name, answer] of Object.entries(await runner.run({ [input]: part }))) {
        const each = answer.length / chunk;
        invariant(
          Number.isInteger(each),
          () => `frozen model: expected ${chunk} rows in output "${name}"; got ${answer.length} values in all`,
        );
        answers[name] ??= new Float32Array(rows * each);
        answers[name].set(answer.subarray(0, count * each), from * each);
      }
    }
  } finally {
    await runner.dispose();
  }
  return answers;
}
