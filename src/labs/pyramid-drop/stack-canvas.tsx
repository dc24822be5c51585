// The stack of slabs with its layer slider, and the chosen layer's picture beside it, flat and large.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCanvas, type CanvasPlace } from '../../pictures/use-canvas.ts';
import type { Theme } from '../../pictures/arm-colors.ts';
import { PATCH, SIDE } from './example.ts';
import { drawStack, layerAt, pictureCanvas, type Ring } from './slabs.ts';

export interface StackProps {
  rgb: Uint8Array;
  alive: readonly (readonly number[])[];
  layer: number;
  setLayer(layer: number): void;
  rings: readonly Ring[];
  theme: Theme;
  large: boolean;
  summary: string;
}

/** The page's colours, as canvases need them. */
function inksOf(element: Element) {
  const css = getComputedStyle(element);
  const ink = (name: string) => css.getPropertyValue(name).trim();
  return { ink: ink('--ink'), quiet: ink('--ink-3'), surface: ink('--surface'), accent: ink('--accent') };
}

export function Stack({ rgb, alive, layer, setLayer, rings, large, summary }: StackProps) {
  const image = useMemo(() => pictureCanvas(rgb), [rgb]);
  const draw = useCallback(
    (pen: CanvasRenderingContext2D, { width, height }: CanvasPlace) =>
      drawStack(pen, { width, height }, { image, alive, layer, rings, inks: inksOf(pen.canvas), large }),
    [image, alive, layer, rings, large],
  );
  const { box: frame, canvas, ...box } = useCanvas((width) => Math.min(large ? 640 : 470, width * 1.12), draw);
  const choose = (event: React.PointerEvent<HTMLCanvasElement>) => {
    if (event.type === 'pointermove' && !event.buttons) return;
    setLayer(layerAt(event.clientY - event.currentTarget.getBoundingClientRect().top, alive, box, large));
  };
  return (
    <div ref={frame} className="pd-stack">
      <canvas
        ref={canvas}
        style={{ width: box.width, height: box.height }}
        role="img"
        aria-label={summary}
        onPointerDown={choose}
        onPointerMove={choose}
      />
    </div>
  );
}

interface FlatProps extends Pick<StackProps, 'rgb' | 'rings' | 'theme'> {
  alive: readonly number[];
  label: string;
  /** Press on the picture, in its pixels. */ press?(x: number, y: number): void;
  drop(file: File): void;
}
export function FlatPicture({ rgb, alive, rings, label, press, drop, theme }: FlatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isOver, setOver] = useState(false);
  const zoom = 10;
  useEffect(() => {
    const pen = canvas.current!.getContext('2d')!;
    const image = pictureCanvas(rgb);
    const { surface } = inksOf(canvas.current!);
    const lit = new Set(alive);
    pen.setTransform(zoom, 0, 0, zoom, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.drawImage(image, 0, 0);
    for (let p = 0; p < (SIDE / PATCH) ** 2; p++) {
      if (lit.has(p)) continue;
      pen.globalAlpha = 0.84;
      pen.fillStyle = surface;
      pen.fillRect((p % (SIDE / PATCH)) * PATCH, Math.floor(p / (SIDE / PATCH)) * PATCH, PATCH, PATCH);
    }
    pen.globalAlpha = 1;
  }, [rgb, alive, theme]);
  const onClick =
    press &&
    ((event: React.MouseEvent) => {
      const at = canvas.current!.getBoundingClientRect();
      press(((event.clientX - at.left) / at.width) * SIDE, ((event.clientY - at.top) / at.height) * SIDE);
    });
  return (
    <div
      className="pd-flat"
      data-over={isOver || undefined}
      data-press={press ? '' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) drop(file);
      }}
    >
      <canvas ref={canvas} width={SIDE * zoom} height={SIDE * zoom} role="img" aria-label={label} onClick={onClick} />
      <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
        {rings.map((r, i) => (
          <g key={i}>
            <circle cx={r.x} cy={r.y} r={r.radius} className="pd-ring-under" />
            <circle cx={r.x} cy={r.y} r={r.radius} className="pd-ring" />
          </g>
        ))}
      </svg>
    </div>
  );
}
