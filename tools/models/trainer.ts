// What long trainings in Node share: a train step on a chosen number of threads, checkpoints that survive a kill, progress with the time left.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelManifest } from '../../src/data/types.ts';
import type { Feeds, Stepper, StepperState } from '../../src/engine/engine.ts';
import type { Program } from '../../src/graph/program.ts';
import { HostStepper } from '../../src/runtime/engine/host-stepper.ts';
import { planInputs, type InputType } from '../../src/runtime/engine/inputs.ts';
import { ortLock } from '../../src/runtime/engine/mutex.ts';
import { useNative } from '../../src/runtime/node/node.ts';
import { compile } from '../../src/runtime/engine/compile.ts';
import { loadOrt } from '../../src/runtime/engine/ort.ts';
import { SessionPool } from '../../src/runtime/engine/sessions.ts';

/** A train step on native onnxruntime with `threads` threads. */
export async function openStepper(
  program: Program,
  init: Record<string, Float32Array>,
  threads: number,
): Promise<Stepper> {
  useNative();
  const ort = await loadOrt('native');
  const pool = new SessionPool(ort, ortLock, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  const inputs = [...program.graph.inputs].map(([name, { dtype, shape }]): InputType => ({ name, dtype, shape }));
  const plan = planInputs({ inputs, state: program.state.map((s) => s.input), batches: program.batches });
  const lease = await pool.acquire(compile(program).bytes);
  return new HostStepper({ ort, lock: ortLock, lease, plan, program, init, closed: () => undefined });
}

/** Writes the state: a line of JSON (steps, note, names and lengths), then the float32 values. Replaces the old file in one move. */
export function saveCheckpoint(
  path: string,
  { steps, arrays }: StepperState,
  note: Record<string, unknown> = {},
): void {
  const parts = Object.entries(arrays);
  const head = `${JSON.stringify({ steps, note, arrays: parts.map(([name, a]) => ({ name, length: a.length })) })}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    `${path}.part`,
    Buffer.concat([Buffer.from(head), ...parts.map(([, a]) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))]),
  );
  renameSync(`${path}.part`, path);
}

/** The state written by `saveCheckpoint`, or null when there is none. @throws Error when the file is cut short. */
export function loadCheckpoint(path: string): (StepperState & { note: Record<string, unknown> }) | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const end = bytes.indexOf(10);
  const head = JSON.parse(bytes.subarray(0, end).toString()) as {
    steps: number;
    note: Record<string, unknown>;
    arrays: { name: string; length: number }[];
  };
  const total = head.arrays.reduce((n, a) => n + a.length * 4, end + 1);
  if (bytes.length !== total)
    throw new Error(
      `checkpoint ${path}: expected ${total} bytes; got ${bytes.length}. Delete it to start this stage again.`,
    );
  let at = end + 1;
  const arrays = Object.fromEntries(
    head.arrays.map(({ name, length }) => {
      const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + length * 4));
      at += length * 4;
      return [name, values];
    }),
  );
  return { steps: head.steps, arrays, note: head.note };
}

export interface LoopOptions {
  name: string;
  steps: number;
  /** Feeds of step t = 1, 2, ...; depends on nothing but t, so that a resumed run goes on as if it had not stopped. */
  feeds(t: number): Feeds;
  checkpoint: string;
  checkpointMinutes: number;
  /** Steps between report lines. */
  reportEvery: number;
  /** One line from the metrics of every step since the last report. */
  report(metrics: Float32Array[], t: number): string;
}

/** Trains to `steps`, from the checkpoint if there is one. @returns the final state */
export async function trainLoop(stepper: Stepper, o: LoopOptions): Promise<StepperState> {
  const saved = loadCheckpoint(o.checkpoint);
  if (saved) {
    await stepper.load(saved);
    console.log(`${o.name}: goes on from step ${saved.steps} of ${o.steps}`);
  }
  let seen: Float32Array[] = [];
  let lastSave = Date.now();
  let since = performance.now();
  let sinceStep = stepper.steps;
  while (stepper.steps < o.steps) {
    await stepper.step(o.feeds(stepper.steps + 1));
    seen.push(await stepper.metrics());
    const t = stepper.steps;
    if (t % o.reportEvery === 0 || t === o.steps) {
      const stepMs = (performance.now() - since) / (t - sinceStep);
      const leftMin = (stepMs * (o.steps - t)) / 60_000;
      console.log(
        `${o.name} ${t}/${o.steps} ${o.report(seen, t)} | ${stepMs.toFixed(0)} ms a step, ${leftMin.toFixed(1)} min left`,
      );
      [seen, since, sinceStep] = [[], performance.now(), t];
    }
    if (Date.now() - lastSave > o.checkpointMinutes * 60_000) {
      saveCheckpoint(o.checkpoint, await stepper.save());
      lastSave = Date.now();
    }
  }
  const state = await stepper.save();
  saveCheckpoint(o.checkpoint, state);
  return state;
}

const MODELS = fileURLToPath(new URL('../../public/models/', import.meta.url));

/** Writes public/models/<file> and its entry in the manifest, beside those of other models. */
export function publishModel(file: string, bytes: Uint8Array, about: Record<string, unknown>): void {
  const path = `${MODELS}manifest.json`;
  const manifest: ModelManifest = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as ModelManifest)
    : { version: 1, models: [] };
  const entry = { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), ...about };
  mkdirSync(MODELS, { recursive: true });
  writeFileSync(`${MODELS}${file}`, bytes);
  writeFileSync(
    path,
    `${JSON.stringify({ ...manifest, models: [...manifest.models.filter((m) => m.file !== file), entry].sort((a, b) => (a.file < b.file ? -1 : 1)) }, null, 1)}\n`,
  );
}
