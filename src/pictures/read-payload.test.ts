import { describe, expect, it } from 'vitest';
import { PictureError, rangeOf, readGrid, readImages, readScatter, readTable, shadeOf } from './read-payload.ts';

describe('picture payloads', () => {
  it('pass when they fit, plain or typed', () => {
    expect(readScatter({ x: [1, 2], y: new Float32Array(2), group: [0, 1] }).x).toHaveLength(2);
    expect(readGrid({ rows: 2, cols: 2, values: new Float32Array(4) }).rows).toBe(2);
    expect(readImages({ width: 2, height: 2, channels: 3, values: new Array(24).fill(0) }).channels).toBe(3);
    expect(readTable({ columns: [], rows: [] }).rows).toEqual([]);
  });
  it.each([
    [readScatter, null],
    [readScatter, { x: [1], y: [1, 2] }],
    [readScatter, { x: [1], y: [1], group: [] }],
    [readScatter, { x: { 0: 1 }, y: { 0: 1 } }],
    [readGrid, { rows: 2, cols: 2, values: [1] }],
    [readGrid, { rows: -1, cols: 2, values: [] }],
    [readGrid, 'grid'],
    [readImages, { width: 2, height: 2, channels: 2, values: [0, 0] }],
    [readImages, { width: 2, height: 2, channels: 1, values: [1, 2, 3, 4, 5] }],
    [readTable, {}],
  ])('are refused by %o', (read, payload) =>
    expect(() => (read as (p: unknown) => unknown)(payload)).toThrow(PictureError),
  );
});

describe('colour range', () => {
  it('leaves gaps out', () => expect(rangeOf([3, null, Number.NaN, -1])).toEqual([-1, 3]));
  it('puts values on the map', () => {
    const plain = shadeOf({ rows: 1, cols: 2, values: [2, 4] });
    expect([2, 3, 4].map(plain)).toEqual([0, 0.5, 1]);
    const signed = shadeOf({ rows: 1, cols: 2, values: [-1, 4], signed: true });
    expect([-4, 0, 2].map(signed)).toEqual([-1, 0, 0.5]);
    expect(shadeOf({ rows: 1, cols: 1, values: [7] })(7)).toBe(0.5);
  });
});
