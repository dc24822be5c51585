// Thumbnails of pictures, small enough to come with the list of labs: points and edges as a few SVG paths, grids and
// images as pixels. Pure, so that the build makes them; GraphDrawing, Plane and Matrix draw the same payloads large.
import { cividis, signedColor, type Rgb } from './colormap.ts';
import { graphLayout } from './graph-layout.ts';
import { imageCount, imagePixels } from './image-pixels.ts';
import type {
  DecisionPicture,
  GraphPicture,
  GridPicture,
  ImagesPicture,
  Numbers,
  ScatterPicture,
  SimplexPicture,
} from './payloads.ts';
import { planeScales, placeIn } from './plane-place.ts';
import { rangeOf, shadeOf } from './read-payload.ts';
import { shareOf, triangleIn } from './triangle.ts';

/** A payload with the kind of view that draws it. */
export type ThumbSource = { label: string } & (
  | { kind: 'scatter'; picture: ScatterPicture }
  | { kind: 'heatmap' | 'matrix'; picture: GridPicture }
  | { kind: 'images' | 'wall'; picture: ImagesPicture }
  | { kind: 'graph'; picture: GraphPicture }
  | { kind: 'simplex'; picture: SimplexPicture }
  | { kind: 'decision'; picture: DecisionPicture }
);

/** What a lab's thumbnail.ts exports as `thumbnail`: its recorded pictures as one of the common payloads. */
export type ThumbnailOf = (pictures: Readonly<Record<string, unknown>>) => ThumbSource | null;

/** One path in a box of THUMB_WIDTH x THUMB_HEIGHT. */
export interface ThumbShape {
  color: string;
  path: string;
  dash?: string;
  /** Width in pixels of the screen; a path of dots bears round ones. */
  width?: number;
  opacity?: number;
}
export interface ShapesThumb {
  kind: 'shapes';
  shapes: ThumbShape[];
  label: string;
  /** Keeps its proportions; curves are stretched instead. */
  isSquare?: boolean;
}
/** Colours, [y, x, rgb] in 0..255. */
export interface PixelsThumb {
  kind: 'pixels';
  width: number;
  height: number;
  rgb: Uint8Array;
  label: string;
}

export const THUMB_WIDTH = 120;
export const THUMB_HEIGHT = 64;
const MOST_POINTS = 240;
const MOST_SIDE = 32;
const MOST_IMAGES = 8;

export function thumbnailOf(source: ThumbSource): ShapesThumb | PixelsThumb | null {
  const { label } = source;
  switch (source.kind) {
    case 'scatter':
      return scatterThumb(source.picture, label);
    case 'graph':
      return graphThumb(source.picture, label);
    case 'simplex':
      return simplexThumb(source.picture, label);
    case 'images':
    case 'wall':
      return imagesThumb(source.picture, label);
    case 'decision':
      return decisionThumb(source.picture, label);
    default:
      return gridThumb(source.picture, label);
  }
}

// ---------------------------------------------------------------- points

const colorOf = (group: number): string => (group < 0 ? 'var(--arm-reference)' : `var(--arm-${group % 6})`);
const dot = ([x, y]: readonly [number, number]): string => `M${x.toFixed(1)} ${y.toFixed(1)}h0`;

/** Every `n`th index, so that at most `limit` remain. */
function thinned(count: number, limit: number): number[] {
  const every = Math.max(1, Math.ceil(count / limit));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

/** One path of dots per group. */
function dotShapes(count: number, place: (i: number) => readonly [number, number], group?: Numbers): ThumbShape[] {
  const paths = new Map<number, string>();
  for (const i of thinned(count, MOST_POINTS)) {
    const g = group?.[i] ?? 0;
    paths.set(g, (paths.get(g) ?? '') + dot(place(i)));
  }
  const width = count > 100 ? 3 : 5;
  return [...paths].sort(([a], [b]) => a - b).map(([g, path]) => ({ color: colorOf(g), path, width, opacity: 0.85 }));
}

function scatterThumb(picture: ScatterPicture, label: string): ShapesThumb | null {
  const scales = planeScales(picture);
  if (!scales) return null;
  const to = placeIn(scales, THUMB_WIDTH + 12, THUMB_HEIGHT + 12, picture.square);
  const place = (i: number): [number, number] => {
    const [x, y] = to(picture.x[i], picture.y[i]);
    return [x - 6, y - 6];
  };
  const shapes = dotShapes(picture.x.length, place, picture.group);
  return { kind: 'shapes', shapes, label, isSquare: true };
}

function graphThumb(picture: GraphPicture, label: string): ShapesThumb | null {
  const places = graphLayout(picture);
  const scales = planeScales(places);
  if (!scales) return null;
  const to = placeIn(scales, THUMB_WIDTH, THUMB_HEIGHT, true);
  const place = (i: number) => to(places.x[i], places.y[i]);
  const at = (i: number) =>
    place(i)
      .map((v) => v.toFixed(1))
      .join(' ');
  const edges = thinned(picture.edges.length / 2, MOST_POINTS)
    .map((e) => `M${at(picture.edges[2 * e])}L${at(picture.edges[2 * e + 1])}`)
    .join('');
  const lines: ThumbShape = { color: 'var(--rule-strong)', path: edges, width: 1, opacity: 0.6 };
  return { kind: 'shapes', shapes: [lines, ...dotShapes(picture.nodes, place, picture.group)], label, isSquare: true };
}

function simplexThumb({ shares, group }: SimplexPicture, label: string): ShapesThumb {
  const to = triangleIn(THUMB_WIDTH + 44, THUMB_HEIGHT + 44);
  const place = (at: [number, number, number]): [number, number] => {
    const [x, y] = to(at);
    return [x - 22, y - 22];
  };
  const corners = [place([1, 0, 0]), place([0, 1, 0]), place([0, 0, 1])];
  const path = `M${corners.map((corner) => corner.map((v) => v.toFixed(1)).join(' ')).join('L')}Z`;
  const shapes = dotShapes(shares.length / 3, (i) => place(shareOf(shares, i)), group);
  return {
    kind: 'shapes',
    shapes: [{ color: 'var(--rule-strong)', path, width: 1 }, ...shapes],
    label,
    isSquare: true,
  };
}

// ---------------------------------------------------------------- pixels

const EMPTY: Rgb = [128, 128, 128];

/** At most MOST_SIDE cells a side, taken evenly. */
function gridThumb(grid: GridPicture, label: string): PixelsThumb {
  const rows = thinned(grid.rows, MOST_SIDE);
  const cols = thinned(grid.cols, MOST_SIDE);
  const shade = shadeOf(grid);
  const rgb = rows.flatMap((row) =>
    cols.flatMap((col) => {
      const i = row * grid.cols + col;
      const value = grid.values[i];
      if (value === null || !Number.isFinite(value) || grid.mask?.[i]) return EMPTY;
      return (grid.signed ? signedColor : cividis)(shade(value));
    }),
  );
  return { kind: 'pixels', width: cols.length, height: rows.length, rgb: Uint8Array.from(rgb), label };
}

/** The first images, in two rows. */
function imagesThumb(picture: ImagesPicture, label: string): PixelsThumb {
  const count = Math.min(MOST_IMAGES, imageCount(picture));
  const columns = Math.max(1, Math.ceil(count / 2));
  const ys = thinned(picture.height, MOST_SIDE);
  const xs = thinned(picture.width, MOST_SIDE);
  const width = columns * xs.length;
  const height = Math.ceil(count / columns) * ys.length;
  const rgb = new Uint8Array(width * height * 3).fill(EMPTY[0]);
  for (let n = 0; n < count; n++) {
    const pixels = imagePixels(picture, n);
    ys.forEach((y, r) =>
      xs.forEach((x, c) => {
        const at = (Math.floor(n / columns) * ys.length + r) * width + (n % columns) * xs.length + c;
        rgb.set(pixels.subarray(4 * (y * picture.width + x), 4 * (y * picture.width + x) + 3), 3 * at);
      }),
    );
  }
  return { kind: 'pixels', width, height, rgb, label };
}

function decisionThumb({ rows, cols, classes }: DecisionPicture, label: string): PixelsThumb {
  const [, most] = rangeOf(classes);
  return gridThumb({ rows, cols, values: Array.from(classes), min: 0, max: Math.max(1, most) }, label);
}
