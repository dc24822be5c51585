// Where the cells of a matrix lie, and which of its labels there is room for.
import type { GridPicture } from './payloads.ts';

/** In pixels of the SVG. */
export interface MatrixFrame {
  width: number;
  height: number;
  left: number;
  top: number;
  cellWidth: number;
  cellHeight: number;
  rows: number;
  cols: number;
  /** Left edge of a column; half columns are allowed. */
  x(col: number): number;
  /** Top edge of a row. */
  y(row: number): number;
  /** Cell under a place; null outside. */
  cellAt(left: number, top: number): number | null;
}

export interface MatrixLook {
  width: number;
  /** Height of a row at most; from the number of rows unless told. */
  cellHeight?: number;
  /** Width of a cell at most. */
  cellWidth?: number;
  /** Row 0 lies at the bottom. */
  isUpward?: boolean;
}

const LETTER = 6.6;
const LINE = 16;
const TALLEST = 320;

const longest = (labels: readonly string[] | undefined): number =>
  Math.max(0, ...(labels ?? []).map((label) => label.length));

export function matrixFrame(
  { rows, cols, rowLabels, colLabels, xLabel, yLabel, square }: GridPicture,
  { width, cellHeight, cellWidth: widest = Infinity, isUpward = false }: MatrixLook,
): MatrixFrame {
  const left = rowLabels ? Math.min(0.4 * width, Math.ceil(LETTER * longest(rowLabels)) + 8) : 0;
  const top = yLabel ? LINE + 2 : 0;
  const wide = Math.min(widest, (width - left - 1) / cols);
  const cellWidthIn = square ? Math.min(wide, TALLEST / rows) : wide;
  const high = square ? cellWidthIn : (cellHeight ?? Math.max(96 / rows, Math.min(26, TALLEST / rows)));
  const foot = (colLabels ? LINE : 0) + (xLabel ? LINE : 0);
  const y = (row: number) => top + (isUpward ? rows - 1 - row : row) * high;
  return {
    width,
    height: Math.ceil(top + rows * high + foot + 2),
    left,
    top,
    cellWidth: cellWidthIn,
    cellHeight: high,
    rows,
    cols,
    x: (col) => left + col * cellWidthIn,
    y,
    cellAt(px, py) {
      const col = Math.floor((px - left) / cellWidthIn);
      const line = Math.floor((py - top) / high);
      const row = isUpward ? rows - 1 - line : line;
      return col < 0 || col >= cols || line < 0 || line >= rows ? null : row * cols + col;
    },
  };
}

/** Indices of labels that fit, `room` pixels for each: evenly spread, the first always among them. */
export function labelsThatFit(labels: readonly string[], room: number, isAcross: boolean): number[] {
  const need = isAcross ? LETTER * longest(labels) + 6 : 12;
  const every = Math.max(1, Math.ceil(need / Math.max(room, 1e-6)));
  return labels.map((_, i) => i).filter((i) => i % every === 0);
}
