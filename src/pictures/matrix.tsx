// A grid of numbers as colour, with the numbers in its cells where asked: heat map, confusion, batch, who is negative
// to whom. `GridTable` is the same as a table whose cells are tinted.
import { useId, useMemo, useState, type ReactNode } from 'react';
import { formatNumber, formatShort } from '../util/number-text.ts';
import { cividis, cssRgb, inkOn, signedColor, type Rgb } from './colormap.ts';
import type { TableData } from './data-table.tsx';
import { labelsThatFit, matrixFrame, type MatrixFrame, type MatrixLook } from './matrix-frame.ts';
import type { GridPicture } from './payloads.ts';
import { rangeOf, shadeOf } from './read-payload.ts';
import { useWidth } from './use-width.ts';
import { gridWalk, onWalk } from './walk.ts';
import './pictures.css';

export interface MatrixProps extends Omit<MatrixLook, 'width'> {
  grid: GridPicture;
  /** What it shows; begins its accessible name. */
  title: string;
  /** Writes a value into its cell. */
  write?(value: number): string;
  /** The line about the cell in hand; row, column and value unless told. */
  read?(cell: number, value: number | null): string;
  /** The line while no cell is in hand. */
  note?: ReactNode;
  /** Pointer or focus on a cell; null when it leaves. */
  point?(cell: number | null): void;
  /** Drawn over the cells. */
  over?(frame: MatrixFrame): ReactNode;
  /** The key of the colours; not where every cell bears its number. */
  hasKey?: boolean;
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);
const text = (grid: GridPicture, value: number | null): string =>
  isNumber(value)
    ? (grid.digits === undefined ? formatShort(value) : formatNumber(value, grid.digits)) + (grid.unit ?? '')
    : '–';
const colorOf = (grid: GridPicture): ((value: number) => Rgb) => {
  const shade = shadeOf(grid);
  const map = grid.signed ? signedColor : cividis;
  return (value) => map(shade(value));
};
const nameOf = (grid: GridPicture, cell: number): string => {
  const row = Math.floor(cell / grid.cols);
  const col = cell % grid.cols;
  return `${grid.rowLabels?.[row] ?? `row ${row + 1}`}, ${grid.colLabels?.[col] ?? `column ${col + 1}`}`;
};

export function Matrix({ grid, title, write, read, note, point, over, hasKey = true, ...look }: MatrixProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const frame = matrixFrame(grid, { ...look, width });
  const cell = pointed !== null && pointed < grid.rows * grid.cols ? pointed : null;
  const go = (to: number | null) => {
    if (to === cell) return;
    setPointed(to);
    point?.(to);
  };
  const reading = () => {
    const value = grid.values[cell!];
    if (read) return read(cell!, value);
    return `${nameOf(grid, cell!)}: ${grid.mask?.[cell!] ? 'left out' : text(grid, value)}`;
  };
  return (
    <div className="matrix-plot" ref={box}>
      <svg
        width={width}
        height={frame.height}
        role="img"
        tabIndex={0}
        aria-label={`${title}, ${grid.rows} by ${grid.cols} values; the table holds the numbers. Arrow keys walk over the cells.`}
        onKeyDown={onWalk(gridWalk(grid.rows, grid.cols), cell, go)}
        onBlur={() => go(null)}
        onPointerLeave={() => go(null)}
        onPointerMove={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect();
          go(frame.cellAt(event.clientX - left, event.clientY - top));
        }}
      >
        <Cells grid={grid} frame={frame} write={write} />
        <Labels grid={grid} frame={frame} />
        {over?.(frame)}
        {cell !== null && (
          <rect
            className="matrix-cursor"
            x={frame.x(cell % grid.cols)}
            y={frame.y(Math.floor(cell / grid.cols))}
            width={frame.cellWidth}
            height={frame.cellHeight}
          />
        )}
      </svg>
      {hasKey && <ColorKey grid={grid} />}
      <p className="tiny quiet num matrix-reading" aria-live="polite">
        {cell === null ? (note ?? ' ') : reading()}
      </p>
    </div>
  );
}

/** Above so many cells they are drawn without gaps. */
const GAPPED = 400;

function Cells({ grid, frame, write }: Pick<MatrixProps, 'grid' | 'write'> & { frame: MatrixFrame }) {
  const id = useId();
  const color = useMemo(() => colorOf(grid), [grid]);
  const gap = grid.rows * grid.cols > GAPPED || frame.cellHeight < 8 || frame.cellWidth < 8 ? 0 : 1;
  const { cellWidth, cellHeight } = frame;
  return (
    <>
      <pattern id={id} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path className="matrix-hatch" d="M0 0V5" />
      </pattern>
      <g shapeRendering={gap ? undefined : 'crispEdges'}>
        {Array.from({ length: grid.rows * grid.cols }, (_, i) => {
          const value = grid.values[i];
          const isMasked = Boolean(grid.mask?.[i]);
          const rgb = isNumber(value) && !isMasked ? color(value) : null;
          const x = frame.x(i % grid.cols);
          const y = frame.y(Math.floor(i / grid.cols));
          return (
            <g key={i}>
              <rect
                x={x + gap}
                y={y + gap}
                width={Math.max(0, cellWidth - 2 * gap) + (gap ? 0 : 0.05)}
                height={Math.max(0, cellHeight - 2 * gap) + (gap ? 0 : 0.05)}
                rx={2 * gap}
                className={rgb ? undefined : 'matrix-empty'}
                style={rgb ? { fill: cssRgb(rgb) } : isMasked ? { fill: `url(#${id})` } : undefined}
              />
              {write && rgb && isNumber(value) && (
                <text
                  x={x + cellWidth / 2}
                  y={y + cellHeight / 2}
                  dy="0.35em"
                  textAnchor="middle"
                  style={{ fill: inkOn(rgb) }}
                >
                  {write(value)}
                </text>
              )}
            </g>
          );
        })}
      </g>
    </>
  );
}

function Labels({ grid, frame }: { grid: GridPicture; frame: MatrixFrame }) {
  const { rowLabels, colLabels, xLabel, yLabel, rows, cols } = grid;
  const foot = frame.top + rows * frame.cellHeight;
  return (
    <g aria-hidden="true">
      {yLabel && (
        <text className="matrix-axis" x={0} y={11}>
          {yLabel}
        </text>
      )}
      {rowLabels &&
        labelsThatFit(rowLabels, frame.cellHeight, false).map((row) => (
          <text key={row} x={frame.left - 6} y={frame.y(row) + frame.cellHeight / 2} dy="0.35em" textAnchor="end">
            {rowLabels[row]}
          </text>
        ))}
      {colLabels &&
        labelsThatFit(colLabels, frame.cellWidth, true).map((col) => (
          <text key={col} x={frame.x(col + 0.5)} y={foot + 14} textAnchor="middle">
            {colLabels[col]}
          </text>
        ))}
      {xLabel && (
        <text className="matrix-axis" x={frame.x(cols)} y={foot + (colLabels ? 30 : 14)} textAnchor="end">
          {xLabel}
        </text>
      )}
    </g>
  );
}

function ColorKey({ grid }: { grid: GridPicture }) {
  const [least, most] = rangeOf(grid.values);
  const reach = Math.max(Math.abs(grid.min ?? least), Math.abs(grid.max ?? most));
  const [low, high] = grid.signed ? [-reach, reach] : [grid.min ?? least, grid.max ?? most];
  const color = colorOf(grid);
  const stops = Array.from({ length: 9 }, (_, i) => cssRgb(color(low + (i / 8) * (high - low))));
  return (
    <p className="color-key tiny num">
      <span>{text(grid, low)}</span>
      <span className="color-bar" style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }} />
      <span>{text(grid, high)}</span>
    </p>
  );
}

/** The grid as a table, its cells tinted. */
export function GridTable({ grid, title }: { grid: GridPicture; title: string }) {
  const color = useMemo(() => colorOf(grid), [grid]);
  return (
    <div className="data-table" tabIndex={0} role="region" aria-label={title}>
      <table className="matrix">
        <caption className="hidden-text">{title}</caption>
        {grid.colLabels && (
          <thead>
            <tr>
              <td />
              {grid.colLabels.map((label, i) => (
                <th key={i} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {Array.from({ length: grid.rows }, (_, row) => (
            <tr key={row}>
              <th scope="row">{grid.rowLabels?.[row] ?? row + 1}</th>
              {Array.from({ length: grid.cols }, (_, col) => {
                const i = row * grid.cols + col;
                const value = grid.values[i];
                if (!isNumber(value) || grid.mask?.[i]) return <td key={col}>–</td>;
                const rgb = color(value);
                return (
                  <td key={col} style={{ background: cssRgb(rgb), color: inkOn(rgb) }}>
                    {text(grid, value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const gridTable = (grid: GridPicture): TableData => ({
  head: ['', ...Array.from({ length: grid.cols }, (_, col) => grid.colLabels?.[col] ?? String(col + 1))],
  rows: Array.from({ length: grid.rows }, (_, row) => [
    grid.rowLabels?.[row] ?? String(row + 1),
    ...Array.from({ length: grid.cols }, (_, col) => {
      const i = row * grid.cols + col;
      return grid.mask?.[i] ? null : grid.values[i];
    }),
  ]),
});
