// The lottery wall: each dot a weight, across its first value, up its trained value. Pruned dots are blown away, survivors move on.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ArmStyle, Theme } from '../../pictures/arm-colors.ts';
import { Figure, type Frame } from '../../pictures/figure.tsx';
import { Chips } from '../../pictures/chips.tsx';
import { lerp, useGlide } from '../../pictures/use-glide.ts';
import { linearTicks } from '../../util/ticks.ts';
import { layerOf, livesAt, type Ticket } from './picture.ts';
import { layerText, percent } from './ticket-text.ts';

const GLIDE_MS = 600;
const ALL_LAYERS = -1;

export interface Dot {
  x: number;
  y: number;
  /** 0 gone .. 1 there. */ light: number;
  /** Removed by the next round. */ goes: boolean;
  index: number;
}

/** The wall's dots of one round; those that died before it stay, unlit, where they were last. */
export function dotsAt(ticket: Ticket, round: number): Dot[] {
  const { index, start, trained } = ticket.wall;
  const n = index.length;
  const isFresh = start.length > n;
  return index.map((weight, i) => {
    const death = ticket.deaths[weight];
    const lives = livesAt(death, round);
    const seen = lives ? round : death - 1;
    return {
      x: start[(isFresh ? seen * n : 0) + i],
      y: trained[seen * n + i],
      light: lives ? 1 : 0,
      goes: death === round + 1,
      index: weight,
    };
  });
}

interface WallProps {
  ticket: Ticket;
  round: number;
  style: ArmStyle | undefined;
  theme: Theme;
  large: boolean;
  isStill: boolean;
  pixel: number | null;
}

export function WallFigure({ ticket, round, style, theme, large, isStill, pixel }: WallProps) {
  const [layer, setLayer] = useState<number | null>(null);
  const dots = useMemo(() => dotsAt(ticket, round), [ticket, round]);
  const shown = useGlide(dots, { mix: mixDots, fits: fitDots, isStill, ms: GLIDE_MS });
  const reach = ticket.wall.scale * 1.04;
  const ticks = linearTicks(-reach, reach, 4);
  const isOn = (d: Dot) => layer === null || layerOf(ticket, d.index) === layer;
  const axis = { from: -reach, to: reach, ticks, format: (v: number) => String(v).replace('-', '−') };
  const living = dots.filter((d) => d.light === 1 && isOn(d));
  const going = living.filter((d) => d.goes);
  const summary = `Lottery wall, round ${round}: ${living.length} of ${dots.filter(isOn).length} sampled weights live; the next round removes ${going.length}, those with trained values nearest zero.`;
  return (
    <figure className="ticket-wall">
      <figcaption>
        <b>The lottery wall</b>
        <Chips
          label="Layers on the wall"
          look="bare"
          items={[
            { id: ALL_LAYERS, label: 'all', isOn: layer === null },
            ...ticket.layers.map((l, i) => ({
              id: i,
              label: `layer ${i + 1}`,
              isOn: layer === i,
              title: layerText(l, i),
            })),
          ]}
          press={(id) => setLayer(id === ALL_LAYERS ? null : id)}
        />
      </figcaption>
      <Figure
        summary={summary}
        x={{ ...axis, label: 'first value' }}
        y={{ ...axis, label: 'trained value' }}
        height={large ? 460 : 330}
        large={large}
        over={(frame) => (
          <Dots
            frame={frame}
            dots={shown.filter(isOn)}
            color={style?.hex[theme] ?? '#888888'}
            dead={theme === 'dark' ? '#717985' : '#8b8678'}
            radius={large ? 3.2 : 2.1}
            outputs={ticket.layers[0].shape[1]}
            inputs={ticket.layers[0].shape[0]}
            pixel={pixel}
          />
        )}
      >
        {(f) => <path className="ticket-diagonal" d={`M${f.left} ${f.bottom}L${f.right} ${f.top}`} />}
      </Figure>
      <p className="ticket-note num">
        {going.length ? (
          <>
            {living.length} of {dots.filter(isOn).length} sampled weights live; the pale {going.length} go next
          </>
        ) : (
          <>
            {living.length} of {dots.filter(isOn).length} sampled weights live (
            {percent(living.length / Math.max(1, dots.filter(isOn).length))})
          </>
        )}
        . On the diagonal: unchanged by training.
      </p>
    </figure>
  );
}

interface DotsProps {
  frame: Frame;
  dots: Dot[];
  color: string;
  dead: string;
  radius: number;
  inputs: number;
  outputs: number;
  pixel: number | null;
}
function Dots({ frame, dots, color, dead, radius, inputs, outputs, pixel }: DotsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { left, right, top, bottom } = frame;
  const width = right - left;
  const height = bottom - top;
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const ratio = Math.min(3, devicePixelRatio || 1);
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
    const from = pixel === null ? -1 : pixel * outputs;
    const isPicked = (d: Dot) =>
      pixel !== null && d.index < inputs * outputs && d.index >= from && d.index < from + outputs;
    for (const d of [...dots].sort((a, b) => a.light - b.light))
      drawDot(pen, frame, d, { color, dead, radius, isPicked: isPicked(d), isDim: pixel !== null && !isPicked(d) });
  });
  return <canvas ref={canvas} className="ticket-dots" aria-hidden="true" style={{ left, top, width, height }} />;
}

function drawDot(
  pen: CanvasRenderingContext2D,
  { x, y }: Frame,
  d: Dot,
  {
    color,
    dead,
    radius,
    isPicked,
    isDim,
  }: { color: string; dead: string; radius: number; isPicked: boolean; isDim: boolean },
): void {
  // a dying dot is blown to the right and upwards, each in a way of its own
  const away = (1 - d.light) * (d.light > 0 ? 1 : 0);
  const drift = 60 + (d.index % 97);
  const at: [number, number] = [x(d.x) + away * drift, y(d.y) - away * (d.index % 41)];
  pen.globalAlpha = (d.light === 0 ? 0.22 : (d.goes ? 0.35 : 0.85) * Math.max(0.15, d.light)) * (isDim ? 0.25 : 1);
  pen.fillStyle = d.light === 0 ? dead : color;
  pen.beginPath();
  pen.arc(...at, d.light === 0 ? radius * 0.45 : radius * (isPicked ? 1.9 : 1), 0, 2 * Math.PI);
  pen.fill();
}

/** The dots a share of the way from one round to the next. */
const mixDots = (from: Dot[], to: Dot[], s: number): Dot[] =>
  to.map((dot, i) => ({
    ...dot,
    x: lerp(from[i].x, dot.x, s),
    y: lerp(from[i].y, dot.y, s),
    light: lerp(from[i].light, dot.light, s),
  }));
const fitDots = (from: Dot[], to: Dot[]): boolean => from.length === to.length;
