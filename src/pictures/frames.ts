// Pictures at several moments: a bounded list of frames for recordings, and scales that all frames share.
import type { FramedPicture, GridPicture, ScatterPicture } from './payloads.ts';
import { rangeOf } from './read-payload.ts';

/** Most frames that a recording keeps. */
export const MOST_FRAMES = 24;

/** The frames with at most `limit` of them: those go first that leave the smallest gap of steps; both ends are kept. */
export function boundFrames<P>(framed: FramedPicture<P>, limit = MOST_FRAMES): FramedPicture<P> {
  const kept = [...framed.frames];
  while (kept.length > Math.max(2, limit)) {
    const gaps = kept.slice(1, -1).map((_, i) => kept[i + 2].step - kept[i].step);
    kept.splice(1 + gaps.indexOf(Math.min(...gaps)), 1);
  }
  return { ...framed, frames: kept };
}

/** `frames` and one more, bounded: what a trial sends after each evaluation. A step that is there is replaced. */
export function withFrame<P>(
  framed: FramedPicture<P>,
  step: number,
  picture: P,
  limit = MOST_FRAMES,
): FramedPicture<P> {
  const before = framed.frames.filter((frame) => frame.step < step);
  return boundFrames({ ...framed, frames: [...before, { step, picture }] }, limit);
}

/** Grids with one colour scale over all of them, so that a colour means the same in every frame. */
export function sharedGridScale(grids: readonly GridPicture[]): GridPicture[] {
  const ranges = grids.map(({ values }) => rangeOf(values));
  const min = Math.min(...ranges.map(([low]) => low));
  const max = Math.max(...ranges.map(([, high]) => high));
  return grids.map((grid) => ({ ...grid, min: grid.min ?? min, max: grid.max ?? max }));
}

/** Planes with the same axes, so that what moves is the points. */
export function sharedAxes(planes: readonly ScatterPicture[]): ScatterPicture[] {
  const ends = (axis: 'x' | 'y') => {
    const ranges = planes.filter((plane) => plane[axis].length).map((plane) => rangeOf(plane[axis]));
    return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))] as [number, number];
  };
  if (!planes.some(({ x }) => x.length)) return [...planes];
  const xRange = ends('x');
  const yRange = ends('y');
  return planes.map((plane) => ({ ...plane, xRange: plane.xRange ?? xRange, yRange: plane.yRange ?? yRange }));
}
