// Draws one frame of the globe on a 2-D canvas, orthographically, from the back to the front.
import type { Theme } from '../../pictures/arm-colors.ts';
import type { GlobeClass, Push } from './globe.ts';
import { MARGIN, TILE, type SpriteSheet } from './globe-sprites.ts';
import { apply, cross, dot, matrixOf, pointAt, unit, type Quaternion, type Vector } from './rotation.ts';

/** Colours of the page, read from its tokens. */
export interface Inks {
  surface: string;
  sunken: string;
  grid: string;
  rule: string;
  ink: string;
  quiet: string;
  font: string;
}

/** Everything a frame needs; lengths in CSS pixels. */
export interface Frame {
  pen: CanvasRenderingContext2D;
  size: number;
  radius: number;
  view: Quaternion;
  theme: Theme;
  inks: Inks;
  large: boolean;
  positions: Float32Array;
  labels: ArrayLike<number>;
  classes: readonly GlobeClass[];
  sheet: SpriteSheet | null;
  anchor: number | null;
  push: Push | null;
  /** Only this class at full strength. */
  only: number | null;
  /** A picture under the pointer, or in the list beside. */
  hovered: number | null;
  /** The picture that Enter would choose. */
  aimed: number | null;
}

/** Space around the ball inside its square. */
export const rimOf = (size: number): number => Math.max(6, size * 0.02);
export const radiusOf = (size: number): number => size / 2 - rimOf(size);

/** Points on the screen: [x, y, depth] each, x and y from the top left corner, depth 1 nearest to the eye, -1 farthest. */
export function project(positions: Float32Array, view: Quaternion, size: number): Float32Array {
  const m = matrixOf(view);
  const radius = radiusOf(size);
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = apply(m, [positions[i], positions[i + 1], positions[i + 2]]);
    out[i] = size / 2 + radius * x;
    out[i + 1] = size / 2 - radius * y;
    out[i + 2] = z;
  }
  return out;
}

/** The nearest picture of the front half within `reach` pixels, or null; `allowed` leaves out hidden ones. */
export function pick(
  screen: Float32Array,
  x: number,
  y: number,
  reach: number,
  allowed: (i: number) => boolean = () => true,
): number | null {
  let best: number | null = null;
  let least = reach;
  for (let i = 0; i < screen.length / 3; i++) {
    if (screen[3 * i + 2] < 0 || !allowed(i)) continue;
    const distance = Math.hypot(screen[3 * i] - x, screen[3 * i + 1] - y);
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** Angle of a spine, in radians: linear in r_i, so that the total length stays while the dial turns; 1 is an even share of the push. */
export const SPINE = { even: 0.055, longest: 1.45 };
export const spineAngle = (weight: number, others: number): number =>
  Math.min(SPINE.longest, SPINE.even * weight * others);

/** The unit tangent at `a` towards `b`, along the great circle; null where there is no direction. */
export function heading(a: Vector, b: Vector): Vector | null {
  const along = dot(a, b);
  const t: Vector = [b[0] - along * a[0], b[1] - along * a[1], b[2] - along * a[2]];
  return Math.hypot(...t) < 1e-4 ? null : unit(t);
}

/** Normals of the nine mirror planes of the octahedron: a net of great circles that favours no pole. */
const NET: readonly Vector[] = (
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 0],
    [1, -1, 0],
    [1, 0, 1],
    [1, 0, -1],
    [0, 1, 1],
    [0, 1, -1],
  ] as const
).map((v) => unit(v));
const NET_STEPS = 72;

export function drawFrame(f: Frame): void {
  const screen = project(f.positions, f.view, f.size);
  const byDepth = Array.from({ length: screen.length / 3 }, (_, i) => i).sort(
    (a, b) => screen[3 * a + 2] - screen[3 * b + 2],
  );
  f.pen.clearRect(0, 0, f.size, f.size);
  drawBall(f);
  drawNet(f, false);
  for (const i of byDepth) if (screen[3 * i + 2] < 0) drawPoint(f, screen, i);
  if (f.push) drawSpines(f, false);
  drawNet(f, true);
  for (const i of byDepth) if (screen[3 * i + 2] >= 0) drawPoint(f, screen, i);
  if (f.push) drawSpines(f, true);
  drawMarks(f, screen);
}

function drawBall({ pen, size, radius, inks }: Frame): void {
  const c = size / 2;
  const light = pen.createRadialGradient(c - radius * 0.35, c - radius * 0.45, radius * 0.1, c, c, radius);
  light.addColorStop(0, inks.surface);
  light.addColorStop(0.7, inks.surface);
  light.addColorStop(1, inks.sunken);
  pen.fillStyle = light;
  pen.strokeStyle = inks.rule;
  pen.lineWidth = 1;
  circle(pen, c, c, radius);
  pen.fill();
  pen.stroke();
}
function circle(pen: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
}

/** The half of each great circle that lies in front, or behind. */
function drawNet({ pen, size, radius, view, inks }: Frame, front: boolean): void {
  const m = matrixOf(view);
  const c = size / 2;
  pen.strokeStyle = inks.grid;
  pen.globalAlpha = front ? 1 : 0.5;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const normal of NET) {
    const n = apply(m, normal);
    const u = unit(cross(n, [0, 0, 1]), [1, 0, 0]);
    const v = cross(n, u);
    // u lies in the plane of the screen: half a turn from it stays on one side
    const side = v[2] > 0 === front ? 1 : -1;
    for (let k = 0; k <= NET_STEPS / 2; k++) {
      const a = (k / NET_STEPS) * 2 * Math.PI;
      const p = [0, 1].map((d) => Math.cos(a) * u[d] + side * Math.sin(a) * v[d]);
      if (k) pen.lineTo(c + radius * p[0], c - radius * p[1]);
      else pen.moveTo(c + radius * p[0], c - radius * p[1]);
    }
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/** Pixels a side of a picture at depth z. */
export const spriteSize = (radius: number, z: number, large: boolean): number =>
  Math.max(13, radius * (large ? 0.12 : 0.108)) * (0.82 + 0.18 * z);

function strengthOf(f: Frame, i: number, z: number): number {
  if (f.only !== null && f.labels[i] !== f.only && i !== f.anchor && i !== f.hovered) return 0.07;
  if (z < 0) return 0.2 + 0.1 * z;
  // the push decides how bright a picture is, unless a class was asked for
  const lit =
    f.push && i !== f.anchor && f.only === null
      ? 0.5 + 0.5 * Math.min(1, (f.push.weights[i] * (f.labels.length - 1)) / 1.2)
      : 1;
  return lit * Math.min(1, 0.6 + 0.7 * z);
}

function drawPoint(f: Frame, screen: Float32Array, i: number): void {
  const [x, y, z] = pointAt(screen, i);
  if (i === f.anchor && z >= 0) return;
  f.pen.globalAlpha = strengthOf(f, i, z);
  drawSprite(f, i, x, y, spriteSize(f.radius, z, f.large));
  f.pen.globalAlpha = 1;
}
function drawSprite({ pen, sheet }: Frame, i: number, x: number, y: number, side: number): void {
  if (!sheet) return;
  // the tile has a margin: draw it so that the picture itself gets `side`
  const drawn = side * (TILE / (TILE - 2 * MARGIN));
  pen.drawImage(
    sheet.image,
    (i % sheet.columns) * TILE,
    Math.floor(i / sheet.columns) * TILE,
    TILE,
    TILE,
    x - drawn / 2,
    y - drawn / 2,
    drawn,
    drawn,
  );
}

/** One spine per negative, from the chosen picture along the great circle towards it: length and opacity by r_i. */
function drawSpines(f: Frame, front: boolean): void {
  const { anchor, push, positions, labels, classes, theme } = f;
  if (anchor === null || !push) return;
  const from = pointAt(positions, anchor);
  const n = labels.length - 1;
  const m = matrixOf(f.view);
  const start = (spriteSize(f.radius, 1, f.large) * 0.86) / f.radius;
  f.pen.lineCap = 'round';
  // the hardest last, on top
  for (let rank = push.order.length - 1; rank >= 0; rank--) {
    const j = push.order[rank];
    const angle = spineAngle(push.weights[j], n);
    const towards = angle > 0.004 ? heading(from, pointAt(positions, j)) : null;
    if (!towards || (f.only !== null && labels[j] !== f.only)) continue;
    const share = angle / SPINE.even;
    drawArc(f, {
      m,
      from,
      towards,
      start,
      end: start + angle,
      front,
      color: classes[labels[j]][theme],
      alpha: Math.min(1, 0.22 + 0.2 * share),
      width: (f.large ? 1.6 : 1) * Math.min(3, 0.9 + 0.2 * share),
      head: share > 2.5,
    });
  }
  f.pen.globalAlpha = 1;
}

interface Arc {
  m: readonly number[];
  from: Vector;
  towards: Vector;
  start: number;
  end: number;
  front: boolean;
  color: string;
  alpha: number;
  width: number;
  head: boolean;
}

function drawArc({ pen, size, radius }: Frame, arc: Arc): void {
  const { m, from, towards, start, end, front } = arc;
  const steps = Math.max(1, Math.ceil((end - start) / 0.09));
  const c = size / 2;
  const at = (angle: number): Vector =>
    apply(m, [0, 1, 2].map((d) => Math.cos(angle) * from[d] + Math.sin(angle) * towards[d]) as unknown as Vector);
  pen.strokeStyle = pen.fillStyle = arc.color;
  pen.globalAlpha = front ? arc.alpha : arc.alpha * 0.25;
  pen.lineWidth = arc.width;
  pen.beginPath();
  let isDown = false;
  let tip: Vector | null = null;
  let before: Vector | null = null;
  for (let k = 0; k <= steps; k++) {
    const p = at(start + ((end - start) * k) / steps);
    const isHere = p[2] >= 0 === front;
    if (isHere && isDown) pen.lineTo(c + radius * p[0], c - radius * p[1]);
    if (isHere && !isDown) pen.moveTo(c + radius * p[0], c - radius * p[1]);
    isDown = isHere;
    before = tip;
    tip = p;
  }
  pen.stroke();
  if (arc.head && isDown && tip && before)
    drawHead(
      pen,
      c + radius * tip[0],
      c - radius * tip[1],
      Math.atan2(-(tip[1] - before[1]), tip[0] - before[0]),
      3 + 1.8 * arc.width,
    );
}
function drawHead(pen: CanvasRenderingContext2D, x: number, y: number, direction: number, length: number): void {
  pen.beginPath();
  pen.moveTo(x + length * Math.cos(direction), y + length * Math.sin(direction));
  for (const turn of [2.45, -2.45])
    pen.lineTo(x + length * 0.9 * Math.cos(direction + turn), y + length * 0.9 * Math.sin(direction + turn));
  pen.closePath();
  pen.fill();
}

/** The chosen picture on top, rings around it and around what is hovered or aimed at, and a label. */
function drawMarks(f: Frame, screen: Float32Array): void {
  const { pen, anchor, hovered, aimed, inks } = f;
  if (anchor !== null && screen[3 * anchor + 2] >= 0) drawAnchor(f, screen, anchor);
  for (const i of new Set([aimed, hovered])) {
    if (i === null || i === anchor) continue;
    const [x, y, z] = pointAt(screen, i);
    const side = spriteSize(f.radius, z, f.large) * 1.35;
    pen.globalAlpha = z < 0 ? 0.4 : 1;
    if (z >= 0) drawSprite(f, i, x, y, side);
    pen.strokeStyle = inks.ink;
    pen.lineWidth = 1.5;
    pen.setLineDash(i === aimed && i !== hovered ? [3, 3] : []);
    circle(pen, x, y, side * 0.72);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }
  const named = hovered ?? aimed;
  if (named !== null) drawLabel(f, screen, named);
}
function drawAnchor(f: Frame, screen: Float32Array, i: number): void {
  const { pen, inks } = f;
  const [x, y, z] = pointAt(screen, i);
  const side = spriteSize(f.radius, z, f.large) * 1.25;
  pen.fillStyle = inks.surface;
  pen.strokeStyle = inks.ink;
  pen.lineWidth = f.large ? 2.5 : 1.75;
  circle(pen, x, y, side * 0.68);
  pen.globalAlpha = 0.9;
  pen.fill();
  pen.globalAlpha = 1;
  pen.stroke();
  drawSprite(f, i, x, y, side);
}
function drawLabel(f: Frame, screen: Float32Array, i: number): void {
  const { pen, inks, size } = f;
  const [x, y, z] = pointAt(screen, i);
  const height = f.large ? 30 : 24;
  const text = f.classes[f.labels[i]].name;
  pen.font = `550 ${f.large ? 17 : 13}px ${inks.font}`;
  const width = pen.measureText(text).width + 16;
  const above = y - spriteSize(f.radius, z, f.large) - height - 4;
  const left = Math.min(size - width - 2, Math.max(2, x - width / 2));
  const top = above < 2 ? y + spriteSize(f.radius, z, f.large) + 4 : above;
  pen.fillStyle = inks.ink;
  pen.beginPath();
  pen.roundRect(left, top, width, height, 4);
  pen.fill();
  pen.fillStyle = inks.surface;
  pen.textBaseline = 'middle';
  pen.fillText(text, left + 8, top + height / 2 + 0.5);
}
