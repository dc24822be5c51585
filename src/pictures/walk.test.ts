import { describe, expect, it } from 'vitest';
import { gridWalk, nearestPoint, pointWalk } from './walk.ts';

describe('gridWalk', () => {
  const walk = gridWalk(2, 3);
  it('starts in the first cell and stops at the edges', () => {
    expect(walk(null, 'ArrowDown')).toBe(0);
    expect(walk(0, 'ArrowRight')).toBe(1);
    expect(walk(2, 'ArrowRight')).toBe(2);
    expect(walk(1, 'ArrowDown')).toBe(4);
    expect(walk(4, 'ArrowDown')).toBe(4);
    expect(walk(3, 'ArrowLeft')).toBe(3);
  });
  it('lets go, and leaves other keys alone', () => {
    expect(walk(4, 'Escape')).toBeNull();
    expect(walk(4, 'Tab')).toBeUndefined();
  });
});

describe('points', () => {
  const points: [number, number][] = [
    [0, 0],
    [10, 1],
    [30, 0],
    [11, 40],
  ];
  const place = (i: number) => points[i];
  const walk = pointWalk(points.length, place);
  it('goes to the nearest one in the direction of the arrow', () => {
    expect(walk(0, 'ArrowRight')).toBe(1);
    expect(walk(1, 'ArrowRight')).toBe(2);
    expect(walk(1, 'ArrowDown')).toBe(3);
    expect(walk(3, 'ArrowUp')).toBe(1);
  });
  it('stays where there is nothing further on', () => expect(walk(0, 'ArrowLeft')).toBe(0));
  it('has ends, and none without points', () => {
    expect(walk(2, 'Home')).toBe(0);
    expect(walk(null, 'End')).toBe(3);
    expect(pointWalk(0, place)(null, 'ArrowUp')).toBeNull();
  });
  it('is hit within reach only', () => {
    expect(nearestPoint(4, place, 12, 3)).toBe(1);
    expect(nearestPoint(4, place, 60, 60)).toBeNull();
  });
});
