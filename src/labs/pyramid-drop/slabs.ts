// Draws the stack of slabs: the picture once per decoder layer, tilted, narrower where fewer patches are alive.
import { PATCH, SIDE } from './example.ts';

export interface Ring {
  x: number;
  y: number;
  radius: number;
}
export interface StackScene {
  /** The picture, 48 x 48 pixels. */
  image: CanvasImageSource;
  /** Patches alive in each layer. */
  alive: readonly (readonly number[])[];
  /** Layer that is looked at. */
  layer: number;
  /** Objects that the answer rests on, in pixels of the picture. */
  rings: readonly Ring[];
  inks: { ink: string; quiet: string; surface: string; accent: string };
  large: boolean;
}
export interface StackBox {
  width: number;
  height: number;
}

const PER_ROW = SIDE / PATCH;
const TILT = { shear: -0.34, squash: 0.36 };
const ALL = PER_ROW * PER_ROW;
const labelWidth = (large: boolean) => (large ? 150 : 104);

/** Corner, and the two edge vectors of a slab. */
interface Place {
  x: number;
  y: number;
  side: number;
}

/** Where each layer's slab lies, the first at the bottom. */
export function placesOf(alive: StackScene['alive'], { width, height }: StackBox, large: boolean): Place[] {
  const room = width - labelWidth(large);
  const full = Math.min(room / (1 - TILT.shear), (height - 24) / (TILT.squash + 1.25));
  const gap = (height - 16 - full * TILT.squash) / Math.max(1, alive.length - 1);
  return alive.map((patches, l) => {
    const side = full * (0.36 + 0.64 * Math.sqrt(patches.length / ALL));
    const foot = height - 8 - l * gap;
    const middle = room / 2;
    return { side, x: middle - (side * (1 - TILT.shear)) / 2, y: foot - ((side + full) * TILT.squash) / 2 };
  });
}

/** The layer whose slab lies nearest to a height on the canvas. */
export function layerAt(y: number, alive: StackScene['alive'], box: StackBox, large: boolean): number {
  const middles = placesOf(alive, box, large).map((p) => p.y + (p.side * TILT.squash) / 2);
  return middles.reduce((best, m, l) => (Math.abs(m - y) < Math.abs(middles[best] - y) ? l : best), 0);
}

export function drawStack(pen: CanvasRenderingContext2D, box: StackBox, scene: StackScene): void {
  pen.clearRect(0, 0, box.width, box.height);
  placesOf(scene.alive, box, scene.large).forEach((place, l) => drawSlab(pen, box, scene, place, l));
}

function drawSlab(
  pen: CanvasRenderingContext2D,
  box: StackBox,
  { image, alive, layer, rings, inks, large }: StackScene,
  { x, y, side }: Place,
  l: number,
): void {
  const isChosen = l === layer;
  const scale = side / SIDE;
  // picture pixels -> canvas: sheared and squashed
  pen.save();
  pen.transform(scale, 0, TILT.shear * scale, TILT.squash * scale, x - Math.min(0, TILT.shear * side), y);
  pen.globalAlpha = isChosen ? 0.9 : 0.62;
  pen.fillStyle = inks.surface;
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.globalAlpha = 0.16;
  pen.drawImage(image, 0, 0, SIDE, SIDE);
  pen.imageSmoothingEnabled = false;
  pen.globalAlpha = isChosen ? 1 : 0.82;
  for (const p of alive[l]) {
    const px = (p % PER_ROW) * PATCH;
    const py = Math.floor(p / PER_ROW) * PATCH;
    pen.drawImage(image, px, py, PATCH, PATCH, px, py, PATCH, PATCH);
  }
  pen.globalAlpha = 1;
  pen.lineWidth = (isChosen ? 2 : 1) / scale;
  pen.strokeStyle = isChosen ? inks.accent : inks.quiet;
  pen.strokeRect(0, 0, SIDE, SIDE);
  if (isChosen) for (const ring of rings) outline(pen, ring, inks.surface, inks.accent, scale);
  pen.restore();
  pen.font = `${isChosen ? 600 : 400} ${large ? 17 : 12}px Inter, system-ui, sans-serif`;
  pen.fillStyle = isChosen ? inks.ink : inks.quiet;
  pen.textBaseline = 'middle';
  pen.fillText(`layer ${l + 1} · ${alive[l].length}`, box.width - labelWidth(large) + 12, y + (side * TILT.squash) / 2);
}

function outline(
  pen: CanvasRenderingContext2D,
  { x, y, radius }: Ring,
  under: string,
  over: string,
  scale: number,
): void {
  for (const [colour, width] of [
    [under, 4],
    [over, 2],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width / scale;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/** The picture as a small canvas. */
export function pictureCanvas(rgb: Uint8Array): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d')!;
  canvas.width = canvas.height = SIDE;
  const data = pen.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) data.data.set([rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 255], 4 * i);
  pen.putImageData(data, 0, 0);
  return canvas;
}
