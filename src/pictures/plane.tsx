// Points in the plane, tinted by group or drawn as images, with the way they came; the one in hand is named.
import { useCallback, useMemo } from 'react';
import { formatShort } from '../util/number-text.ts';
import type { TableData } from './data-table.tsx';
import { GroupKey, groupColor, PointCanvas, type PlaceOf } from './point-canvas.tsx';
import type { ScatterPicture } from './payloads.ts';
import { planeScales, placeIn } from './plane-place.ts';
import type { CanvasPlace } from './use-canvas.ts';

export interface PlaneProps {
  picture: ScatterPicture;
  /** What the plane shows; begins its accessible name. */
  title: string;
  height?: number;
  chosen?: number | null;
  choose?(i: number | null): void;
}

export function Plane({ picture, title, height = 340, chosen, choose }: PlaneProps) {
  const scales = useMemo(() => planeScales(picture), [picture]);
  const place = useCallback(
    (width: number, high: number): PlaceOf => {
      if (!scales) return () => [0, 0];
      const to = placeIn(scales, width, high, picture.square);
      return (i) => to(picture.x[i], picture.y[i]);
    },
    [picture, scales],
  );
  const trails = useCallback(
    (pen: CanvasRenderingContext2D, _: PlaceOf, canvas: CanvasPlace, held: number | null) => {
      if (scales && picture.trail)
        drawTrails(pen, picture, placeIn(scales, canvas.width, canvas.height, picture.square), canvas, held);
    },
    [picture, scales],
  );
  if (!scales) return <p className="plot-empty">No points yet.</p>;
  const { x, y, labels, group, groups, xLabel, yLabel, images } = picture;
  const across = xLabel && `across: ${xLabel}`;
  const up = yLabel && `up: ${yLabel}`;
  const inGroups = groups ? ` in ${groups.length} groups` : '';
  return (
    <PointCanvas
      label={`${title}: ${x.length} points${inGroups}; the table holds the numbers.`}
      count={x.length}
      height={height}
      place={place}
      under={trails}
      group={group}
      groups={images ? undefined : groups}
      images={images}
      foot={[across, up].filter(Boolean).join(', ')}
      name={(i) =>
        [labels?.[i], groups?.[group?.[i] ?? -1], `(${formatShort(x[i])}, ${formatShort(y[i])})`]
          .filter(Boolean)
          .join(' · ')
      }
      chosen={chosen}
      choose={choose}
    >
      {images && picture.trail && groups && <GroupKey groups={groups} />}
    </PointCanvas>
  );
}

/** The way of every point, faint; of the one in hand, plain. */
function drawTrails(
  pen: CanvasRenderingContext2D,
  { x, y, group, trail }: ScatterPicture,
  to: (x: number, y: number) => [number, number],
  { theme }: CanvasPlace,
  held: number | null,
): void {
  if (!trail) return;
  const { steps } = trail;
  for (let i = 0; i < x.length; i++) {
    pen.beginPath();
    for (let s = 0; s < steps; s++) pen.lineTo(...to(trail.x[i * steps + s], trail.y[i * steps + s]));
    pen.lineTo(...to(x[i], y[i]));
    pen.strokeStyle = groupColor(group?.[i] ?? 0, theme);
    pen.globalAlpha = i === held ? 1 : 0.25;
    pen.lineWidth = i === held ? 2 : 1;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

export const scatterTable = (picture: ScatterPicture, limit = 500): TableData => ({
  head: ['point', picture.xLabel ?? 'x', picture.yLabel ?? 'y', ...(picture.groups ? ['group'] : [])],
  rows: Array.from({ length: Math.min(limit, picture.x.length) }, (_, i) => [
    picture.labels?.[i] ?? i + 1,
    picture.x[i],
    picture.y[i],
    ...(picture.groups ? [picture.groups[picture.group?.[i] ?? 0] ?? null] : []),
  ]),
});
