// Draws one compass rose, or one confusion table, on a 2-D canvas. Angles count clockwise from the top.
import { cividis, cssRgb } from '../../pictures/colormap.ts';

/** Colours of the page, read from its tokens. */
export interface Inks {
  ink: string;
  quiet: string;
  rule: string;
  grid: string;
  surface: string;
  font: string;
}
/** Where the arrows of a rose stand at one moment: between two frames while it glides. */
export interface Pose {
  angles: ArrayLike<number>;
  lengths: ArrayLike<number>;
  right: string;
}
export interface RoseParts {
  pen: CanvasRenderingContext2D;
  /** CSS pixels a side of the square that holds the circle, and what lies left and right of it for names. */
  size: number;
  margin: number;
  pose: Pose;
  labels: readonly number[];
  classes: readonly string[];
  order: readonly number[];
  color: string;
  inks: Inks;
  /** Only this class at full strength. */
  only: number | null;
  large: boolean;
}

/** Longest arrow drawn, as a multiple of the teacher's norm. */
export const REACH = 1.8;
/** Smaller roses have no room for names. */
const NAMED_FROM = 170;

export function inksOf(element: HTMLElement): Inks {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ink: token('--ink', '#000'),
    quiet: token('--ink-3', '#666'),
    rule: token('--rule-strong', '#888'),
    grid: token('--rule', '#ccc'),
    surface: token('--surface', '#fff'),
    font: style.fontFamily,
  };
}

/** Radians of the spoke of class `c`. */
export const spokeAngle = (order: readonly number[], c: number): number =>
  (2 * Math.PI * order.indexOf(c)) / order.length;
const pointAt = (centre: number, angle: number, radius: number): [number, number] => [
  centre + radius * Math.sin(angle),
  centre - radius * Math.cos(angle),
];
/** Room for names outside the circle. */
const outerRadius = (size: number, large: boolean): number => size / 2 - (size >= NAMED_FROM ? (large ? 24 : 17) : 5);

/** The class whose spoke is nearest to a point of the canvas; null near the middle. */
export function spokeAt(x: number, y: number, size: number, order: readonly number[]): number | null {
  const dx = x - size / 2;
  const dy = y - size / 2;
  if (Math.hypot(dx, dy) < size * 0.06) return null;
  const turn = (Math.atan2(dx, -dy) / (2 * Math.PI) + 1) % 1;
  return order[Math.round(turn * order.length) % order.length];
}

/** Angle and length of each class's mean arrow: of the circular mean angle and the mean length. */
export function classArrows(
  { angles, lengths }: Pose,
  labels: readonly number[],
  classes: number,
): { angle: number; length: number }[] {
  return Array.from({ length: classes }, (_, c) => {
    let x = 0;
    let y = 0;
    let total = 0;
    let count = 0;
    labels.forEach((label, i) => {
      if (label !== c) return;
      const a = (angles[i] * Math.PI) / 180;
      x += Math.cos(a);
      y += Math.sin(a);
      total += lengths[i];
      count++;
    });
    return { angle: Math.atan2(y, x), length: total / Math.max(1, count) };
  });
}

/** Between two frames of the same images, `share` of the way. */
export function between(from: Pose, to: Pose, share: number): Pose {
  const mix = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(b, (v, i) => a[i] + share * (v - a[i]));
  return {
    angles: mix(from.angles, to.angles),
    lengths: mix(from.lengths, to.lengths),
    right: share < 0.5 ? from.right : to.right,
  };
}

export function drawRose(parts: RoseParts): void {
  const { pen, size, margin, large } = parts;
  const outer = outerRadius(size, large);
  const ring = outer / REACH;
  pen.clearRect(-margin, 0, size + 2 * margin, size);
  pen.lineCap = 'round';
  drawRings(parts, outer, ring);
  drawArrows(parts, ring);
  pen.globalAlpha = 1;
  if (size >= NAMED_FROM) drawNames(parts, outer);
}

function drawRings({ pen, size, order, only, inks, large }: RoseParts, outer: number, ring: number): void {
  const centre = size / 2;
  pen.globalAlpha = 1;
  circle(pen, centre, outer, inks.grid, 1, []);
  circle(pen, centre, ring, inks.rule, large ? 2 : 1.25, [5, 4]);
  for (const c of order)
    stroke(
      pen,
      centre,
      pointAt(centre, spokeAngle(order, c), outer),
      only === c ? inks.ink : inks.grid,
      only === c ? 1.5 : 1,
    );
}

/** Every image a thin arrow, dotted and grey where it is misclassified; every class a bold one for its mean. */
function drawArrows(
  { pen, size, pose, labels, classes, order, only, color, inks, large }: RoseParts,
  ring: number,
): void {
  const centre = size / 2;
  const tip = (angle: number, percent: number) => pointAt(centre, angle, ring * Math.min(REACH, percent / 100));
  labels.forEach((label, i) => {
    const isRight = pose.right[i] === '1';
    pen.globalAlpha = only === null ? (isRight ? 0.42 : 0.75) : label === only ? 0.9 : 0.05;
    stroke(
      pen,
      centre,
      tip(spokeAngle(order, label) + (pose.angles[i] * Math.PI) / 180, pose.lengths[i]),
      isRight ? color : inks.quiet,
      large ? 1.6 : 1,
      isRight ? [] : [2, 3],
    );
  });
  pen.globalAlpha = 1;
  classArrows(pose, labels, classes.length).forEach(({ angle, length }, c) => {
    if (only !== null && only !== c) return;
    const to = tip(spokeAngle(order, c) + angle, length);
    stroke(pen, centre, to, inks.surface, large ? 7 : 5);
    stroke(pen, centre, to, color, large ? 4 : 2.6);
    head(pen, centre, to, color, inks.surface, large ? 11 : 7.5);
  });
}

/** Class names at the ends of their spokes, on a rim of the page's colour. */
function drawNames({ pen, size, margin, classes, order, only, inks, large }: RoseParts, outer: number): void {
  pen.font = `${large ? 15 : 10.5}px ${inks.font}`;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  for (const c of order) {
    const angle = spokeAngle(order, c);
    const width = pen.measureText(classes[c]).width;
    const lean = Math.sin(angle);
    const [x, y] = pointAt(size / 2, angle, outer + (large ? 13 : 9));
    const left = Math.abs(lean) < 0.2 ? x - width / 2 : lean > 0 ? x - 3 : x + 3 - width;
    const at = Math.min(size + margin - width - 2, Math.max(2 - margin, left));
    pen.strokeStyle = inks.surface;
    pen.lineWidth = 4;
    pen.strokeText(classes[c], at, y);
    pen.fillStyle = only === c ? inks.ink : inks.quiet;
    pen.fillText(classes[c], at, y);
  }
}

function circle(
  pen: CanvasRenderingContext2D,
  centre: number,
  radius: number,
  color: string,
  width: number,
  dash: number[],
): void {
  pen.beginPath();
  pen.arc(centre, centre, radius, 0, 2 * Math.PI);
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
}
function stroke(
  pen: CanvasRenderingContext2D,
  centre: number,
  [x, y]: [number, number],
  color: string,
  width: number,
  dash: number[] = [],
): void {
  pen.beginPath();
  pen.moveTo(centre, centre);
  pen.lineTo(x, y);
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
}
function head(
  pen: CanvasRenderingContext2D,
  centre: number,
  [x, y]: [number, number],
  color: string,
  rim: string,
  length: number,
): void {
  const angle = Math.atan2(y - centre, x - centre);
  pen.save();
  pen.translate(x, y);
  pen.rotate(angle);
  pen.beginPath();
  pen.moveTo(length * 0.6, 0);
  pen.lineTo(-length * 0.5, length * 0.55);
  pen.lineTo(-length * 0.5, -length * 0.55);
  pen.closePath();
  pen.fillStyle = color;
  pen.strokeStyle = rim;
  pen.lineWidth = 1;
  pen.stroke();
  pen.fill();
  pen.restore();
}

/** Rows: true class, columns: predicted class, both in spoke order; the share of each row as colour, on a root scale so that rare errors show. */
export function drawConfusion({
  pen,
  size,
  margin,
  confusion,
  order,
  only,
  inks,
}: {
  pen: CanvasRenderingContext2D;
  size: number;
  margin: number;
  confusion: readonly number[];
  order: readonly number[];
  only: number | null;
  inks: Inks;
}): void {
  const n = order.length;
  const edge = 8;
  const cell = (size - 2 * edge) / n;
  pen.clearRect(-margin, 0, size + 2 * margin, size);
  order.forEach((row, r) => {
    const total = Math.max(
      1,
      order.reduce((sum, c) => sum + confusion[row * n + c], 0),
    );
    order.forEach((col, c) => {
      pen.globalAlpha = only === null || only === row || only === col ? 1 : 0.25;
      pen.fillStyle = cssRgb(cividis(Math.sqrt(confusion[row * n + col] / total)));
      pen.fillRect(edge + c * cell, edge + r * cell, cell - 1, cell - 1);
    });
  });
  pen.globalAlpha = 1;
  if (only === null) return;
  pen.strokeStyle = inks.ink;
  pen.lineWidth = 1.5;
  pen.strokeRect(edge - 1, edge + order.indexOf(only) * cell - 1, size - 2 * edge + 1, cell + 1);
}
