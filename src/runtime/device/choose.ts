// Which backend a run takes: the visitor's wish where it can be met, else a short measured trial of the lab's own first step.
import type { Backend } from '../../engine/engine.ts';
import { median } from '../../util/stats.ts';
import type { BackendChoice, DeviceReport } from '../wire/protocol.ts';

export interface Choice {
  backend: Backend;
  reason: string;
  trialMs: Partial<Record<Backend, number>>;
}

/** A lab's first trial, opened on one backend for timing. */
export interface TimedTrial {
  /** Trains `count` steps and waits until they are done. */
  advance(count: number): Promise<void>;
  dispose(): Promise<void>;
}
export interface ChoiceParts {
  /** What this browser offers; not asked where WASM was chosen. */
  report(): Promise<DeviceReport>;
  now(): number;
  /** Loads both engines, whose download is no measure of either. */
  prepare(): Promise<void>;
  /** Opens the lab's first trial; null for labs with a loop of their own. */
  open(backend: 'wasm' | 'webgpu'): Promise<TimedTrial | null>;
}

/** Longest preparation on WASM after which trying the GPU too is not worth the wait. */
const PATIENCE_MS = 2000;
const ROUNDS = 3;
const ROUND_MS = 80;
const MOST_STEPS = 200;

export async function chooseBackend(wish: BackendChoice, parts: ChoiceParts): Promise<Choice> {
  if (wish === 'wasm') return plain('wasm', 'chosen by you');
  const { webgpu } = await parts.report();
  if (!webgpu.available)
    return plain('wasm', wish === 'webgpu' ? `WebGPU was asked for, but ${webgpu.reason}` : webgpu.reason);
  if (wish === 'webgpu') return plain('webgpu', `chosen by you; ${webgpu.reason}`);
  if (webgpu.isFallback) return plain('wasm', webgpu.reason);
  return measured(parts);
}

async function measured(parts: ChoiceParts): Promise<Choice> {
  const open: TimedTrial[] = [];
  try {
    await parts.prepare();
    const start = parts.now();
    const wasm = await parts.open('wasm');
    if (!wasm) return plain('wasm', 'this lab has no train step to time');
    open.push(wasm);
    await wasm.advance(1);
    if (parts.now() - start > PATIENCE_MS)
      return plain('wasm', 'trying both backends would take too long for this lab');
    const gpu = await parts.open('webgpu');
    if (!gpu) return plain('wasm', 'this lab has no train step to time');
    open.push(gpu);
    await gpu.advance(1);
    return faster(await timeBoth(parts, wasm, gpu));
  } catch (error) {
    return plain('wasm', `the trial on WebGPU failed (${error instanceof Error ? error.message : String(error)})`);
  } finally {
    for (const trial of open) await trial.dispose().catch(() => undefined);
  }
}

/** Median milliseconds per step, the two taking turns so that neither profits from being timed last. */
async function timeBoth(
  { now }: ChoiceParts,
  wasm: TimedTrial,
  gpu: TimedTrial,
): Promise<{ wasm: number; webgpu: number }> {
  const time = async (trial: TimedTrial, count: number) => {
    const t = now();
    await trial.advance(count);
    return (now() - t) / count;
  };
  const count = async (trial: TimedTrial) => {
    const ms = await time(trial, 2);
    return Math.max(1, Math.min(MOST_STEPS, Math.round(ROUND_MS / Math.max(ms, 0.01))));
  };
  const counts = [await count(wasm), await count(gpu)];
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await time(wasm, counts[0]));
    times[1].push(await time(gpu, counts[1]));
  }
  return { wasm: median(times[0]), webgpu: median(times[1]) };
}

function faster(trialMs: { wasm: number; webgpu: number }): Choice {
  const backend = trialMs.webgpu < trialMs.wasm ? 'webgpu' : 'wasm';
  return {
    backend,
    trialMs,
    reason: `the faster one in a short trial: WASM ${show(trialMs.wasm)}, WebGPU ${show(trialMs.webgpu)} a step`,
  };
}
const show = (ms: number) => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
const plain = (backend: Backend, reason: string): Choice => ({ backend, reason, trialMs: {} });
