// Views that draw a payload that the lab sent, by their kind. A payload of several frames gets a scrubber below.
import { useMemo } from 'react';
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import { DataTable, type TableData } from '../../pictures/data-table.tsx';
import { DecisionPlane, decisionTable } from '../../pictures/decision-plane.tsx';
import { sharedAxes, sharedGridScale } from '../../pictures/frames.ts';
import { GraphDrawing, graphTable } from '../../pictures/graph-drawing.tsx';
import { ImageWall, imagesTable } from '../../pictures/image-wall.tsx';
import { ArmKey } from '../../pictures/marker.tsx';
import { GridTable, gridTable, Matrix } from '../../pictures/matrix.tsx';
import type { GridPicture, ImagesPicture, ScatterPicture, TablePicture } from '../../pictures/payloads.ts';
import { Plane, scatterTable } from '../../pictures/plane.tsx';
import {
  PictureError,
  readDecision,
  readFrames,
  readGraph,
  readGrid,
  readImages,
  readScatter,
  readSimplex,
  readTable,
} from '../../pictures/read-payload.ts';
import { Simplex, simplexTable } from '../../pictures/simplex.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useTimeline } from '../../pictures/use-timeline.ts';
import { formatNumber } from '../../util/number-text.ts';
import { isActive } from '../store/run-machine.ts';
import { useArmLook, useLab } from '../store/use-lab.ts';
import { ArmScatter } from './arm-scatter.tsx';
import { ChartFrame } from './chart-frame.tsx';

type Spec = Extract<ViewSpec, { picture: string }>;
type Look = Pick<Spec, 'title'> & { height?: number };
interface Drawn {
  body: React.ReactNode;
  table: TableData;
}
const EMPTY: TableData = { head: [], rows: [] };

export function PayloadView({ spec, height }: { spec: Spec; height?: number }) {
  const payload = useLab((state) => state.pictures[spec.picture] ?? state.recorded?.pictures?.[spec.picture]);
  const running = useLab((state) => isActive(state.phase));
  const moments = useMemo(() => readMoments(spec, payload), [spec, payload]);
  const timeline = useTimeline(moments.count, { running });
  const { at } = timeline;
  const { body, table } = useMemo(() => moments.draw(at, { title: spec.title, height }), [moments, at, spec, height]);
  return (
    <ChartFrame title={spec.title} caption={spec.caption} table={() => table}>
      {body}
      {moments.name && (
        <TimelineBar timeline={timeline} label={`${spec.title}: moment`} play="Play" text={moments.name} hasSteps />
      )}
    </ChartFrame>
  );
}

/** A payload after its check: one picture, or several with a name each. */
interface Moments {
  count: number;
  draw(at: number, look: Look): Drawn;
  name?(at: number): string;
}
const message = (body: React.ReactNode): Moments => ({ count: 1, draw: () => ({ body, table: EMPTY }) });

function readMoments(spec: Spec, payload: unknown): Moments {
  if (payload === undefined) return message(<p className="plot-empty">This picture comes with a run.</p>);
  try {
    return KINDS[spec.kind](payload);
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    return message(
      <p className="message" data-tone="bad">
        The lab sent a picture in a form that this view cannot draw ({error.message}). The curves are not affected.
      </p>,
    );
  }
}

/** How one kind of view reads, draws and tabulates its payload. */
interface Kind<P> {
  /** @throws PictureError */
  read(payload: unknown): P;
  draw(picture: P, look: Look): React.ReactNode;
  table(picture: P): TableData;
  /** Gives all frames the same scales. */
  share?(pictures: P[]): P[];
}
const kindOf =
  <P,>({ read, draw, table, share = (pictures) => pictures }: Kind<P>) =>
  (payload: unknown): Moments => {
    const framed = readFrames(payload);
    const pictures = framed ? share(framed.frames.map(({ picture }) => read(picture))) : [read(payload)];
    return {
      count: pictures.length,
      draw: (at, look) => ({ body: draw(pictures[at], look), table: table(pictures[at]) }),
      name: framed ? (at) => `${framed.unit ?? 'step'} ${framed.frames[at].step}` : undefined,
    };
  };

const grid = { read: readGrid, table: gridTable, share: sharedGridScale };
const images = kindOf<ImagesPicture>({
  read: readImages,
  draw: (picture, { title }) => <ImageWall picture={picture} title={title} />,
  table: imagesTable,
});

const KINDS = {
  scatter: kindOf<ScatterPicture>({
    read: readScatter,
    draw: (picture, { title, height }) =>
      picture.arms ? (
        <ArmScatter picture={picture} arms={picture.arms} title={title} height={height} />
      ) : (
        <Plane picture={picture} title={title} height={height} />
      ),
    table: scatterTable,
    share: sharedAxes,
  }),
  heatmap: kindOf<GridPicture>({ ...grid, draw: (picture, { title }) => <Matrix grid={picture} title={title} /> }),
  matrix: kindOf<GridPicture>({ ...grid, draw: (picture, { title }) => <GridTable grid={picture} title={title} /> }),
  images,
  wall: images,
  table: kindOf<TablePicture>({
    read: readTable,
    draw: (picture, { title }) => <ArmTable picture={picture} title={title} />,
    table: (picture) => ({ head: picture.columns.map((column) => column.label), rows: picture.rows }),
  }),
  graph: kindOf({
    read: readGraph,
    draw: (picture, look) => <GraphDrawing picture={picture} {...look} />,
    table: graphTable,
  }),
  simplex: kindOf({
    read: readSimplex,
    draw: (picture, look) => <Simplex picture={picture} {...look} />,
    table: simplexTable,
  }),
  decision: kindOf({
    read: readDecision,
    draw: (picture, look) => <DecisionPlane picture={picture} {...look} />,
    table: decisionTable,
  }),
} satisfies Record<Spec['kind'], (payload: unknown) => Moments>;

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
