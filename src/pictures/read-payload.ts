// Checks the payloads of the fixed picture views before anything is drawn from them.
import type {
  DecisionPicture,
  FramedPicture,
  GraphPicture,
  GridPicture,
  ImagesPicture,
  Numbers,
  ScatterPicture,
  SimplexPicture,
  TablePicture,
} from './payloads.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const lengthOf = (value: unknown): number =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value) ? (value as unknown as Numbers).length : -1;

/** Names the form that a view expected; its text is shown to the visitor. */
export class PictureError extends Error {}

const fail = (view: string, expected: string): never => {
  throw new PictureError(`${view}: expected ${expected}`);
};

export function readScatter(payload: unknown): ScatterPicture {
  if (!isObject(payload) || lengthOf(payload.x) < 0 || lengthOf(payload.x) !== lengthOf(payload.y))
    return fail('scatter', 'as many x as y');
  if (payload.group !== undefined && lengthOf(payload.group) !== lengthOf(payload.x))
    return fail('scatter', 'a group for every point');
  if (
    payload.arms !== undefined &&
    !(Array.isArray(payload.arms) && payload.arms.every((arm) => typeof arm === 'string'))
  )
    return fail('scatter', 'names of arms');
  const { trail } = payload;
  if (trail !== undefined) {
    const steps = isObject(trail) && isCount(trail.steps) ? trail.steps : fail('scatter', 'a trail of some steps');
    const { x, y } = trail as { x: unknown; y: unknown };
    const size = steps * lengthOf(payload.x);
    if (lengthOf(x) !== size || lengthOf(y) !== size) return fail('scatter', `trails of ${size} places`);
  }
  if (payload.images !== undefined) readImages(payload.images);
  return payload as unknown as ScatterPicture;
}

export function readGrid(payload: unknown): GridPicture {
  if (!isObject(payload) || !isCount(payload.rows) || !isCount(payload.cols))
    return fail('grid', 'rows and cols above zero');
  if (lengthOf(payload.values) !== payload.rows * payload.cols)
    return fail('grid', `${payload.rows * payload.cols} values; got ${lengthOf(payload.values)}`);
  if (payload.mask !== undefined && lengthOf(payload.mask) !== lengthOf(payload.values))
    return fail('grid', 'a mask for every value');
  return payload as unknown as GridPicture;
}

export function readImages(payload: unknown): ImagesPicture {
  if (
    !isObject(payload) ||
    !isCount(payload.width) ||
    !isCount(payload.height) ||
    ![1, 3, 4].includes(payload.channels as number)
  )
    return fail('images', 'width, height and 1, 3 or 4 channels');
  const size = payload.width * payload.height * (payload.channels as number);
  if (lengthOf(payload.values) < size || lengthOf(payload.values) % size)
    return fail('images', `a whole number of images of ${size} values; got ${lengthOf(payload.values)}`);
  return payload as unknown as ImagesPicture;
}

export function readTable(payload: unknown): TablePicture {
  if (!isObject(payload) || !Array.isArray(payload.columns) || !Array.isArray(payload.rows))
    return fail('table', 'columns and rows');
  return payload as unknown as TablePicture;
}

export function readGraph(payload: unknown): GraphPicture {
  if (!isObject(payload) || !isCount(payload.nodes)) return fail('graph', 'a number of nodes above zero');
  const { nodes, edges, x, y } = payload as unknown as GraphPicture;
  if (lengthOf(edges) < 0 || lengthOf(edges) % 2) return fail('graph', 'two ends for every edge');
  for (let i = 0; i < edges.length; i++)
    if (!(Number.isInteger(edges[i]) && edges[i] >= 0 && edges[i] < nodes))
      return fail('graph', `ends of edges from 0 to ${nodes - 1}; got ${edges[i]}`);
  if (payload.weight !== undefined && lengthOf(payload.weight) !== edges.length / 2)
    return fail('graph', 'a weight for every edge');
  if ((x !== undefined || y !== undefined) && (lengthOf(x) !== nodes || lengthOf(y) !== nodes))
    return fail('graph', 'x and y for every node');
  return payload as unknown as GraphPicture;
}

export function readSimplex(payload: unknown): SimplexPicture {
  if (!isObject(payload) || lengthOf(payload.shares) < 0 || lengthOf(payload.shares) % 3)
    return fail('simplex', 'three shares for every point');
  if (!Array.isArray(payload.corners) || payload.corners.length !== 3)
    return fail('simplex', 'the names of three corners');
  return payload as unknown as SimplexPicture;
}

export function readDecision(payload: unknown): DecisionPicture {
  if (!isObject(payload) || !isCount(payload.rows) || !isCount(payload.cols))
    return fail('decision', 'rows and cols above zero');
  if (lengthOf(payload.classes) !== payload.rows * payload.cols)
    return fail('decision', `${payload.rows * payload.cols} classes; got ${lengthOf(payload.classes)}`);
  if (lengthOf(payload.x) !== 2 || lengthOf(payload.y) !== 2 || !Array.isArray(payload.groups))
    return fail('decision', 'ends of both axes and names of the classes');
  return payload as unknown as DecisionPicture;
}

/** The frames of a payload that comes as several moments; null for a single picture. */
export function readFrames(payload: unknown): FramedPicture<unknown> | null {
  if (!isObject(payload) || payload.frames === undefined) return null;
  const { frames } = payload;
  const isFrame = (frame: unknown) => isObject(frame) && Number.isFinite(frame.step) && frame.picture !== undefined;
  if (!Array.isArray(frames) || !frames.length || !frames.every(isFrame))
    return fail('frames', 'a list of frames, each with a step and a picture');
  return payload as unknown as FramedPicture<unknown>;
}

/** Least and greatest finite value; [0, 1] without any. */
export function rangeOf(values: ArrayLike<number | null>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** A cell's place on its colour map: 0..1, or -1..1 where the grid is signed. */
export function shadeOf(grid: GridPicture): (value: number) => number {
  const [least, most] = rangeOf(grid.values);
  const low = grid.min ?? least;
  const high = grid.max ?? most;
  if (!grid.signed) return (value) => (high > low ? (value - low) / (high - low) : 0.5);
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return (value) => value / reach;
}
