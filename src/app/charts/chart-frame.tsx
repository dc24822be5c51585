// What every chart has: title, caption, a table with the same numbers, and ways to take it along.
import { useId, useRef, useState, type ReactNode } from 'react';
import { formatShort } from '../../util/number-text.ts';
import { DataTable, type TableData } from '../../pictures/data-table.tsx';
import { announce } from '../parts/announcer.tsx';
import { Icon } from '../parts/icon.tsx';
import { MathsText } from '../parts/maths-text.tsx';
import { Menu } from '../parts/menu.tsx';
import { runName } from '../store/pins.ts';
import { isLive, shownArms, useArmLook, useLab } from '../store/use-lab.ts';
import { useTheme } from '../theme.ts';
import { canvasPng, csvOf, fileName, pngFile, saveFile, svgFile, type Caption, type LegendItem } from './export.ts';

interface FrameProps {
  title: string;
  caption: string;
  /** Switches of this chart, before the common ones. */
  tools?: ReactNode;
  table: () => TableData;
  /** Writes a table's numbers; four digits unless told. */
  format?: (value: number) => string;
  /** More rows than the table shows. */
  csv?: () => TableData;
  children: ReactNode;
}

export function ChartFrame({ title, caption, tools, table, format = formatShort, csv = table, children }: FrameProps) {
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const [isTable, setTable] = useState(false);
  const slug = useLab((state) => state.meta.slug);
  const note = useNote();
  const legend = useLegend();
  return (
    <figure className="chart" aria-labelledby={id}>
      <div className="chart-head">
        <h3 id={id}>{title}</h3>
        <div className="chart-tools">
          {!isTable && tools}
          <button
            type="button"
            className="button plain small"
            aria-pressed={isTable}
            onClick={() => setTable(!isTable)}
            title={isTable ? 'Show the chart' : 'Show the numbers as a table'}
          >
            <Icon name={isTable ? 'chart' : 'table'} size={14} />
            {isTable ? 'Chart' : 'Table'}
          </button>
          <SaveMenu body={body} name={fileName(slug, title)} caption={{ title, note, legend }} csv={csv} />
        </div>
      </div>
      <div ref={body} className="chart-body">
        {isTable ? <DataTable data={table()} format={format} caption={title} /> : children}
      </div>
      <figcaption className="tiny">
        <MathsText text={caption} />
      </figcaption>
    </figure>
  );
}

/** The arms on show, in the colours of the theme. */
function useLegend(): LegendItem[] {
  const arms = useLab(shownArms);
  const { styles } = useArmLook();
  const theme = useTheme();
  return arms.map(({ id, label }) => ({ label, color: styles[id]?.hex[theme] ?? '', dash: styles[id]?.dash ?? '' }));
}

/** Which run a saved figure shows. */
function useNote(): string {
  return useLab((state) => {
    const run = isLive(state) ? state.used && { knobs: state.used.knobs, seeds: state.used.seeds } : state.recorded;
    const paper = `${state.meta.title}, after ${state.meta.paper.authors} ${state.meta.paper.year}`;
    return run ? `${paper} · ${isLive(state) ? 'run' : 'recorded run'}: ${runName(state.meta, run)}` : paper;
  });
}

function SaveMenu({
  body,
  name,
  caption,
  csv,
}: {
  body: React.RefObject<HTMLDivElement | null>;
  name: string;
  caption: Caption;
  csv: () => TableData;
}) {
  const svg = () => body.current?.querySelector<SVGSVGElement>('svg:not([aria-hidden])') ?? null;
  const picture = async (): Promise<Blob | null> => {
    const drawn = svg();
    const canvas = body.current?.querySelector('canvas');
    return drawn ? pngFile(drawn, caption) : canvas ? canvasPng(canvas) : null;
  };
  const none = () => announce('Show the chart first: a table has no picture. CSV holds the numbers.', true);
  return (
    <Menu
      small
      label={`Save ${caption.title}`}
      icon={<Icon name="save" size={14} />}
      items={[
        { label: 'Numbers (CSV)', run: () => saveFile(`${name}.csv`, csvOf(csv()), 'text/csv') },
        {
          label: 'Picture (PNG)',
          run: () =>
            void picture().then((blob) => {
              if (blob) saveFile(`${name}.png`, blob, 'image/png');
              else none();
            }),
        },
        {
          label: 'Drawing (SVG)',
          run: () => {
            const drawn = svg();
            if (drawn) saveFile(`${name}.svg`, svgFile(drawn, caption), 'image/svg+xml');
            else none();
          },
        },
      ]}
    />
  );
}
