// How many workers share a run: no more than it has units, than the page allows (cores), and than memory holds.
import { heapBytes } from '../engine/ort.ts';

export interface Memory {
  /** What all workers together may take. */
  budgetBytes: number;
  /** What this one takes, with the first trial open. */
  ownBytes(): Promise<number>;
}

/** What a worker takes beside its WebAssembly heap: code, data sets, the lab's own arrays. */
const BESIDE_HEAP = 96 * 2 ** 20;
/** Share of the device's memory that a page may take without harm. */
const SHARE = 0.25;

/** Browsers tell at most 8 GiB, some nothing. */
const deviceBytes = (): number =>
  ((globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory ?? 4) * 2 ** 30;

const inBrowser: Memory = {
  get budgetBytes() {
    return SHARE * deviceBytes();
  },
  ownBytes: async () => (await heapBytes()) + BESIDE_HEAP,
};

/** Called when the first trial is open and evaluated, so that its memory is known. A GPU is one device: one worker. */
export async function workersFor(
  units: number,
  most: number,
  residency: 'host' | 'device',
  memory: Memory = inBrowser,
): Promise<{ of: number; reason: string }> {
  if (residency === 'device') return { of: 1, reason: 'one for the GPU' };
  const wanted = Math.max(1, Math.min(units, most));
  if (wanted === 1) return { of: 1, reason: most > 1 ? 'the run has one part only' : 'as chosen' };
  const own = await memory.ownBytes();
  const held = Math.max(1, Math.floor(memory.budgetBytes / own));
  if (held < wanted) return { of: held, reason: `memory holds ${held} of ${Math.round(own / 2 ** 20)} MiB each` };
  return { of: wanted, reason: units <= most ? 'one for each part of the run' : 'as many as allowed' };
}
