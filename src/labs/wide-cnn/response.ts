// What the picture shows: a target, what a student learnt of it from n points, and how both answer when one patch turns
// on its circle, before and after another patch has moved.
import { prng } from '../../util/prng.ts';
import { mean } from '../../util/stats.ts';
import { drawFields, drawInputs, fit, kernelMatrix, type Inputs } from './inputs.ts';
import { patchesOf, type Architecture } from './kernel.ts';
import { studentOf, teacherOf, type Student, type Teacher } from './measure.ts';

const ANCHORS = 160;
const MOST_POINTS = 256;
/** Angles of a full turn; the last equals the first. */
export const TURNS = 37;

/** A function as a weighted sum of kernels at points. */
export interface Expansion {
  architecture: Architecture;
  at: Inputs;
  weights: Float64Array;
}

export interface Problem {
  target: Expansion;
  /** Points to learn from, and the target there with noise. */
  points: Inputs;
  seen: Float64Array;
  /** The input whose patches are turned. */
  base: Inputs;
}

export function valuesAt({ architecture, at, weights }: Expansion, inputs: Inputs): Float64Array {
  const cross = kernelMatrix(architecture, inputs, at);
  return Float64Array.from({ length: inputs.n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < at.n; j++) sum += cross[i * at.n + j] * weights[j];
    return sum;
  });
}

/** A field of the teacher at anchors, continued between them by its own kernel. */
export function makeProblem(
  seed: number,
  teacher: Teacher,
  { depth, s1, noise }: { depth: number; s1: number; noise: number },
): Problem {
  const patches = patchesOf(depth);
  const architecture = teacherOf(teacher, depth);
  const at = drawInputs(prng(seed, 'anchors'), ANCHORS, patches, s1);
  const gram = kernelMatrix(architecture, at, at);
  const [field] = drawFields(prng(seed, 'field', teacher), gram, ANCHORS, 1);
  const target = { architecture, at, weights: fit(gram, ANCHORS, field, 0) };
  const points = drawInputs(prng(seed, 'points'), MOST_POINTS, patches, s1);
  const random = prng(seed, 'noise');
  const seen = valuesAt(target, points).map((v) => v + noise * random.normal());
  return { target, points, seen, base: drawInputs(prng(seed, 'base'), 1, patches, s1) };
}

/** The student on the first n points. */
export function learn(
  student: Student,
  { points, seen }: Problem,
  { depth, n, ridge }: { depth: number; n: number; ridge: number },
): Expansion {
  const architecture = studentOf(student, depth);
  const at = { ...points, n, values: points.values.subarray(0, n * points.patches * points.s1) };
  return { architecture, at, weights: fit(kernelMatrix(architecture, at, at), n, seen, ridge) };
}

/** The base input with one patch at every angle of a turn, in the plane of its first two coordinates. */
export function turned({ base }: Problem, patch: number, moved: number | null): Inputs {
  const { patches, s1 } = base;
  const values = new Float64Array(TURNS * patches * s1);
  for (let t = 0; t < TURNS; t++) {
    const row = values.subarray(t * patches * s1, (t + 1) * patches * s1);
    row.set(base.values);
    // a moved patch looks the opposite way
    if (moved !== null) for (let k = 0; k < s1; k++) row[moved * s1 + k] *= -1;
    row.fill(0, patch * s1, (patch + 1) * s1);
    row[patch * s1] = Math.cos((2 * Math.PI * t) / (TURNS - 1));
    row[patch * s1 + 1] = Math.sin((2 * Math.PI * t) / (TURNS - 1));
  }
  return { n: TURNS, patches, s1, values };
}

export interface Response {
  target: Float64Array;
  learnt: Float64Array;
}

/** Answers over a turn, each less its mean: where functions of patches add up, a moved neighbour changes nothing. */
export function responseOf(problem: Problem, learnt: Expansion, patch: number, moved: number | null): Response {
  const inputs = turned(problem, patch, moved);
  const target = valuesAt(problem.target, inputs);
  const answer = valuesAt(learnt, inputs);
  const [middle, own] = [mean(target), mean(answer)];
  return { target: target.map((v) => v - middle), learnt: answer.map((v) => v - own) };
}

/** Largest gap between the shapes of two answers. */
export const shapeGap = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
