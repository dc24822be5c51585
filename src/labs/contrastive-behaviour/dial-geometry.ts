// Where the dial lies: an arc below the globe, about the globe's own centre, from cold on the left to warm on the right.
import { radiusOf } from './globe-draw.ts';

const GAP = 24;
const EDGE = 15;
const BELOW = 34;
const WIDEST = (64 * Math.PI) / 180;

export interface DialGeometry {
  /** Height of the drawing: the square of the globe and what hangs below it. */
  height: number;
  /** Length of the arc in pixels. */
  length: number;
  /** The place of a share 0..1, `out` pixels outside the arc. */
  point(share: number, out?: number): [number, number];
  /** SVG path from one share to another. */
  path(from: number, to: number): string;
  /** The share nearest to a place, 0..1. */
  shareAt(x: number, y: number): number;
}

/** @param size side of the globe's square in CSS pixels */
export function dialGeometry(size: number): DialGeometry {
  const centre = size / 2;
  const radius = radiusOf(size) + GAP;
  const half = Math.min(WIDEST, Math.asin((centre - EDGE) / radius));
  const point = (share: number, out = 0): [number, number] => {
    const angle = (2 * share - 1) * half;
    return [centre + (radius + out) * Math.sin(angle), centre + (radius + out) * Math.cos(angle)];
  };
  return {
    height: Math.ceil(centre + radius + BELOW),
    length: 2 * half * radius,
    point,
    path: (from, to) =>
      `M${point(from)
        .map((v) => v.toFixed(2))
        .join(' ')}A${radius} ${radius} 0 0 0 ${point(to)
        .map((v) => v.toFixed(2))
        .join(' ')}`,
    shareAt: (x, y) => Math.min(1, Math.max(0, (Math.atan2(x - centre, y - centre) / half + 1) / 2)),
  };
}
