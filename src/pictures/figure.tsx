// Axes for the labs' own pictures: an SVG as wide as its place, type in true pixels, ticks and names, and a plot area to draw in.
import type { ReactNode } from 'react';
import { useWidth } from './use-width.ts';
import './figure.css';

export interface Axis {
  from: number;
  to: number;
  /** Logarithmic: both ends above zero. */
  log?: boolean;
  ticks: readonly number[];
  label: string;
  format?(value: number): string;
}
/** Where things lie, in pixels of the SVG. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  x(value: number): number;
  y(value: number): number;
}

export interface FigureProps {
  /** One sentence for those who do not see the picture. */
  summary: string;
  x: Axis;
  y: Axis;
  height: number;
  /** Presenter mode. */
  large?: boolean;
  /** Room at the right for names. */
  margin?: number;
  /** What to draw, in SVG. */
  children(frame: Frame): ReactNode;
  /** Drawn over the SVG as HTML: a canvas, a note. */
  over?(frame: Frame): ReactNode;
  /** Pointer over the plot area, in data units and in pixels of the SVG; null when it leaves. */
  onPoint?(at: { x: number; y: number; left: number; top: number } | null, frame: Frame): void;
  /** A press in the plot area; give the keyboard another way to the same. */
  onPress?(at: { x: number; y: number }): void;
}

const scaleOf = ({ from, to, log }: Axis, start: number, end: number): ((value: number) => number) => {
  const map = log ? (v: number) => Math.log(Math.max(v, 1e-12)) : (v: number) => v;
  const a = map(from);
  const b = map(to);
  return (value) => start + ((map(value) - a) / (b - a)) * (end - start);
};
const inverseOf = ({ from, to, log }: Axis, share: number): number =>
  log ? from * (to / from) ** share : from + share * (to - from);
const show = (axis: Axis, value: number): string => axis.format?.(value) ?? String(value);

export function Figure({
  summary,
  x,
  y,
  height,
  large = false,
  margin = 12,
  children,
  over,
  onPoint,
  onPress,
}: FigureProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const type = large ? 17 : 12;
  const most = Math.max(...y.ticks.map((t) => show(y, t).length), 1);
  const left = Math.round(type * (0.62 * most + 0.8));
  const right = width - margin;
  const top = Math.round(type * 1.9);
  const bottom = height - Math.round(type * 2.9);
  const frame: Frame = {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x: scaleOf(x, left, right),
    y: scaleOf(y, bottom, top),
  };
  const at = (e: React.PointerEvent<SVGSVGElement>) => {
    const r = e.currentTarget.getBoundingClientRect();
    const u = (e.clientX - r.left - left) / (right - left);
    const v = (bottom - (e.clientY - r.top)) / (bottom - top);
    return u < -0.02 || u > 1.02 || v < -0.02 || v > 1.02
      ? null
      : { x: inverseOf(x, u), y: inverseOf(y, v), left: e.clientX - r.left, top: e.clientY - r.top };
  };
  return (
    <div className="figure" ref={box} style={{ fontSize: type }}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={summary}
        data-press={onPress ? '' : undefined}
        onPointerMove={onPoint && ((e) => onPoint(at(e), frame))}
        onPointerLeave={onPoint && (() => onPoint(null, frame))}
        onPointerUp={
          onPress &&
          ((e) => {
            const p = at(e);
            if (p) onPress(p);
          })
        }
      >
        {y.ticks.map((t) => (
          <g key={t}>
            <path className="figure-grid" d={`M${left} ${frame.y(t)}H${right}`} />
            <text className="figure-tick" x={left - 6} y={frame.y(t)} dy="0.32em" textAnchor="end">
              {show(y, t)}
            </text>
          </g>
        ))}
        {x.ticks.map((t) => (
          <g key={t}>
            <path className="figure-axis" d={`M${frame.x(t)} ${bottom}v4`} />
            <text className="figure-tick" x={frame.x(t)} y={bottom + 6} dy="0.8em" textAnchor="middle">
              {show(x, t)}
            </text>
          </g>
        ))}
        <path className="figure-axis" d={`M${left} ${bottom}H${right}`} />
        <text className="figure-name" x={right} y={height - 2} textAnchor="end">
          {x.label}
        </text>
        <text className="figure-name" x={0} y={type}>
          {y.label}
        </text>
        {children(frame)}
      </svg>
      {over?.(frame)}
    </div>
  );
}

/** SVG path through points; gaps (NaN, null) break it. */
export function pathOf(points: readonly (readonly [number, number | null])[], frame: Pick<Frame, 'x' | 'y'>): string {
  let pen = 'M';
  return points
    .map(([x, y]) => {
      if (y === null || !Number.isFinite(y)) {
        pen = 'M';
        return '';
      }
      const move = `${pen}${frame.x(x).toFixed(1)} ${frame.y(y).toFixed(1)}`;
      pen = 'L';
      return move;
    })
    .join('');
}
/** The strip between two curves over the same x. */
export const areaOf = (
  points: readonly (readonly [x: number, low: number, high: number])[],
  frame: Pick<Frame, 'x' | 'y'>,
): string =>
  points.length
    ? `${pathOf(
        points.map(([x, , high]) => [x, high]),
        frame,
      )}${pathOf(
        points.toReversed().map(([x, low]) => [x, low]),
        frame,
      ).replace('M', 'L')}Z`
    : '';
