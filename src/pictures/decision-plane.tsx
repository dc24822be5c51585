// What a model says over a plane: tinted regions, paler where it is less sure, and the points that it learnt from.
import { useCallback, useMemo } from 'react';
import { formatShort } from '../util/number-text.ts';
import type { Theme } from './arm-colors.ts';
import type { TableData } from './data-table.tsx';
import type { DecisionPicture } from './payloads.ts';
import { groupColor, PointCanvas, type PlaceOf } from './point-canvas.tsx';
import type { CanvasPlace } from './use-canvas.ts';

const TINT = 0.42;
const NO_POINTS: NonNullable<DecisionPicture['points']> = { x: [], y: [] };

export interface DecisionPlaneProps {
  picture: DecisionPicture;
  title: string;
  height?: number | ((width: number) => number);
  chosen?: number | null;
  choose?(i: number | null): void;
}

/** Data to pixels: the field fills its place, y upwards. */
export const fieldPlace =
  ({ x, y }: Pick<DecisionPicture, 'x' | 'y'>, width: number, height: number) =>
  (dx: number, dy: number): [number, number] => [
    ((dx - x[0]) / (x[1] - x[0])) * width,
    (1 - (dy - y[0]) / (y[1] - y[0])) * height,
  ];

export function DecisionPlane({ picture, title, height = 320, chosen, choose }: DecisionPlaneProps) {
  const { points = NO_POINTS, groups, xLabel, yLabel } = picture;
  const fieldIn = useMemo(() => onceEach((theme: Theme) => fieldImage(picture, theme)), [picture]);
  const place = useCallback(
    (width: number, high: number): PlaceOf => {
      const to = fieldPlace(picture, width, high);
      return (i) => to(points.x[i], points.y[i]);
    },
    [picture, points],
  );
  const under = useCallback(
    (pen: CanvasRenderingContext2D, _: PlaceOf, { width, height: high, theme }: CanvasPlace) => {
      pen.imageSmoothingEnabled = false;
      pen.drawImage(fieldIn(theme), 0, 0, width, high);
    },
    [fieldIn],
  );
  return (
    <PointCanvas
      label={`${title}: regions of ${groups.join(', ')}, ${points.x.length} points; the table holds the points.`}
      count={points.x.length}
      height={height}
      place={place}
      under={under}
      group={points.group}
      groups={groups}
      foot={[xLabel && `across: ${xLabel}`, yLabel && `up: ${yLabel}`].filter(Boolean).join(', ')}
      name={(i) =>
        [
          points.labels?.[i],
          groups[points.group?.[i] ?? -1],
          `(${formatShort(points.x[i])}, ${formatShort(points.y[i])})`,
        ]
          .filter(Boolean)
          .join(' · ')
      }
      chosen={chosen}
      choose={choose}
    />
  );
}

/** Calls `make` once for each argument. */
function onceEach<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function fieldImage(picture: DecisionPicture, theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = picture.cols;
  canvas.height = picture.rows;
  canvas.getContext('2d')?.putImageData(new ImageData(fieldPixels(picture, theme), picture.cols, picture.rows), 0, 0);
  return canvas;
}

/** RGBA bytes, one pixel per cell, see-through where the model is unsure. */
export function fieldPixels(
  { rows, cols, classes, sure }: Pick<DecisionPicture, 'rows' | 'cols' | 'classes' | 'sure'>,
  theme: Theme,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(rows * cols * 4);
  const colorOf = onceEach((group: number) => rgbOf(groupColor(group, theme)));
  for (let i = 0; i < rows * cols; i++) {
    out.set(colorOf(classes[i]), 4 * i);
    out[4 * i + 3] = 255 * TINT * (sure?.[i] ?? 1);
  }
  return out;
}

const rgbOf = (hex: string): [number, number, number] =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];

/** The points and what the model says in their places. */
export function decisionTable(picture: DecisionPicture, limit = 500): TableData {
  const { points = NO_POINTS, groups, rows, cols, classes } = picture;
  const to = fieldPlace(picture, cols, rows);
  return {
    head: ['point', picture.xLabel ?? 'x', picture.yLabel ?? 'y', 'group', 'region'],
    rows: Array.from({ length: Math.min(limit, points.x.length) }, (_, i) => {
      const [col, row] = to(points.x[i], points.y[i]).map(Math.floor);
      const isInside = col >= 0 && col < cols && row >= 0 && row < rows;
      return [
        points.labels?.[i] ?? i + 1,
        points.x[i],
        points.y[i],
        groups[points.group?.[i] ?? -1] ?? null,
        isInside ? (groups[classes[row * cols + col]] ?? null) : null,
      ];
    }),
  };
}
