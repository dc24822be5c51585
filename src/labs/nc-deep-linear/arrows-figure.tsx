// Arrows of the class means in three dimensions, with samples as dots and the formula as dashed arrows. Drag or arrow keys turn the view.
import { useRef } from 'react';
import { useWidth } from '../../pictures/use-width.ts';
import { seen, type Camera, type Projection } from './project.ts';

export const CLASS_COLORS = ['var(--arm-0)', 'var(--arm-1)', 'var(--arm-2)'];
const AXES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Radians for a pixel of drag, and for a key. */
const DRAG = 0.01;
const KEY = 0.12;
const STEEPEST = 1.5;

export interface ArrowsProps {
  layer: Projection;
  labels: readonly number[];
  /** [3, 3] */
  predicted: Float64Array | null;
  camera: Camera;
  turn(camera: Camera): void;
  height: number;
  name: string;
}

export function ArrowsFigure({ layer, labels, predicted, camera, turn, height, name }: ArrowsProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const held = useRef<{ x: number; y: number; camera: Camera } | null>(null);
  const reach = reachOf(layer, predicted);
  const scale = (0.58 * Math.min(width, height)) / reach;
  const at = (point: ArrayLike<number> & Iterable<number>): [number, number] => {
    const [across, up] = seen(point, camera);
    return [width / 2 + scale * across, 0.62 * height - scale * up];
  };
  const move = (by: Partial<Camera>) =>
    turn({
      turn: camera.turn + (by.turn ?? 0),
      tilt: Math.max(-STEEPEST, Math.min(STEEPEST, camera.tilt + (by.tilt ?? 0))),
    });
  return (
    <div ref={box} className="collapse-arrows">
      <svg
        width={width}
        height={height}
        role="img"
        tabIndex={0}
        aria-label={`${name}: three class means as arrows. Arrow keys turn the view; the table holds the lengths.`}
        onKeyDown={(e) => {
          const by = (
            {
              ArrowLeft: { turn: -KEY },
              ArrowRight: { turn: KEY },
              ArrowUp: { tilt: KEY },
              ArrowDown: { tilt: -KEY },
            } as Record<string, Partial<Camera>>
          )[e.key];
          if (!by) return;
          e.preventDefault();
          move(by);
        }}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          held.current = { x: e.clientX, y: e.clientY, camera };
        }}
        onPointerMove={(e) => {
          const from = held.current;
          if (!from) return;
          const tilt = from.camera.tilt + DRAG * (e.clientY - from.y);
          turn({
            turn: from.camera.turn + DRAG * (e.clientX - from.x),
            tilt: Math.max(-STEEPEST, Math.min(STEEPEST, tilt)),
          });
        }}
        onPointerUp={() => (held.current = null)}
        onPointerCancel={() => (held.current = null)}
      >
        {AXES.map((axis, i) => (
          <path key={i} className="collapse-axis" d={line(at([0, 0, 0]), at(axis.map((v) => v * reach)))} />
        ))}
        {labels.map((k, i) => {
          const [x, y] = at(layer.rows.subarray(3 * i, 3 * i + 3));
          return <circle key={i} cx={x} cy={y} r={2.4} fill={CLASS_COLORS[k]} opacity={0.55} />;
        })}
        {CLASS_COLORS.map((color, k) => (
          <g key={k}>
            <Arrow from={at([0, 0, 0])} to={at(layer.means.subarray(3 * k, 3 * k + 3))} color={color} />
            {predicted && <Ghost from={at([0, 0, 0])} to={at(predicted.subarray(3 * k, 3 * k + 3))} color={color} />}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Half the picture in the layer's own units: the arrows, and most of the samples. */
function reachOf({ means, rows }: Projection, predicted: Float64Array | null): number {
  const length = (v: Float64Array, i: number) => Math.hypot(v[3 * i], v[3 * i + 1], v[3 * i + 2]);
  const arrows = [means, ...(predicted ? [predicted] : [])].flatMap((of) => [0, 1, 2].map((k) => length(of, k)));
  const samples = Array.from({ length: rows.length / 3 }, (_, i) => length(rows, i)).sort((a, b) => a - b);
  return 1.05 * Math.max(...arrows, 0.9 * (samples[Math.floor(0.8 * samples.length)] ?? 0), 1e-9);
}

type Place = readonly [number, number];
const line = (a: Place, b: Place): string =>
  `M${a[0].toFixed(1)} ${a[1].toFixed(1)}L${b[0].toFixed(1)} ${b[1].toFixed(1)}`;

function Arrow({ from, to, color }: { from: Place; to: Place; color: string }) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length < 2) return <circle cx={to[0]} cy={to[1]} r={4} fill="none" stroke={color} strokeWidth={2} />;
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const head = Math.min(11, length / 2);
  const wing = (side: number): Place => [
    to[0] - head * ux + side * 0.45 * head * uy,
    to[1] - head * uy - side * 0.45 * head * ux,
  ];
  return (
    <g stroke={color} strokeWidth={3} fill={color}>
      <path d={line(from, [to[0] - (head / 2) * ux, to[1] - (head / 2) * uy])} />
      <path strokeWidth={1} d={`${line(to, wing(1))}L${wing(-1)[0].toFixed(1)} ${wing(-1)[1].toFixed(1)}Z`} />
    </g>
  );
}

const Ghost = ({ from, to, color }: { from: Place; to: Place; color: string }) => (
  <g className="collapse-ghost" stroke={color}>
    <path d={line(from, to)} />
    <circle cx={to[0]} cy={to[1]} r={7} />
  </g>
);
