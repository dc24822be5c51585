// A ternary plot: shares of three as points of a triangle, each corner all of one.
import { useCallback } from 'react';
import type { TableData } from './data-table.tsx';
import type { SimplexPicture } from './payloads.ts';
import { groupColor, PointCanvas, type PlaceOf } from './point-canvas.tsx';
import { shareOf, triangleIn, type Shares } from './triangle.ts';
import type { CanvasPlace } from './use-canvas.ts';

const LINES = [0.25, 0.5, 0.75];
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export interface SimplexProps {
  picture: SimplexPicture;
  title: string;
  height?: number | ((width: number) => number);
  chosen?: number | null;
  choose?(i: number | null): void;
}

export function Simplex({ picture, title, height = 340, chosen, choose }: SimplexProps) {
  const { shares, goals, corners, group, groups, labels } = picture;
  const count = Math.floor(shares.length / 3);
  const place = useCallback(
    (width: number, high: number): PlaceOf => {
      const to = triangleIn(width, high);
      return (i) => to(shareOf(shares, i));
    },
    [shares],
  );
  const under = useCallback(
    (pen: CanvasRenderingContext2D, at: PlaceOf, canvas: CanvasPlace) => {
      drawTriangle(pen, corners, canvas);
      if (!goals) return;
      const to = triangleIn(canvas.width, canvas.height);
      for (let i = 0; i < count; i++)
        drawGoal(pen, to(shareOf(goals, i)), at(i), groupColor(group?.[i] ?? 0, canvas.theme));
    },
    [corners, goals, group, count],
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
          sharesText(shareOf(shares, i), corners),
          goals && `goal: ${sharesText(shareOf(goals, i), corners)}`,
        ]
          .filter(Boolean)
          .join(' · ')
      }
      chosen={chosen}
      choose={choose}
    />
  );
}

const sharesText = (shares: Shares, corners: readonly string[]): string =>
  shares.map((share, k) => `${corners[k]} ${percent(share)}`).join(', ');

/** A star of four rays where a point should be, and the way that it still has. */
function drawGoal(
  pen: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  [px, py]: readonly [number, number],
  color: string,
): void {
  pen.globalAlpha = 0.35;
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(px, py);
  pen.stroke();
  pen.globalAlpha = 0.9;
  pen.fillStyle = color;
  pen.beginPath();
  for (let k = 0; k < 8; k++) {
    const r = k % 2 ? 1.6 : 5;
    const angle = (k * Math.PI) / 4;
    pen.lineTo(x + r * Math.sin(angle), y - r * Math.cos(angle));
  }
  pen.closePath();
  pen.fill();
  pen.globalAlpha = 1;
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
