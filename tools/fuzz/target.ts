// What a fuzz target is, and how any of them is run: seeded cases, outcomes counted, the slowest kept, failures made small.
import { prng, type Prng } from '../../src/util/prng.ts';

export interface FuzzTarget<T> {
  /** A case may not take longer. */
  limitMs: number;
  make(random: Prng): T;
  /** Gives the outcome in a word, or throws: an error of the project's own classes is an outcome, any other a failure. */
  run(input: T): Promise<string> | string;
  isOwnError?(error: Error): boolean;
  /** Smaller inputs to try when one fails. */
  shrink(input: T): T[];
  show(input: T): string;
}
export interface FuzzFailure {
  index: number;
  reason: string;
  input: string;
}
export interface FuzzReport {
  outcomes: Record<string, number>;
  slowest: { ms: number; index: number; input: string };
  failures: FuzzFailure[];
}
const SHRINKS = 400;
const MOST_FAILURES = 5;

export async function fuzz<T>(target: FuzzTarget<T>, cases: number, seed: number): Promise<FuzzReport> {
  const outcomes = new Map<string, number>();
  const failures: FuzzFailure[] = [];
  let slowest = { ms: -1, index: -1, input: '' };
  for (let index = 0; index < cases && failures.length < MOST_FAILURES; index++) {
    const input = target.make(prng(seed, 'fuzz', index));
    const { outcome, reason, ms } = await once(target, input);
    if (ms > slowest.ms) slowest = { ms, index, input: target.show(input) };
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (reason) failures.push({ index, reason, input: target.show(await smallest(target, input, reason)) });
  }
  return { outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)), slowest, failures };
}

async function once<T>(
  target: FuzzTarget<T>,
  input: T,
  isFirst = true,
): Promise<{ outcome: string; reason: string; ms: number }> {
  const start = performance.now();
  let outcome: string;
  let reason = '';
  try {
    outcome = await target.run(input);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    outcome = `refused by ${error.name}`;
    if (!target.isOwnError?.(error)) reason = `${error.name}: ${error.message.slice(0, 200)}`;
  }
  const ms = performance.now() - start;
  // once more before it counts: the machine may have been busy elsewhere
  if (!reason && ms > target.limitMs && isFirst) return once(target, input, false);
  if (!reason && ms > target.limitMs) reason = `slower than ${target.limitMs} ms`;
  return { outcome: reason ? 'FAILED' : outcome, reason, ms };
}

/** The smallest input found that fails for the same reason. */
async function smallest<T>(target: FuzzTarget<T>, input: T, reason: string): Promise<T> {
  let best = input;
  for (let tries = 0, isSmaller = true; isSmaller && tries < SHRINKS;) {
    isSmaller = false;
    for (const candidate of target.shrink(best)) {
      if (++tries > SHRINKS) break;
      const { reason: again } = await once(target, candidate);
      if (again.split(':')[0] !== reason.split(':')[0]) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}

/** A text with pieces left out: halves first, single letters last. */
export function shorterTexts(text: string): string[] {
  const out: string[] = [];
  for (let size = text.length >> 1; size >= 1 && out.length < 200; size >>= 1)
    for (let at = 0; at < text.length && out.length < 200; at += size)
      out.push(text.slice(0, at) + text.slice(at + size));
  return out;
}
