// Views that draw a payload that the lab sent: scatter, heat map, images, matrix, table.
import { useMemo } from 'react';
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import type { TablePicture } from '../../pictures/payloads.ts';
import { formatNumber } from '../format.ts';
import { useArmLook, useLab } from '../store/use-lab.ts';
import { ChartFrame, DataTable } from './chart-frame.tsx';
import type { TableData } from './export.ts';
import { gridTable, Heatmap, Matrix } from './grid-view.tsx';
import { Images, imagesTable } from './images-view.tsx';
import { PictureError, readGrid, readImages, readScatter, readTable } from './picture-payload.ts';
import { ArmScatter } from './arm-scatter.tsx';
import { Scatter, scatterTable } from './scatter-view.tsx';
import { ArmKey } from './marker.tsx';

type Spec = Extract<ViewSpec, { picture: string }>;
interface Drawn {
  body: React.ReactNode;
  table: TableData;
}
const EMPTY: TableData = { head: [], rows: [] };

export function PayloadView({ spec, height }: { spec: Spec; height?: number }) {
  const payload = useLab((state) => state.pictures[spec.picture] ?? state.recorded?.pictures?.[spec.picture]);
  const { body, table } = useMemo(() => drawn(spec, payload, height), [spec, payload, height]);
  return (
    <ChartFrame title={spec.title} caption={spec.caption} table={() => table}>
      {body}
    </ChartFrame>
  );
}

function drawn(spec: Spec, payload: unknown, height?: number): Drawn {
  if (payload === undefined)
    return { body: <p className="plot-empty">This picture comes with a run.</p>, table: EMPTY };
  try {
    return DRAW[spec.kind](payload, spec.title, height);
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    return {
      body: (
        <p className="message" data-tone="bad">
          The lab sent a picture in a form that this view cannot draw ({error.message}). The curves are not affected.
        </p>
      ),
      table: EMPTY,
    };
  }
}

const DRAW: Record<Spec['kind'], (payload: unknown, title: string, height?: number) => Drawn> = {
  scatter: (payload, title, height) => {
    const picture = readScatter(payload);
    return {
      body: picture.arms ? (
        <ArmScatter picture={picture} arms={picture.arms} title={title} height={height} />
      ) : (
        <Scatter picture={picture} title={title} height={height} />
      ),
      table: scatterTable(picture),
    };
  },
  heatmap: (payload, title) => {
    const grid = readGrid(payload);
    return { body: <Heatmap grid={grid} title={title} />, table: gridTable(grid) };
  },
  matrix: (payload, title) => {
    const grid = readGrid(payload);
    return { body: <Matrix grid={grid} title={title} />, table: gridTable(grid) };
  },
  images: (payload, title) => {
    const picture = readImages(payload);
    return { body: <Images picture={picture} title={title} />, table: imagesTable(picture) };
  },
  table: (payload, title) => {
    const picture = readTable(payload);
    return {
      body: <ArmTable picture={picture} title={title} />,
      table: { head: picture.columns.map((column) => column.label), rows: picture.rows },
    };
  },
};

/** The lab's own table: numbers in the digits of their columns, arms with their signs. */
function ArmTable({ picture, title }: { picture: TablePicture; title: string }) {
  const { styles } = useArmLook();
  const shown = (value: string | number | null, i: number) => {
    const { digits = 3, percent } = picture.columns[i] ?? {};
    return typeof value !== 'number'
      ? (value ?? '–')
      : percent
        ? `${formatNumber(100 * value, digits)} %`
        : formatNumber(value, digits);
  };
  if (!picture.arms)
    return (
      <DataTable
        data={{ head: picture.columns.map((column) => column.label), rows: picture.rows.map((row) => row.map(shown)) }}
        caption={title}
      />
    );
  return (
    <div className="data-table" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            {picture.columns.map((column, i) => (
              <th key={i} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {picture.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {picture.arms![r] && <ArmKey style={styles[picture.arms![r]!]} />} {shown(cell, i)}
                  </th>
                ) : (
                  <td key={i}>{shown(cell, i)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
