// Kept runs beside the recording and the run on screen: which settings differ, and what came out.
import { agreements } from '../../labs/_kit/claims/agreement.ts';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { finalValues, metricsIn, spreadOf } from '../charts/series.ts';
import type { TableData } from '../../pictures/data-table.tsx';
import { csvOf, fileName, saveFile } from '../charts/export.ts';
import { formatMetric, formatMs, plural } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { VerdictMark } from '../parts/verdict-mark.tsx';
import { RECORDED } from '../store/lab-store.ts';
import { knobDiff, runName } from '../store/pins.ts';
import { openRunFile } from '../store/open-run-file.ts';
import { useLab, useLabStore } from '../store/use-lab.ts';
import { copyRun, takeSettings } from './share.ts';

interface Column {
  id: string;
  name: string;
  result: RunResult;
  isPin: boolean;
  isPassing?: boolean;
}

function useColumns(): Column[] {
  const recorded = useLab((state) => state.recorded);
  const result = useLab((state) => state.result);
  const pins = useLab((state) => state.pins);
  return [
    ...(recorded ? [{ id: RECORDED, name: 'Recorded', result: recorded, isPin: false }] : []),
    ...pins.map((pin) => ({ ...pin, isPin: true })),
    ...(result && !pins.some((pin) => pin.result === result && !pin.isPassing)
      ? [{ id: 'own', name: 'On screen', result, isPin: false }]
      : []),
  ];
}

export function RunsTab() {
  const columns = useColumns();
  const meta = useLab((state) => state.meta);
  const isPinnable = columns.some((column) => column.id === 'own');
  const recorded = useLab((state) => state.recorded);
  const store = useLabStore();
  if (!columns.length)
    return (
      <>
        <p className="small quiet">Finish a run to see it here; pin it to compare it with the next.</p>
        <OpenRun />
      </>
    );
  const differing = [
    ...new Set(columns.flatMap((column) => knobDiff(columns[0].result.knobs, column.result.knobs))),
  ].filter((name) => Object.hasOwn(meta.controls, name));
  return (
    <>
      <p className="runs-tools">
        {isPinnable && (
          <button type="button" className="button" onClick={() => store.pin()}>
            <Icon name="pin" />
            Pin the run on screen
          </button>
        )}
        <OpenRun />
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Runs compared">
        <table className="plain-table runs-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden-text">Property</span>
              </th>
              {columns.map((column) => (
                <th key={column.id} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="Verdict" columns={columns} cell={({ result }) => <VerdictMark verdict={result.verdict} />} />
            {recorded && (
              <Row
                name="Against the recording"
                columns={columns}
                cell={({ id, result }) => (id === RECORDED ? '–' : agreementText(result, recorded))}
              />
            )}
            <Row name="Seeds" columns={columns} cell={({ result }) => result.seeds.join(', ')} />
            <Row
              name="Backend, time"
              columns={columns}
              cell={({ result }) => `${result.backend}, ${formatMs(result.wallMs)}`}
            />
            {differing.map((name) => (
              <Row
                key={name}
                name={meta.controls[name].label}
                columns={columns}
                cell={({ result }) => <strong>{knobText(result.knobs[name])}</strong>}
              />
            ))}
            {differing.length === 0 && columns.length > 1 && (
              <Row name="Settings" columns={columns} cell={() => 'the same'} />
            )}
            <Finals columns={columns} meta={meta} />
            <Row name="" columns={columns} cell={(column) => <Actions column={column} />} />
          </tbody>
        </table>
      </div>
    </>
  );
}

/** How many checks lie inside the recording's spread, and which do not. */
function agreementText(run: RunResult, recorded: RunResult): string {
  if (run.shortfall) return `not comparable: ${run.shortfall}`;
  const { inside, outside } = agreements(run.claims, recorded.claims);
  const count = inside.length + outside.length;
  if (!count) return 'no intervals to compare';
  const listed = outside.length ? `; outside: ${outside.map((claim) => claim.id).join(', ')}` : '';
  return `${inside.length} of ${plural(count, 'check')} inside its spread${listed}`;
}

/** Takes a saved run back: the file that this page or the command line wrote. */
function OpenRun() {
  const store = useLabStore();
  const { meta } = store.getState();
  const take = async (file: File | undefined) => {
    if (!file) return;
    const read = await openRunFile(meta, file);
    if ('problem' in read) store.apply({}, [read.problem]);
    else store.addRun(read.run, `${runName(meta, read.run)}, from a file`);
  };
  return (
    <label className="button file-button">
      Open a saved run
      <input
        type="file"
        accept=".json,application/json"
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </label>
  );
}

const knobText = (value: unknown): string =>
  value === undefined ? '–' : value === true ? 'on' : value === false ? 'off' : String(value);

const Row = ({ name, columns, cell }: { name: string; columns: Column[]; cell(column: Column): React.ReactNode }) => (
  <tr>
    <th scope="row">{name || <span className="hidden-text">Actions</span>}</th>
    {columns.map((column) => (
      <td key={column.id}>{cell(column)}</td>
    ))}
  </tr>
);

/** Final mean of the metrics that the lab's views show, for every arm. */
function Finals({ columns, meta }: { columns: Column[]; meta: LabMeta }) {
  const viewed = new Set(
    meta.views.flatMap((view) => ('metric' in view ? [view.metric] : 'metrics' in view ? view.metrics : [])),
  );
  const metrics = metricsIn(columns.flatMap((column) => column.result.arms)).filter((metric) => viewed.has(metric));
  const arms = [...new Map(columns.flatMap((column) => column.result.arms).map((arm) => [arm.id, arm.label]))];
  return metrics.flatMap((metric) =>
    arms.map(([id, label]) => (
      <Row
        key={`${metric} ${id}`}
        name={`${meta.metrics[metric]?.label ?? metric}, ${label}`}
        columns={columns}
        cell={({ result }) => {
          const arm = result.arms.find((arm) => arm.id === id);
          const spread = arm && spreadOf(finalValues(arm, metric));
          return spread ? formatMetric(spread.mean, meta.metrics[metric]) : '–';
        }}
      />
    )),
  );
}

function Actions({ column }: { column: Column }) {
  const store = useLabStore();
  const { slug } = column.result;
  const name = fileName(slug, column.name);
  return (
    <div className="run-actions">
      <button
        type="button"
        className="button small"
        onClick={() => takeSettings(store, column.result)}
        aria-label={`Use the settings of ${column.name}`}
      >
        Use settings
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => saveFile(`${name}.json`, JSON.stringify(column.result), 'application/json')}
        aria-label={`Save ${column.name} as JSON`}
      >
        JSON
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => void copyRun(store, column.result, () => undefined)}
        aria-label={`Copy a link that holds ${column.name}`}
        title="Copy a link that holds this run"
      >
        Link
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => saveFile(`${name}.csv`, csvOf(allPoints(column.result)), 'text/csv')}
        aria-label={`Save ${column.name} as CSV`}
      >
        CSV
      </button>
      {column.isPassing && (
        <button
          type="button"
          className="button small"
          onClick={() => store.keepRun(column.id)}
          aria-label={`Keep ${column.name} on this device`}
        >
          Keep
        </button>
      )}
      {column.isPin && (
        <button
          type="button"
          className="button plain small"
          onClick={() => store.unpin(column.id)}
          aria-label={`Remove ${column.name}`}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

/** Every point of a run: arm, seed, metric, step, value. */
export const allPoints = (result: RunResult): TableData => ({
  head: ['arm', 'seed', 'metric', 'step', 'value'],
  rows: result.arms.flatMap((arm) =>
    arm.series.flatMap((seed, i) =>
      Object.entries(seed).flatMap(([metric, series]) =>
        series.map(([step, value]) => [arm.id, result.seeds[i], metric, step, value]),
      ),
    ),
  ),
});
