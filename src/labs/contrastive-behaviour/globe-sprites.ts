// Thumbnails cut out of their black ground and tinted by class, for the globe and for lists.
import type { Theme } from '../../pictures/arm-colors.ts';
import type { Globe } from './globe.ts';

/** Pixels a side of a tile in the sheet, and of the margin in it that holds the outline. */
export const TILE = 40;
export const MARGIN = 4;
const COLUMNS = 20;
const OUTLINE = 1.6;

/** One tile per picture: tile i lies at column i % 20, row floor(i / 20). */
export interface SpriteSheet {
  image: HTMLCanvasElement;
  columns: number;
}

type Rgb = readonly [number, number, number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** One picture [side, side] as RGBA: grey becomes shade of the tint, black becomes clear. */
export function tinted(pixels: Uint8Array, side: number, hex: string): ImageData {
  const rgb = rgbOf(hex);
  const out = new ImageData(side, side);
  pixels.forEach((grey, i) => {
    // dark clothes stay opaque: what is barely above black already covers
    const cover = Math.min(1, Math.max(0, (grey - 10) / 60));
    const shade = 0.72 + 0.42 * (grey / 255);
    rgb.forEach((c, k) => {
      out.data[4 * i + k] = c * shade;
    });
    out.data[4 * i + 3] = 255 * cover;
  });
  return out;
}

export const pixelsOf = ({ pixels, side }: Pick<Globe, 'pixels' | 'side'>, i: number): Uint8Array =>
  pixels.subarray(i * side * side, (i + 1) * side * side);

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return [canvas, canvas.getContext('2d')!];
}

/** All pictures with an outline in the colour of the globe, so that neighbours stay apart. */
export function drawSheet(globe: Globe, theme: Theme, outline: string): SpriteSheet {
  const { points, side, labels, classes } = globe;
  const rows = Math.ceil(points / COLUMNS);
  // a clear pixel around each picture, so that enlarging one does not draw its neighbour's edge
  const cell = side + 2;
  const [small, pen] = canvasOf(cell * COLUMNS, cell * rows);
  const [image, sheet] = canvasOf(TILE * COLUMNS, TILE * rows);
  const inner = ((TILE - 2 * MARGIN) * cell) / side;
  const inset = (TILE - inner) / 2;
  const place = (source: HTMLCanvasElement, dx: number, dy: number) => {
    for (let i = 0; i < points; i++) {
      const c = i % COLUMNS;
      const r = Math.floor(i / COLUMNS);
      sheet.drawImage(
        source,
        c * cell,
        r * cell,
        cell,
        cell,
        c * TILE + inset + dx,
        r * TILE + inset + dy,
        inner,
        inner,
      );
    }
  };
  for (let i = 0; i < points; i++)
    pen.putImageData(
      tinted(pixelsOf(globe, i), side, classes[labels[i]][theme]),
      (i % COLUMNS) * cell + 1,
      Math.floor(i / COLUMNS) * cell + 1,
    );
  sheet.imageSmoothingQuality = 'high';
  const shadow = silhouettes(small, outline);
  for (let k = 0; k < 8; k++)
    place(shadow, OUTLINE * Math.cos((k * Math.PI) / 4), OUTLINE * Math.sin((k * Math.PI) / 4));
  place(small, 0, 0);
  return { image, columns: COLUMNS };
}

/** The same shapes in one colour. */
function silhouettes(source: HTMLCanvasElement, colour: string): HTMLCanvasElement {
  const [out, ink] = canvasOf(source.width, source.height);
  ink.drawImage(source, 0, 0);
  ink.globalCompositeOperation = 'source-in';
  ink.fillStyle = colour;
  ink.fillRect(0, 0, out.width, out.height);
  return out;
}
