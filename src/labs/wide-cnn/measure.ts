// One seed of the run: every student learns every target from nested sets of points; the error's fall and its slope.
import { factorInPlace, solveFactored } from '../../util/dense-cholesky.ts';
import { mean } from '../../util/stats.ts';
import { prng } from '../../util/prng.ts';
import type { Architecture } from './kernel.ts';
import { patchesOf } from './kernel.ts';
import { drawFields, drawInputs, JITTER, kernelMatrix, withRidge } from './inputs.ts';

export const TEST = 512;
const FEWEST = 16;
/** Targets drawn for each teacher; errors are means over them. */
export const DRAWS = 8;
/** The curve is not yet straight at its first sizes: they are left out of the slope. */
const DROPPED = 2;

export interface Design {
  s1: number;
  depth: number;
  most: number;
  ridge: number;
  /** Standard deviation of noise on training values, whose own is 1. */
  noise: number;
}

export const TEACHERS = ['patch', 'pair', 'whole'] as const;
export const STUDENTS = ['deep', 'shallow', 'connected'] as const;
export type Teacher = (typeof TEACHERS)[number];
export type Student = (typeof STUDENTS)[number];

/** Layers of the tree that a target's parts look at. */
export const teacherLayers = (teacher: Teacher, depth: number): number =>
  ({ patch: 1, pair: 2, whole: depth })[teacher];

export const teacherOf = (teacher: Teacher, depth: number): Architecture => ({
  kind: 'convolutional',
  layers: teacherLayers(teacher, depth),
});
export const studentOf = (student: Student, depth: number): Architecture =>
  student === 'connected'
    ? { kind: 'connected', layers: depth }
    : { kind: 'convolutional', layers: student === 'deep' ? depth : 1 };

export const sizesUpTo = (most: number): number[] => {
  const sizes: number[] = [];
  for (let n = FEWEST; n <= most; n *= 2) sizes.push(n);
  return sizes;
};

export type Send = (arm: string, metric: string, step: number, value: number) => void;

/** What one seed does, in order: a task for the targets, one per student. */
export function tasksOf(seed: number, design: Design, send: Send): (() => void)[] {
  const { s1, depth, most, noise } = design;
  const n = most + TEST;
  const grams = new Map<string, Float64Array>();
  const inputs = drawInputs(prng(seed, 'inputs'), n, patchesOf(depth), s1);
  const gramOf = (architecture: Architecture): Float64Array => {
    const key = `${architecture.kind} ${architecture.layers}`;
    const known = grams.get(key) ?? kernelMatrix(architecture, inputs, inputs);
    grams.set(key, known);
    return known;
  };
  const targets = new Map<Teacher, Target[]>();
  return [
    ...TEACHERS.map((teacher) => () => {
      const fields = drawFields(prng(seed, 'field', teacher), gramOf(teacherOf(teacher, depth)), n, DRAWS);
      const random = prng(seed, 'noise', teacher);
      targets.set(
        teacher,
        fields.map((clean) => ({ clean, seen: clean.map((v) => v + noise * random.normal()) })),
      );
    }),
    ...STUDENTS.map((student) => () => {
      const curves = learn(gramOf(studentOf(student, depth)), n, design, targets);
      for (const [teacher, errors] of curves) report(`${teacher}-${student}`, errors, send);
    }),
  ];
}

interface Target {
  clean: Float64Array;
  /** With noise: what a student learns from. */
  seen: Float64Array;
}
interface Point {
  n: number;
  error: number;
}

/** Test errors of one student on every target; one factor serves all sizes. */
function learn(
  gram: Float64Array,
  n: number,
  { most, ridge }: Design,
  targets: ReadonlyMap<Teacher, Target[]>,
): Map<Teacher, Point[]> {
  const factor = factorInPlace(withRidge(gram, n, most, ridge + JITTER), most);
  const errorAt =
    (size: number) =>
    ({ clean, seen }: Target) =>
      testError(gram, n, most, solveFactored(factor, most, seen, size), clean);
  return new Map(
    [...targets].map(([teacher, drawn]) => [
      teacher,
      sizesUpTo(most).map((size) => ({ n: size, error: mean(drawn.map(errorAt(size))) })),
    ]),
  );
}

/** Mean squared error on the points after the first `most`; the target's variance is 1. */
function testError(gram: Float64Array, n: number, most: number, weights: Float64Array, clean: Float64Array): number {
  let total = 0;
  for (let i = most; i < n; i++) {
    let value = 0;
    for (let j = 0; j < weights.length; j++) value += gram[i * n + j] * weights[j];
    total += (value - clean[i]) ** 2;
  }
  return total / (n - most);
}

function report(arm: string, points: readonly Point[], send: Send): void {
  for (const { n, error } of points) send(arm, 'error', n, error);
  send(arm, 'slope', points.at(-1)!.n, slopeOf(points));
}

/** beta of error ~ n^-beta, least squares on logarithms without the first two sizes. */
export function slopeOf(points: readonly Point[]): number {
  const used = points.slice(DROPPED);
  const x = used.map(({ n }) => Math.log(n));
  const y = used.map(({ error }) => Math.log(error));
  const mx = x.reduce((a, b) => a + b, 0) / x.length;
  const my = y.reduce((a, b) => a + b, 0) / y.length;
  const top = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return -top / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
