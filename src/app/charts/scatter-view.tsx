// Points in the plane on a canvas, tinted by group; the nearest to the pointer is named.
import { useEffect, useMemo, useRef, useState } from 'react';
import { ARM_HUES, REFERENCE_HUE, type Theme } from '../../pictures/arm-colors.ts';
import type { ScatterPicture } from '../../pictures/payloads.ts';
import { formatShort } from '../format.ts';
import { useTheme } from '../theme.ts';
import type { TableData } from './export.ts';
import { scaleOf, type Scale } from './scale.ts';
import { useWidth } from './use-size.ts';

const PAD = 10;
const SHAPES = 3;
/** Ten and more groups: six hues, then the same hues as other shapes. */
const colorOf = (group: number, theme: Theme): string =>
  (group < 0 ? REFERENCE_HUE : ARM_HUES[group % ARM_HUES.length])[theme];

export function Scatter({ picture, title, height = 340 }: { picture: ScatterPicture; title: string; height?: number }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const [near, setNear] = useState<number | null>(null);
  const view = useMemo(() => placed(picture, width, height), [picture, width, height]);
  useEffect(() => {
    if (canvas.current && view) draw(canvas.current, picture, view, width, height, theme, near);
  }, [picture, view, width, height, theme, near]);
  if (!view)
    return (
      <div ref={box}>
        <p className="plot-empty">No points yet.</p>
      </div>
    );
  const name = (i: number) =>
    [
      picture.labels?.[i],
      picture.groups?.[picture.group?.[i] ?? -1],
      `(${formatShort(picture.x[i])}, ${formatShort(picture.y[i])})`,
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <div ref={box}>
      <canvas
        ref={canvas}
        style={{ width, height }}
        role="img"
        aria-label={`${title}: ${picture.x.length} points${picture.groups ? ` in ${picture.groups.length} groups` : ''}; the table holds the numbers.`}
        onPointerMove={(event) => {
          const at = event.currentTarget.getBoundingClientRect();
          setNear(view.nearest(event.clientX - at.left, event.clientY - at.top));
        }}
        onPointerLeave={() => setNear(null)}
      />
      <p className="tiny quiet num scatter-foot">
        <span>
          {[picture.xLabel && `across: ${picture.xLabel}`, picture.yLabel && `up: ${picture.yLabel}`]
            .filter(Boolean)
            .join(', ')}
        </span>
        <span>{near === null ? '' : name(near)}</span>
      </p>
      {picture.groups && (
        <ul className="group-key tiny">
          {picture.groups.map((group, i) => (
            <li key={i}>
              <span
                className="swatch"
                data-shape={Math.floor(i / ARM_HUES.length) % SHAPES}
                style={{ background: colorOf(i, theme) }}
              />
              {group}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface Placed {
  at(i: number): [number, number];
  nearest(x: number, y: number): number | null;
}

function placed(picture: ScatterPicture, width: number, height: number): Placed | null {
  const x = scaleOf(Array.from(picture.x));
  const y = scaleOf(Array.from(picture.y));
  if (!x || !y) return null;
  const span = (scale: Scale) => scale.domain[1] - scale.domain[0];
  const unit = picture.square ? Math.min((width - 2 * PAD) / span(x), (height - 2 * PAD) / span(y)) : null;
  const [w, h] = unit ? [unit * span(x), unit * span(y)] : [width - 2 * PAD, height - 2 * PAD];
  const at = (i: number): [number, number] => [
    (width - w) / 2 + x.at(picture.x[i]) * w,
    (height + h) / 2 - y.at(picture.y[i]) * h,
  ];
  return {
    at,
    nearest(px, py) {
      let best: number | null = null;
      let least = 20 ** 2;
      for (let i = 0; i < picture.x.length; i++) {
        const [qx, qy] = at(i);
        const distance = (qx - px) ** 2 + (qy - py) ** 2;
        if (distance < least) {
          least = distance;
          best = i;
        }
      }
      return best;
    },
  };
}

function draw(
  canvas: HTMLCanvasElement,
  picture: ScatterPicture,
  view: Placed,
  width: number,
  height: number,
  theme: Theme,
  near: number | null,
): void {
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  const r = picture.x.length > 800 ? 2 : 3;
  for (let i = 0; i < picture.x.length; i++) {
    const group = picture.group?.[i] ?? 0;
    const [x, y] = view.at(i);
    const size = i === near ? r + 3 : r;
    context.fillStyle = colorOf(group, theme);
    context.globalAlpha = i === near ? 1 : 0.75;
    context.beginPath();
    switch (Math.floor(group / ARM_HUES.length) % SHAPES) {
      case 1:
        context.rect(x - size, y - size, 2 * size, 2 * size);
        break;
      case 2:
        context.moveTo(x, y - size * 1.4);
        context.lineTo(x + size * 1.3, y + size);
        context.lineTo(x - size * 1.3, y + size);
        break;
      default:
        context.arc(x, y, size, 0, 2 * Math.PI);
    }
    context.fill();
  }
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
