// A grid of numbers: as colour alone (heat map), or as a table whose cells are tinted (matrix).
import { useEffect, useMemo, useRef, useState } from 'react';
import { cividis, cssRgb, inkOn, signedColor } from '../../pictures/colormap.ts';
import type { GridPicture } from '../../pictures/payloads.ts';
import { formatNumber, formatShort } from '../format.ts';
import type { TableData } from './export.ts';
import { rangeOf, shadeOf } from './picture-payload.ts';

const text = (grid: GridPicture, value: number | null): string =>
  value === null || !Number.isFinite(value)
    ? '–'
    : (grid.digits === undefined ? formatShort(value) : formatNumber(value, grid.digits)) + (grid.unit ?? '');
const colorOf = (grid: GridPicture) => {
  const shade = shadeOf(grid);
  const map = grid.signed ? signedColor : cividis;
  return (value: number) => map(shade(value));
};

export function Heatmap({ grid, title }: { grid: GridPicture; title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cell, setCell] = useState<[row: number, col: number] | null>(null);
  const color = useMemo(() => colorOf(grid), [grid]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(grid.cols, grid.rows);
    for (let i = 0; i < grid.rows * grid.cols; i++) {
      const value = grid.values[i];
      if (value !== null && Number.isFinite(value)) image.data.set([...color(value), 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [grid, color]);
  const at = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * grid.rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * grid.cols);
    setCell(row >= 0 && row < grid.rows && col >= 0 && col < grid.cols ? [row, col] : null);
  };
  const reading = cell
    ? `${grid.rowLabels?.[cell[0]] ?? `row ${cell[0]}`}, ${grid.colLabels?.[cell[1]] ?? `column ${cell[1]}`}: ${text(grid, grid.values[cell[0] * grid.cols + cell[1]])}`
    : '';
  return (
    <div className="heatmap">
      {grid.yLabel && <p className="tiny quiet">{grid.yLabel}</p>}
      <div className="heatmap-body">
        {grid.rowLabels && (
          <ul className="heatmap-rows tiny" aria-hidden="true">
            {grid.rowLabels.map((label, i) => (
              <li key={i}>{label}</li>
            ))}
          </ul>
        )}
        <canvas
          ref={canvas}
          width={grid.cols}
          height={grid.rows}
          role="img"
          aria-label={`${title}, ${grid.rows} by ${grid.cols} values; the table holds the numbers.`}
          style={{ height: Math.max(96, Math.min(320, grid.rows * 26)) }}
          onPointerMove={at}
          onPointerLeave={() => setCell(null)}
        />
      </div>
      {grid.colLabels && (
        <ul className="heatmap-cols tiny" aria-hidden="true">
          {sparse(grid.colLabels).map((label, i) => (
            <li key={i}>{label}</li>
          ))}
        </ul>
      )}
      {grid.xLabel && <p className="tiny quiet heatmap-x">{grid.xLabel}</p>}
      <ColorKey grid={grid} reading={reading} />
    </div>
  );
}

/** First, middle and last label. */
const sparse = (labels: string[]): string[] =>
  labels.length <= 3 ? labels : [labels[0], labels[Math.floor(labels.length / 2)], labels[labels.length - 1]];

function ColorKey({ grid, reading }: { grid: GridPicture; reading: string }) {
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
      <span className="quiet">{reading}</span>
    </p>
  );
}

export function Matrix({ grid, title }: { grid: GridPicture; title: string }) {
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
              <th scope="row">{grid.rowLabels?.[row] ?? row}</th>
              {Array.from({ length: grid.cols }, (_, col) => {
                const value = grid.values[row * grid.cols + col];
                if (value === null || !Number.isFinite(value)) return <td key={col}>–</td>;
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
  head: ['', ...Array.from({ length: grid.cols }, (_, col) => grid.colLabels?.[col] ?? String(col))],
  rows: Array.from({ length: grid.rows }, (_, row) => [
    grid.rowLabels?.[row] ?? String(row),
    ...Array.from({ length: grid.cols }, (_, col) => grid.values[row * grid.cols + col]),
  ]),
});
