// The octant laid flat, areas true (Lambert's projection about its middle): cells to colour, points to place, and
// the regions of a machine, coarse cells first.
import { prng } from '../../util/prng.ts';
import type { DecisionPicture } from '../../pictures/payloads.ts';
import { machines, pairsOf, scoreRow, type Machine, type Pairs } from './classify.ts';
import { bayesLabel, drawSample, type Sample } from './octant.ts';
import type { Network } from './rules.ts';

/** Values of the kernel's table in the picture. */
export const PICTURE_NODES = 512;
export const GROUPS = ['+1', '−1'];
const MIDDLE = 1 / Math.sqrt(3);
/** Half the width of the picture, and how far its middle lies above the octant's: the corners lie 0.919 from that, the sides 0.606. */
const HALF = 0.82;
const LIFT = 0.155;
const ACROSS = [-Math.SQRT1_2, Math.SQRT1_2, 0];
const UP = [-1 / Math.sqrt(6), -1 / Math.sqrt(6), 2 / Math.sqrt(6)];
/** Cells of the coarse pass lie this far apart. */
const COARSE = 3;
/** Cells between two yields. */
const SLICE = 64;

/** Point of the octant to the plane; the third axis points up. */
export function flatten(x: ArrayLike<number>): [number, number] {
  const along = MIDDLE * (x[0] + x[1] + x[2]);
  const scale = Math.sqrt(2 / (1 + along));
  return [scale * dot(x, ACROSS), scale * dot(x, UP)];
}

/** The point of the sphere at a place of the plane. */
export function unflatten(across: number, up: number): [number, number, number] {
  const square = across * across + up * up;
  const factor = Math.sqrt(Math.max(0, 1 - square / 4));
  const along = MIDDLE * (1 - square / 2);
  return [0, 1, 2].map((k) => along + factor * (across * ACROSS[k] + up * UP[k])) as [number, number, number];
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export interface Cells {
  side: number;
  n: number;
  width: number;
  /** [n, 3] */
  points: Float64Array;
  /** Place of each cell in the grid, row-major from the top left. */
  index: Int32Array;
  /** The first cells form the coarse grid. */
  coarse: number;
  truth: Int8Array;
}

/** Cells inside the octant, of a grid of side x side. */
export function octantCells(side: number): Cells {
  const inside: { at: number; x: [number, number, number]; isCoarse: boolean }[] = [];
  for (let at = 0; at < side * side; at++) {
    const col = at % side;
    const row = Math.floor(at / side);
    const x = unflatten(toPlane(col, side), LIFT - toPlane(row, side));
    if (x.every((v) => v >= 0)) inside.push({ at, x, isCoarse: col % COARSE === 0 && row % COARSE === 0 });
  }
  const ordered = [...inside.filter((c) => c.isCoarse), ...inside.filter((c) => !c.isCoarse)];
  return {
    side,
    n: ordered.length,
    width: 3,
    points: Float64Array.from(ordered.flatMap((c) => c.x)),
    index: Int32Array.from(ordered, (c) => c.at),
    coarse: inside.filter((c) => c.isCoarse).length,
    truth: Int8Array.from(ordered, (c) => bayesLabel(c.x)),
  };
}
const toPlane = (i: number, side: number): number => HALF * ((2 * (i + 0.5)) / side - 1);

/** Colours of all cells: groups 0 and 1, and how sure. Cells outside are see-through. */
export interface Field {
  classes: Int8Array;
  sure: Float32Array;
}
export const emptyField = ({ side }: Cells): Field => ({
  classes: new Int8Array(side * side),
  sure: new Float32Array(side * side),
});

/** A value in -1 .. 1 as colour of a cell, or of the block that a coarse cell stands for. */
function paint({ side, index }: Cells, { classes, sure }: Field, cell: number, value: number, block: number): void {
  for (let dy = 0; dy < block; dy++)
    for (let dx = 0; dx < block; dx++) {
      const at = index[cell] + dy * side + dx;
      if ((index[cell] % side) + dx >= side || at >= classes.length) continue;
      classes[at] = value >= 0 ? 0 : 1;
      sure[at] = 0.3 + 0.7 * Math.min(1, Math.abs(value));
    }
}

export interface Filled {
  field: Field;
  /** Share of the cells so far that agree with the truth. */
  agree: number;
  isDone: boolean;
}

/** Fills a field: a whole coarse picture first, then cell by cell; yields the coarse one until all is done. */
export function* fillField(cells: Cells, machine: Machine, pairs: Pairs): Generator<Filled> {
  const coarse = emptyField(cells);
  const fine = emptyField(cells);
  let right = 0;
  let shown: Filled | null = null;
  for (let cell = 0; cell < cells.n; cell++) {
    const value = scoreRow(machine, pairs, cell);
    right += Number((value >= 0 ? 1 : -1) === cells.truth[cell]);
    if (cell < cells.coarse) paint(cells, coarse, cell, value, COARSE);
    paint(cells, fine, cell, value, 1);
    if (cell + 1 === cells.coarse) shown = { field: maskOf(cells, coarse), agree: right / cells.coarse, isDone: false };
    if (shown && cell % SLICE === 0) yield shown;
  }
  yield { field: fine, agree: right / cells.n, isDone: true };
}

/** Leaves out what blocks paint beyond the octant's edge. */
function maskOf({ index }: Cells, { classes, sure }: Field): Field {
  const kept = new Float32Array(sure.length);
  for (const at of index) kept[at] = sure[at] || 0.3;
  return { classes, sure: kept };
}

/** The true rule as a field. */
export const truthField = (cells: Cells): Field => answersField(cells, cells.truth).field;

/** Answers of ±1 per cell as a field, and the share that agrees with the truth. */
export function answersField(cells: Cells, answers: Int8Array): { field: Field; agree: number } {
  const field = emptyField(cells);
  let right = 0;
  for (let cell = 0; cell < cells.n; cell++) {
    paint(cells, field, cell, answers[cell], 1);
    right += Number(answers[cell] === cells.truth[cell]);
  }
  return { field, agree: right / cells.n };
}

/** A field with its points, as `DecisionPlane` draws it. */
export function decisionOf({ side }: Cells, field: Field, train: Sample): DecisionPicture {
  const places = Array.from({ length: train.n }, (_, i) => flatten(train.points.subarray(3 * i, 3 * i + 3)));
  return {
    rows: side,
    cols: side,
    classes: field.classes,
    sure: field.sure,
    x: [-HALF, HALF],
    y: [LIFT - HALF, LIFT + HALF],
    groups: GROUPS,
    points: {
      x: places.map(([x]) => x),
      y: places.map(([, y]) => y),
      group: Array.from(train.labels, (y) => (y > 0 ? 0 : 1)),
      labels: Array.from(train.labels, (y, i) => (y === train.clean[i] ? `point ${i + 1}` : `point ${i + 1}, flipped`)),
    },
  };
}

/** The finished picture of a network, in plain numbers. */
export function regionsOf(
  cells: Cells,
  { activation, depth }: Network,
  { seed, n, noise }: { seed: number; n: number; noise: number },
): DecisionPicture {
  const train = drawSample(prng(seed, 'train'), n, 2, noise);
  const gram = pairsOf(train, train, PICTURE_NODES);
  const [machine] = machines(activation, depth, gram, train.labels, [n]);
  const whole = [...fillField(cells, machine, pairsOf(cells, train, PICTURE_NODES))].at(-1)!;
  return decisionOf(cells, whole.field, train);
}
