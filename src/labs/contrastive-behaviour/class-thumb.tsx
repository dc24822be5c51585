// One thumbnail, tinted by its class, as a small canvas.
import { useLayoutEffect, useRef } from 'react';
import type { Theme } from '../../pictures/arm-colors.ts';
import type { Globe } from './globe.ts';
import { pixelsOf, tinted } from './globe-sprites.ts';

export function ClassThumb({ globe, i, theme, side }: { globe: Globe; i: number; theme: Theme; side: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    canvas
      .current!.getContext('2d')!
      .putImageData(tinted(pixelsOf(globe, i), globe.side, globe.classes[globe.labels[i]][theme]), 0, 0);
  }, [globe, i, theme]);
  return (
    <canvas
      ref={canvas}
      className="class-thumb"
      width={globe.side}
      height={globe.side}
      style={{ width: side, height: side }}
      aria-hidden="true"
    />
  );
}
