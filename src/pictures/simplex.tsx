// A ternary plot: shares of three as points of a triangle, each corner all of one.
import { useCallback } from 'react';
import type { TableData } from './data-table.tsx';
import type { SimplexPicture } from './payloads.ts';
import { PointCanvas, type PlaceOf } from './point-canvas.tsx';
import { shareOf, triangleIn } from './triangle.ts';
import type { CanvasPlace } from './use-canvas.ts';

const LINES = [0.25, 0.5, 0.75];
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export interface SimplexProps {
  picture: SimplexPicture;
  title: string;
  height?: number;
  chosen?: number | null;
  choose?(i: number | null): void;
}

export function Simplex({ picture, title, height = 340, chosen, choose }: SimplexProps) {
  const { shares, corners, group, groups, labels } = picture;
  const count = Math.floor(shares.length / 3);
  const place = useCallback(
    (width: number, high: number): PlaceOf => {
      const to = triangleIn(width, high);
      return (i) => to(shareOf(shares, i));
    },
    [shares],
  );
  const under = useCallback(
    (pen: CanvasRenderingContext2D, _: PlaceOf, canvas: CanvasPlace) => drawTriangle(pen, corners, canvas),
    [corners],
  );
  return (
    <PointCanvas
      label={`${title}: ${count} points between ${corners.join(', ')}; the table holds the numbers.`}
      count={count}
      height={height}
      place={place}
      under={under}
      group={group}
      groups={groups}
      name={(i) =>
        [
          labels?.[i],
          groups?.[group?.[i] ?? -1],
          shareOf(shares, i)
            .map((share, k) => `${corners[k]} ${percent(share)}`)
            .join(', '),
        ]
          .filter(Boolean)
          .join(' · ')
      }
      chosen={chosen}
      choose={choose}
    />
  );
}

/** The triangle, its corners by name, and lines at every quarter. */
function drawTriangle(
  pen: CanvasRenderingContext2D,
  corners: readonly string[],
  { width, height, ink }: CanvasPlace,
): void {
  const to = triangleIn(width, height);
  const line = (a: [number, number, number], b: [number, number, number], color: string) => {
    pen.strokeStyle = color;
    pen.beginPath();
    pen.moveTo(...to(a));
    pen.lineTo(...to(b));
    pen.stroke();
  };
  for (const s of LINES) {
    line([s, 1 - s, 0], [s, 0, 1 - s], ink('--grid'));
    line([1 - s, s, 0], [0, s, 1 - s], ink('--grid'));
    line([1 - s, 0, s], [0, 1 - s, s], ink('--grid'));
  }
  line([1, 0, 0], [0, 1, 0], ink('--rule-strong'));
  line([0, 1, 0], [0, 0, 1], ink('--rule-strong'));
  line([0, 0, 1], [1, 0, 0], ink('--rule-strong'));
  pen.fillStyle = ink('--ink-2');
  pen.font = `12px ${ink('--sans')}`;
  const name = (k: number, at: [number, number, number], dy: number, align: CanvasTextAlign) => {
    const [x, y] = to(at);
    pen.textAlign = align;
    pen.fillText(corners[k], x, y + dy);
  };
  name(0, [1, 0, 0], -8, 'center');
  name(1, [0, 1, 0], 18, 'left');
  name(2, [0, 0, 1], 18, 'right');
}

export const simplexTable = ({ shares, corners, group, groups, labels }: SimplexPicture): TableData => ({
  head: ['point', ...corners, ...(groups ? ['group'] : [])],
  rows: Array.from({ length: Math.floor(shares.length / 3) }, (_, i) => [
    labels?.[i] ?? i + 1,
    ...shareOf(shares, i),
    ...(groups ? [groups[group?.[i] ?? -1] ?? null] : []),
  ]),
});
