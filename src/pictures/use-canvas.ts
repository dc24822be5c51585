// A canvas that is sharp on dense screens, as wide as its place, and drawn anew on resize, zoom and change of theme.
import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { Theme } from './arm-colors.ts';
import { usePageTheme, usePixelRatio } from './use-media.ts';
import { useWidth } from './use-width.ts';

/** Where to draw, in CSS pixels, and in which colours. */
export interface CanvasPlace {
  width: number;
  height: number;
  theme: Theme;
  /** The page's colour by the name of its custom property, as "--ink". */
  ink(name: string): string;
}
export type Draw = (pen: CanvasRenderingContext2D, place: CanvasPlace) => void;

export interface CanvasRefs {
  /** For the element around the canvas, which gives the width. */
  box: RefObject<HTMLDivElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  width: number;
  height: number;
}

/**
 * Draws before the page is painted, so that nothing jumps.
 * @param height in CSS pixels, or as a function of the width
 * @param draw from `useCallback`: a new function draws anew. The pen starts cleared and scaled to CSS pixels.
 */
export function useCanvas(height: number | ((width: number) => number), draw: Draw): CanvasRefs {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = usePageTheme();
  const ratio = usePixelRatio();
  const high = typeof height === 'number' ? height : Math.round(height(width));
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    element.width = Math.round(width * ratio);
    element.height = Math.round(high * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const css = getComputedStyle(element);
    draw(pen, { width, height: high, theme, ink: (name) => css.getPropertyValue(name).trim() });
  }, [draw, width, high, theme, ratio]);
  return { box, canvas, width, height: high };
}
