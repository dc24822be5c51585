// Few-shot episodes and streams of classes, as row numbers into a split.
import { invariant } from '../../util/invariant.ts';
import type { Prng } from '../../util/prng.ts';
import { onlyClasses } from './select.ts';
import { rowsBy, type Task, type TaskSplit } from './task.ts';

export interface EpisodePlan {
  /** Classes in an episode. */
  ways: number;
  /** Labelled rows of each class. */
  shots: number;
  /** Rows of each class to be classified. */
  queries: number;
  /** [rows] what the classes of episodes are; the labels unless told. */
  classOf?: Int32Array;
  /** [rows] rows of one unit never stand on both sides, such as drawings of one concept. The split's concepts unless told; null: rows alone. */
  unitOf?: Int32Array | null;
}
export interface Episode {
  /** [ways], the classes. */
  classes: Int32Array;
  /** [ways * shots] row numbers, class after class. */
  support: Int32Array;
  /** [ways * queries] row numbers, class after class. */
  query: Int32Array;
}
/** Episode t = 0, 1, ...; any order of asking gives the same ones. */
export type Episodes = (t: number) => Episode;

/** Rows of one class: those of each unit together. */
type Units = number[][];

/**
 * N-way K-shot episodes. Classes that cannot fill both sides take no part; where units are told, each row of an episode is of a unit of its own.
 * When classes are the units themselves (such as concepts), pass `unitOf: null`.
 * @throws Error when fewer than `ways` classes are large enough
 */
export function episodes(split: TaskSplit, random: Prng, plan: EpisodePlan): Episodes {
  const { ways, shots, queries } = plan;
  const unitOf = plan.unitOf === undefined ? split.concepts : plan.unitOf;
  const classes = new Map<number, Units>();
  for (const [c, rows] of rowsBy(plan.classOf ?? split.labels)) {
    const units = unitOf
      ? [...rowsBy(rows.map((row) => unitOf[row])).values()].map((at) => at.map((i) => rows[i]))
      : rows.map((row) => [row]);
    if (units.length >= shots + queries) classes.set(c, units);
  }
  const known = [...classes.keys()].sort((a, b) => a - b);
  invariant(
    known.length >= ways,
    () =>
      `episodes: expected ${ways} classes of at least ${shots + queries} ${unitOf ? 'units' : 'rows'}; got ${known.length}`,
  );
  return (t) => {
    const own = random.fork('episode', t);
    const chosen = Array.from(own.sample(known.length, ways), (i) => known[i]);
    const drawn = chosen.map((c) => drawRows(own, classes.get(c)!, shots + queries));
    return {
      classes: Int32Array.from(chosen),
      support: Int32Array.from(drawn.flatMap((rows) => rows.slice(0, shots))),
      query: Int32Array.from(drawn.flatMap((rows) => rows.slice(shots))),
    };
  };
}

/** One row of each of `count` units. */
function drawRows(random: Prng, units: Units, count: number): number[] {
  return Array.from(random.sample(units.length, count), (u) => units[u][random.int(units[u].length)]);
}

/** One stage of a stream: a task of its own classes, and what they are called in the whole task. */
export interface Stage {
  /** Labels 0..classes-1 within the stage. */
  task: Task;
  /** [classes] labels in the whole task. */
  classes: number[];
}

/**
 * Class-incremental stages: the classes in random order, `perStage` at a time; the last stage takes what is left.
 * For accuracy over all classes seen, test with `onlyClasses(task, stages.slice(0, k).flatMap((s) => s.classes))`.
 */
export function stream(task: Task, random: Prng, perStage: number): Stage[] {
  invariant(
    perStage >= 1 && perStage <= task.classes,
    () => `stream: expected 1 to ${task.classes} classes a stage; got ${perStage}`,
  );
  const order = Array.from(random.permutation(task.classes));
  return Array.from({ length: Math.ceil(task.classes / perStage) }, (_, k) => {
    const classes = order.slice(k * perStage, (k + 1) * perStage);
    return { task: onlyClasses(task, classes), classes };
  });
}
