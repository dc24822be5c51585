// The masks: how many neurons listen to each pixel, and every layer's weights as dots that thin out.
import { useEffect, useMemo, useRef } from 'react';
import type { ArmStyle, Theme } from '../../pictures/arm-colors.ts';
import { cividis, cssRgb } from '../../pictures/colormap.ts';
import { listeners, livesAt, type Ticket } from './picture.ts';
import { SIDE } from './shape.ts';
import { layerText, percent, pixelText } from './ticket-text.ts';

interface PixelProps {
  ticket: Ticket;
  round: number;
  theme: Theme;
  pixel: number | null;
  point(pixel: number | null): void;
}

/** Side of the image when it has the focus: arrow keys walk over its pixels. */
export function PixelFigure({ ticket, round, pixel, point }: PixelProps) {
  const counts = useMemo(() => listeners(ticket, round), [ticket, round]);
  const top = Math.max(...counts, 1);
  const neurons = ticket.layers[0].shape[1];
  const walk = (e: React.KeyboardEvent) => {
    const by = ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE } as Record<string, number>)[e.key];
    if (e.key === 'Escape') point(null);
    if (by === undefined) return;
    e.preventDefault();
    point(pixel === null ? (SIDE * SIDE) >> 1 : Math.max(0, Math.min(SIDE * SIDE - 1, pixel + by)));
  };
  return (
    <figure className="ticket-pixels">
      <figcaption>
        <b>Which pixels are still heard</b>
      </figcaption>
      <svg
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        role="img"
        aria-label={`${pixelText(counts, SIDE, round)} Arrow keys walk over the pixels.`}
        tabIndex={0}
        shapeRendering="crispEdges"
        onKeyDown={walk}
        onPointerLeave={() => point(null)}
        onBlur={() => point(null)}
      >
        {counts.map((n, i) => (
          <rect
            key={i}
            x={i % SIDE}
            y={Math.floor(i / SIDE)}
            width={1.02}
            height={1.02}
            fill={cssRgb(cividis(n / top))}
            onPointerEnter={() => point(i)}
          />
        ))}
        {pixel !== null && (
          <rect
            x={(pixel % SIDE) + 0.06}
            y={Math.floor(pixel / SIDE) + 0.06}
            width={0.88}
            height={0.88}
            fill="none"
            stroke="#fff"
            strokeWidth={0.12}
            shapeRendering="auto"
          />
        )}
      </svg>
      <p className="ticket-note num" aria-live="polite">
        {pixel === null ? (
          <>
            <span
              className="ticket-ramp"
              style={{
                background: `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map((t) => cssRgb(cividis(t))).join(', ')})`,
              }}
            />
            0 to {top} of {neurons} neurons
          </>
        ) : (
          <>
            Row {Math.floor(pixel / SIDE) + 1}, column {(pixel % SIDE) + 1}: heard by <strong>{counts[pixel]}</strong>{' '}
            of {neurons} neurons
          </>
        )}
      </p>
    </figure>
  );
}

interface LayersProps {
  ticket: Ticket;
  round: number;
  style: ArmStyle | undefined;
  theme: Theme;
}

/** Every weight of every layer: living ones dark, those that the next round removes light. */
export function LayerMasks({ ticket, round, style, theme }: LayersProps) {
  const widest = Math.max(...ticket.layers.map((l) => l.shape[0]));
  return (
    <figure className="ticket-layers">
      <figcaption>
        <b>Every weight of every layer</b>
        <span className="ticket-key">
          <i style={{ background: style?.hex[theme] }} />
          lives <i style={{ background: style?.hex[theme], opacity: 0.3 }} />
          goes next
        </span>
      </figcaption>
      <div className="ticket-masks">
        {ticket.layers.map((layer, l) => {
          const [inputs, outputs] = layer.shape;
          const left = ticket.left[round][l];
          return (
            <div key={layer.name}>
              <MaskCanvas
                share={inputs / widest}
                ticket={ticket}
                l={l}
                round={round}
                color={style?.hex[theme] ?? '#888888'}
                label={`${layerText(layer, l)}: ${left} of ${inputs * outputs} weights live`}
              />
              <p className="ticket-note num">
                {layerText(layer, l)}: <strong>{percent(left / (inputs * outputs))}</strong>
              </p>
            </div>
          );
        })}
      </div>
    </figure>
  );
}

/** `share`: width as a share of the figure, so that a weight is a square of one size in every layer. */
function MaskCanvas({
  share,
  ticket,
  l,
  round,
  color,
  label,
}: {
  share: number;
  ticket: Ticket;
  l: number;
  round: number;
  color: string;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [inputs, outputs] = ticket.layers[l].shape;
  useEffect(() => {
    const pen = canvas.current!.getContext('2d')!;
    const image = pen.createImageData(inputs, outputs);
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) {
        const death = ticket.deaths[ticket.offsets[l] + i * outputs + o];
        if (livesAt(death, round)) image.data.set([r, g, b, death === round + 1 ? 76 : 255], 4 * (o * inputs + i));
      }
    pen.putImageData(image, 0, 0);
  }, [ticket, l, round, color, inputs, outputs]);
  return (
    <canvas
      ref={canvas}
      width={inputs}
      height={outputs}
      role="img"
      aria-label={label}
      style={{ width: `calc(${share} * (100cqw - var(--s1)))` }}
    />
  );
}
