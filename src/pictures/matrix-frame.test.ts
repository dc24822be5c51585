import { describe, expect, it } from 'vitest';
import { labelsThatFit, matrixFrame } from './matrix-frame.ts';

const grid = { rows: 3, cols: 4, values: new Array(12).fill(0) };

describe('matrixFrame', () => {
  it.each([false, true])('finds every cell under its middle, upward: %s', (isUpward) => {
    const frame = matrixFrame({ ...grid, rowLabels: ['a', 'b', 'c'], yLabel: 'up' }, { width: 300, isUpward });
    for (let cell = 0; cell < 12; cell++) {
      const x = frame.x((cell % 4) + 0.5);
      const y = frame.y(Math.floor(cell / 4)) + frame.cellHeight / 2;
      expect(frame.cellAt(x, y)).toBe(cell);
    }
    expect(frame.cellAt(frame.left - 1, frame.top + 1)).toBeNull();
    expect(frame.cellAt(frame.x(4) + 1, frame.top + 1)).toBeNull();
  });
  it('stays within its width, on a phone too', () => {
    const wide = matrixFrame({ ...grid, rowLabels: ['a very long label of a row indeed', '', ''] }, { width: 200 });
    expect(wide.x(4)).toBeLessThanOrEqual(200);
    expect(wide.left).toBeLessThanOrEqual(80);
  });
  it('makes squares on demand', () => {
    const frame = matrixFrame({ ...grid, square: true }, { width: 400 });
    expect(frame.cellWidth).toBe(frame.cellHeight);
    expect(frame.height).toBeLessThan(400);
  });
});

describe('labelsThatFit', () => {
  const labels = Array.from({ length: 10 }, (_, i) => `label ${i}`);
  it('takes all where there is room', () => expect(labelsThatFit(labels, 80, true)).toHaveLength(10));
  it('leaves out so many that none overlap', () => expect(labelsThatFit(labels, 30, true)).toEqual([0, 2, 4, 6, 8]));
  it('counts lines downwards', () => expect(labelsThatFit(labels, 5, false)).toEqual([0, 3, 6, 9]));
});
