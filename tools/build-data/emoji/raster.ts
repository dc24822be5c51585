// Draws an SVG document: rendered larger than asked for, then averaged down with transparency in mind.
import { fromPackage } from './icon-sets.ts';

interface Rendered {
  width: number;
  height: number;
  pixels: Uint8Array;
}
type Resvg = new (svg: string, options: object) => { render(): Rendered };

/** Pixels a side at which everything is rendered; a multiple of every size. */
const SIDE = 128;

/** A square picture: [4, size, size] bytes, colours not multiplied by alpha. */
export function rasterise(svg: string, size: number): Uint8Array {
  const { Resvg } = fromPackage('@resvg/resvg-js') as { Resvg: Resvg };
  const { width, height, pixels } = new Resvg(svg, {
    fitTo: { mode: 'width', value: SIDE },
    font: { loadSystemFonts: false },
  }).render();
  if (width !== SIDE || height !== SIDE)
    throw new Error(`rasterise: ${SIDE} by ${SIDE} pixels; got ${width} by ${height}`);
  return shrink(pixels, size);
}

/** Means of blocks of premultiplied RGBA, given back as straight RGBA planes; fully transparent pixels are zero. */
function shrink(pixels: Uint8Array, size: number): Uint8Array {
  const k = SIDE / size;
  const area = size * size;
  const planes = new Uint8Array(4 * area);
  const sum = [0, 0, 0, 0];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      sum.fill(0);
      for (let i = 0; i < k * k; i++) {
        const at = 4 * ((y * k + Math.floor(i / k)) * SIDE + x * k + (i % k));
        for (let c = 0; c < 4; c++) sum[c] += pixels[at + c];
      }
      const alpha = Math.round(sum[3] / (k * k));
      for (let c = 0; c < 3; c++)
        planes[c * area + y * size + x] = alpha === 0 ? 0 : Math.min(255, Math.round((255 * sum[c]) / sum[3]));
      planes[3 * area + y * size + x] = alpha;
    }
  }
  return planes;
}
