// Points on a canvas with what all such pictures share: marks by group, images as marks, hit testing, arrow keys, a
// line that names the point in hand, and the key of the groups. Plane, DecisionPlane, Simplex and GraphDrawing stand on it.
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { ARM_HUES, REFERENCE_HUE, type Theme } from './arm-colors.ts';
import { imageAtlas, type Atlas } from './image-pixels.ts';
import type { ImagesPicture, Numbers } from './payloads.ts';
import { useCanvas, type CanvasPlace } from './use-canvas.ts';
import { nearestPoint, onWalk, pointWalk } from './walk.ts';
import './pictures.css';

/** Where point `i` lies, in CSS pixels of the canvas. */
export type PlaceOf = (i: number) => readonly [x: number, y: number];

export interface PointCanvasProps {
  /** What the picture shows, in words. */
  label: string;
  count: number;
  height: number | ((width: number) => number);
  /** From `useCallback`. */
  place(width: number, height: number): PlaceOf;
  group?: Numbers;
  groups?: readonly string[];
  /** One image per point, drawn in its place. */
  images?: ImagesPicture;
  /** Drawn below the points; from `useCallback`. */
  under?(pen: CanvasRenderingContext2D, at: PlaceOf, place: CanvasPlace, held: number | null): void;
  /** The point in words. */
  name(i: number): string;
  /** What the axes mean, below the picture. */
  foot?: string;
  chosen?: number | null;
  choose?(i: number | null): void;
  children?: ReactNode;
}

const SHAPES = 3;
const IMAGE_SIDE = 22;

/** Six hues, then the same hues in other shapes; groups below zero are grey. */
export const groupColor = (group: number, theme: Theme): string =>
  (group < 0 ? REFERENCE_HUE : ARM_HUES[group % ARM_HUES.length])[theme];

/** Draws the mark of a group around a place. */
export function drawMark(
  pen: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  r: number,
  group: number,
): void {
  pen.beginPath();
  switch (Math.floor(Math.max(0, group) / ARM_HUES.length) % SHAPES) {
    case 1:
      pen.rect(x - r, y - r, 2 * r, 2 * r);
      break;
    case 2:
      pen.moveTo(x, y - r * 1.4);
      pen.lineTo(x + r * 1.3, y + r);
      pen.lineTo(x - r * 1.3, y + r);
      break;
    default:
      pen.arc(x, y, r, 0, 2 * Math.PI);
  }
  pen.fill();
}

export function PointCanvas({
  label,
  count,
  height,
  place,
  group,
  groups,
  images,
  under,
  name,
  foot,
  chosen = null,
  choose,
  children,
}: PointCanvasProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const held = pointed !== null && pointed < count ? pointed : chosen !== null && chosen < count ? chosen : null;
  const atlas = useMemo(() => images && imageAtlas(images), [images]);
  const draw = useCallback(
    (pen: CanvasRenderingContext2D, canvas: CanvasPlace) => {
      const at = place(canvas.width, canvas.height);
      under?.(pen, at, canvas, held);
      if (images && atlas) drawImages(pen, at, count, images, atlas, held, canvas);
      else drawMarks(pen, at, count, group, held, canvas);
    },
    [place, under, images, atlas, group, count, held],
  );
  const { box, canvas, width, height: high } = useCanvas(height, draw);
  const at = place(width, high);
  const find = (event: React.PointerEvent | React.MouseEvent): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return nearestPoint(count, at, event.clientX - left, event.clientY - top);
  };
  return (
    <div className="points">
      <div ref={box}>
        <canvas
          ref={canvas}
          style={{ width, height: high }}
          role="img"
          tabIndex={0}
          aria-label={`${label} Arrow keys walk over the points.`}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && choose) return choose(held);
            onWalk(pointWalk(count, at), held, setPointed)(event);
          }}
          onPointerMove={(event) => setPointed(find(event))}
          onPointerLeave={() => setPointed(null)}
          onBlur={() => setPointed(null)}
          onClick={choose && ((event) => choose(find(event)))}
        />
      </div>
      <p className="tiny quiet num points-foot">
        <span>{foot}</span>
        <span aria-live="polite">{held === null ? '' : name(held)}</span>
      </p>
      {groups && <GroupKey groups={groups} />}
      {children}
    </div>
  );
}

/** Group names beside their marks. */
export const GroupKey = ({ groups }: { groups: readonly string[] }) => (
  <ul className="group-key tiny">
    {groups.map((group, i) => (
      <li key={i}>
        <span
          className="swatch"
          data-shape={Math.floor(i / ARM_HUES.length) % SHAPES}
          style={{ background: `var(--arm-${i % ARM_HUES.length})` }}
        />
        {group}
      </li>
    ))}
  </ul>
);

function drawMarks(
  pen: CanvasRenderingContext2D,
  at: PlaceOf,
  count: number,
  group: Numbers | undefined,
  held: number | null,
  { theme, ink }: CanvasPlace,
): void {
  const r = count > 800 ? 2 : 3;
  pen.globalAlpha = 0.75;
  for (let i = 0; i < count; i++) {
    pen.fillStyle = groupColor(group?.[i] ?? 0, theme);
    drawMark(pen, at(i), r, group?.[i] ?? 0);
  }
  pen.globalAlpha = 1;
  if (held === null) return;
  pen.fillStyle = ink('--ink');
  drawMark(pen, at(held), r + 5, group?.[held] ?? 0);
  pen.fillStyle = groupColor(group?.[held] ?? 0, theme);
  drawMark(pen, at(held), r + 3, group?.[held] ?? 0);
}

function drawImages(
  pen: CanvasRenderingContext2D,
  at: PlaceOf,
  count: number,
  images: ImagesPicture,
  { canvas, columns }: Atlas,
  held: number | null,
  { ink }: CanvasPlace,
): void {
  const { width, height } = images;
  const stamp = (i: number, side: number) => {
    const [x, y] = at(i);
    const from = [(i % columns) * width, Math.floor(i / columns) * height] as const;
    pen.drawImage(canvas, ...from, width, height, x - side / 2, y - side / 2, side, side);
  };
  pen.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) stamp(i, IMAGE_SIDE);
  if (held === null) return;
  const [x, y] = at(held);
  const side = 2 * IMAGE_SIDE;
  stamp(held, side);
  pen.strokeStyle = ink('--ink');
  pen.lineWidth = 2;
  pen.strokeRect(x - side / 2, y - side / 2, side, side);
}
