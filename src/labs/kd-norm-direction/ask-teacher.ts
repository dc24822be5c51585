// The teacher's answers, computed once by the shipped ONNX model in the visitor's own engine: logits, features, norms, class means.
import type { DataSplit } from '../../data/types.ts';
import type { Runner } from '../../engine/engine.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import type { Prng } from '../../util/prng.ts';
import { CLASSES, FEATURE, SIDE } from './network.ts';
import { TEACHER_BATCH, TEACHER_FILE } from './teacher.ts';

/** Answers for the rows of one split. */
export interface Answers {
  /** [rows, 10] */
  logits: Float32Array;
  /** [rows, 64] */
  features: Float32Array;
  /** [rows] */
  norms: Float32Array;
}
export interface Teacher {
  train: Answers;
  test: Answers;
}
type AskContext = Pick<LabContext, 'engine' | 'data' | 'signal' | 'status'>;

const remembered = new Map<string, Promise<Teacher>>();

/** Answers for both sets; kept for later runs on the same backend. @throws Error when the run is stopped meanwhile. */
export function askTeacher(ctx: AskContext, train: DataSplit, test: DataSplit): Promise<Teacher> {
  const key = [ctx.engine.backend, train.rows, test.rows].join();
  let answers = remembered.get(key);
  if (!answers) {
    remembered.set(key, (answers = ask(ctx, train, test)));
    answers.catch(() => remembered.delete(key));
  }
  return answers;
}

async function ask(ctx: AskContext, train: DataSplit, test: DataSplit): Promise<Teacher> {
  const runner = await ctx.engine.runner(await ctx.data.file(TEACHER_FILE));
  try {
    return { train: await answersOf(runner, train, ctx, 'training'), test: await answersOf(runner, test, ctx, 'test') };
  } finally {
    await runner.dispose();
  }
}

async function answersOf(
  runner: Runner,
  { values, rows }: DataSplit,
  { signal, status }: AskContext,
  what: string,
): Promise<Answers> {
  const out: Answers = {
    logits: new Float32Array(rows * CLASSES),
    features: new Float32Array(rows * FEATURE),
    norms: new Float32Array(rows),
  };
  const pixels = SIDE * SIDE;
  for (let from = 0; from < rows; from += TEACHER_BATCH) {
    if (signal.aborted) throw new Error('the run was stopped');
    status(`asking the teacher about the ${what} images (${from} of ${rows})`);
    const count = Math.min(TEACHER_BATCH, rows - from);
    const images = new Float32Array(TEACHER_BATCH * pixels);
    images.set(values.subarray(from * pixels, (from + count) * pixels));
    const { logits, features } = await runner.run({ images });
    out.logits.set(logits.subarray(0, count * CLASSES), from * CLASSES);
    out.features.set(features.subarray(0, count * FEATURE), from * FEATURE);
  }
  for (let i = 0; i < rows; i++) out.norms[i] = Math.hypot(...out.features.subarray(i * FEATURE, (i + 1) * FEATURE));
  return out;
}

/** Mean feature of each class. features: [rows, D] -> [classes, D] */
export function classMeans(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  D = FEATURE,
  classes = CLASSES,
): Float64Array {
  const means = new Float64Array(classes * D);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]]++;
    for (let d = 0; d < D; d++) means[labels[i] * D + d] += features[i * D + d];
  }
  return means.map((v, k) => v / Math.max(1, counts[Math.floor(k / D)]));
}

/** Rows scaled to length 1. */
export function unitRows(rows: ArrayLike<number>, D = FEATURE): Float32Array {
  const out = Float32Array.from(rows);
  for (let at = 0; at < out.length; at += D) {
    const length = Math.hypot(...out.subarray(at, at + D)) || 1;
    for (let d = 0; d < D; d++) out[at + d] /= length;
  }
  return out;
}

/** The control: orthonormal directions that know nothing of the teacher, by Gram-Schmidt on normal vectors. @returns [count, D] */
export function randomDirections(random: Prng, count = CLASSES, D = FEATURE): Float32Array {
  const rows: Float64Array[] = [];
  while (rows.length < count) {
    const v = Float64Array.from({ length: D }, () => random.normal());
    for (const u of rows) {
      const c = dot(u, v);
      for (let d = 0; d < D; d++) v[d] -= c * u[d];
    }
    const length = Math.sqrt(dot(v, v));
    rows.push(v.map((x) => x / length));
  }
  return Float32Array.from(rows.flatMap((r) => Array.from(r)));
}
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => s + v * b[i], 0);
