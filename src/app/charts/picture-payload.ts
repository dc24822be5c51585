// Checks the payloads of the fixed picture views before anything is drawn from them.
import type { GridPicture, ImagesPicture, Numbers, ScatterPicture, TablePicture } from '../../pictures/payloads.ts';

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
  return payload as unknown as ScatterPicture;
}

export function readGrid(payload: unknown): GridPicture {
  if (!isObject(payload) || !isCount(payload.rows) || !isCount(payload.cols))
    return fail('grid', 'rows and cols above zero');
  if (lengthOf(payload.values) !== payload.rows * payload.cols)
    return fail('grid', `${payload.rows * payload.cols} values; got ${lengthOf(payload.values)}`);
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
