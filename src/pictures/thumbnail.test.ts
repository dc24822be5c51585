import { describe, expect, it } from 'vitest';
import { cividis } from './colormap.ts';
import { THUMB_HEIGHT, THUMB_WIDTH, thumbnailOf, type ThumbSource } from './thumbnail.ts';

const numbersIn = (path: string): number[] => [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([text]) => Number(text));
const label = 'a picture';

describe('thumbnailOf', () => {
  it.each<ThumbSource>([
    { kind: 'scatter', label, picture: { x: [-5, 0, 9], y: [1, 2, 3], group: [0, 1, 7] } },
    { kind: 'graph', label, picture: { nodes: 4, edges: [0, 1, 1, 2, 2, 3] } },
    { kind: 'simplex', label, picture: { shares: [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], corners: ['a', 'b', 'c'] } },
  ])('draws $kind within its box', (source) => {
    const thumb = thumbnailOf(source);
    if (thumb?.kind !== 'shapes') throw new Error('expected shapes');
    for (const { path } of thumb.shapes)
      for (const [, x, y] of path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x)).toBeLessThanOrEqual(THUMB_WIDTH);
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(THUMB_HEIGHT);
      }
  });
  it('thins many points', () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    const thumb = thumbnailOf({ kind: 'scatter', label, picture: { x, y: x } });
    if (thumb?.kind !== 'shapes') throw new Error('expected shapes');
    expect(numbersIn(thumb.shapes[0].path).length).toBeLessThan(750);
  });
  it('colours cells, and thins large grids', () => {
    const small = thumbnailOf({ kind: 'heatmap', label, picture: { rows: 1, cols: 2, values: [0, 8] } });
    expect(small).toMatchObject({ width: 2, height: 1, rgb: Uint8Array.from([...cividis(0), ...cividis(1)]) });
    const values = new Array(100 * 40).fill(1);
    const large = thumbnailOf({ kind: 'matrix', label, picture: { rows: 100, cols: 40, values } });
    expect(large).toMatchObject({ width: 20, height: 25 });
  });
  it('lays images in two rows', () => {
    const picture = { width: 2, height: 2, channels: 1 as const, values: new Array(4 * 6).fill(1) };
    const thumb = thumbnailOf({ kind: 'wall', label, picture });
    expect(thumb).toMatchObject({ width: 6, height: 4, rgb: new Uint8Array(72).fill(255) });
  });
  it('is nothing where there are no points', () =>
    expect(thumbnailOf({ kind: 'scatter', label, picture: { x: [], y: [] } })).toBeNull());
});
