// Arms racing along the steps: mean over seeds with its band, the run behind as a ghost, names at the curves' ends.
import { memo, useDeferredValue, useMemo, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  Tooltip,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import type { MetricInfo, ViewSpec } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { linearTicks } from '../../util/ticks.ts';
import { formatMetric } from '../format.ts';
import { formatShort } from '../../util/number-text.ts';
import { RECORDED } from '../store/lab-store.ts';
import { isActive } from '../store/run-machine.ts';
import { frontArm, ghostArms, shownArms, useArmLook, useLab, type ArmLook } from '../store/use-lab.ts';
import { ChartFrame } from './chart-frame.tsx';
import { Empty } from './empty.tsx';
import type { TableData } from '../../pictures/data-table.tsx';
import { dodge, lineRows, type LineData } from './line-rows.ts';
import { scaleOf } from '../../pictures/scale.ts';
import { useWidth } from '../../pictures/use-width.ts';
import { useSeen } from './use-seen.ts';

type Spec = Extract<ViewSpec, { kind: 'line' }>;
const SMOOTHING = [
  ['0', 'raw'],
  ['0.6', 'smooth'],
  ['0.9', 'smoother'],
] as const;
/** Below this width the names at the curves' ends give way to the legend. */
const NAMES_FROM = 460;

export function LineView({ spec, height }: { spec: Spec; height?: number }) {
  const info = useLab((state) => state.meta.metrics[spec.metric]);
  const front = useLab(shownArms);
  const ghosts = useLab(ghostArms);
  const look = useArmLook();
  const clip = useLab((state) => state.ghost === RECORDED && !isActive(state.phase));
  const xLabel = spec.xLabel ?? 'step';
  const [isLog, setLog] = useState(spec.log ?? false);
  const [keep, setKeep] = useState(0);
  const tools = (
    <>
      <select
        className="small-select"
        aria-label={`Smoothing of ${spec.title}`}
        value={keep}
        onChange={(event) => setKeep(Number(event.target.value))}
      >
        {SMOOTHING.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button plain small"
        aria-pressed={isLog}
        onClick={() => setLog(!isLog)}
        title="Logarithmic axis"
      >
        log
      </button>
    </>
  );
  return (
    <ChartFrame
      title={spec.title}
      caption={`${spec.caption}${info ? ` ${info.label}: ${info.help}` : ''}`}
      tools={tools}
      table={() => meanTable(front, spec.metric, xLabel)}
      csv={() => pointTable(front, spec.metric, xLabel)}
      format={(value) => formatMetric(value, info)}
    >
      <Plot
        front={front}
        ghosts={ghosts}
        metric={spec.metric}
        info={info}
        look={look}
        isLog={isLog}
        keep={keep}
        clip={clip}
        height={height ?? 260}
        title={spec.title}
        xLabel={xLabel}
      />
    </ChartFrame>
  );
}

interface PlotProps {
  front: ArmResult[];
  ghosts: ArmResult[];
  metric: string;
  info?: MetricInfo;
  look: ArmLook;
  isLog: boolean;
  keep: number;
  clip: boolean;
  height: number;
  title: string;
  xLabel: string;
}

function Plot({ height, ...props }: PlotProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const seen = useSeen(
    box,
    props,
    useLab((state) => isActive(state.phase)),
  );
  const deferred = useDeferredValue(seen);
  const { front, ghosts, metric, isLog, keep, clip, info, look, title, xLabel } = deferred;
  const data = useMemo(
    () => lineRows(front, ghosts, metric, { keep, log: isLog, clip }),
    [front, ghosts, metric, keep, isLog, clip],
  );
  const summary = useMemo(() => summaryOf(data, look, info, title, xLabel), [data, look, info, title, xLabel]);
  return (
    <div ref={box} className="plot" style={{ height }} role="group" aria-label={summary}>
      {data.rows.length ? (
        <Curves data={data} xLabel={xLabel} look={look} info={info} isLog={isLog} width={width} height={height} />
      ) : (
        <p className="plot-empty">
          {isLog && front.length ? 'No value above zero: switch off the logarithmic axis.' : <Empty />}
        </p>
      )}
    </div>
  );
}

/** One sentence for those who do not see the curves. */
function summaryOf(
  data: LineData,
  { infos }: ArmLook,
  info: MetricInfo | undefined,
  title: string,
  xLabel: string,
): string {
  const label = (id: string) => infos.find((arm) => arm.id === id)?.label ?? id;
  const ends = data.ends.map((end) => `${label(end.arm)} ${formatMetric(end.value, info)}`);
  return ends.length
    ? `${title}. At ${xLabel} ${Math.max(...data.ends.map((end) => end.step))}: ${ends.join(', ')}.`
    : `${title}. No points yet.`;
}

const axis = { stroke: 'var(--rule-strong)', tick: { fill: 'var(--ink-3)', fontSize: 12 }, tickLine: false } as const;

const Curves = memo(function Curves({
  data,
  xLabel,
  look,
  info,
  isLog,
  width,
  height,
}: {
  data: LineData;
  xLabel: string;
  look: ArmLook;
  info?: MetricInfo;
  isLog: boolean;
  width: number;
  height: number;
}) {
  const names = useMemo(() => new Map(look.infos.map((arm) => [arm.id, arm.label])), [look]);
  const y = scaleOf(data.values, { log: isLog });
  const firstStep = data.rows[0].step;
  const lastStep = data.rows[data.rows.length - 1].step;
  const isNamed = width >= NAMES_FROM && data.ends.length <= 12;
  const dim = useLab(frontArm);
  const band = data.banded.length > 4 ? 0.05 : 0.13;
  const strength = (id: string) => (dim === null || dim === id ? 1 : 0.22);
  if (!y) return null;
  return (
    <ComposedChart
      width={width}
      height={height}
      data={data.rows}
      margin={{ top: 8, right: isNamed ? 128 : 12, bottom: 0, left: 0 }}
      accessibilityLayer
    >
      <CartesianGrid stroke="var(--grid)" vertical={false} />
      <XAxis
        dataKey="step"
        type="number"
        domain={[firstStep, lastStep]}
        ticks={linearTicks(firstStep, lastStep, width < 420 ? 3 : 5)}
        {...axis}
        tickFormatter={formatShort}
        tickMargin={6}
        height={26}
      />
      <YAxis
        type="number"
        scale={isLog ? 'log' : 'linear'}
        domain={y.domain}
        ticks={y.ticks}
        allowDataOverflow
        {...axis}
        axisLine={false}
        width={52}
        tickFormatter={(value) => (info?.percent ? `${formatShort(value * 100)} %` : formatShort(value))}
      />
      {data.banded.map((id) => (
        <Area
          key={`b${id}`}
          dataKey={`b:${id}`}
          type="linear"
          stroke="none"
          fill={look.styles[id]?.color}
          fillOpacity={dim === id ? 0.2 : band * strength(id)}
          isAnimationActive={false}
          connectNulls
          activeDot={false}
          tooltipType="none"
        />
      ))}
      {data.ghosts.map((id) => (
        <Line
          key={`g${id}`}
          dataKey={`g:${id}`}
          type="linear"
          stroke={look.styles[id]?.color}
          strokeOpacity={0.38 * strength(id)}
          strokeDasharray={look.styles[id]?.dash}
          strokeWidth={1.2}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls
          tooltipType="none"
        />
      ))}
      {data.front.map((id) => (
        <Line
          key={`m${id}`}
          dataKey={`m:${id}`}
          type="linear"
          name={names.get(id) ?? id}
          stroke={look.styles[id]?.color}
          strokeOpacity={strength(id)}
          strokeDasharray={look.styles[id]?.dash}
          strokeWidth={dim === id ? 3 : 2}
          dot={data.rows.length === 1}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
          connectNulls
        />
      ))}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--rule-strong)' }}
        content={<Reading info={info} look={look} xLabel={xLabel} />}
      />
      {isNamed && <EndNames data={data} look={look} names={names} strength={strength} />}
    </ComposedChart>
  );
});

/** The values under the pointer, best first. */
function Reading({
  active,
  payload,
  label,
  info,
  look,
  xLabel,
}: {
  xLabel: string;
  active?: boolean;
  payload?: readonly { dataKey?: unknown; name?: unknown; value?: unknown }[];
  label?: unknown;
  info?: MetricInfo;
  look: ArmLook;
}) {
  const rows = (payload ?? []).filter(
    (item) => String(item.dataKey).startsWith('m:') && typeof item.value === 'number',
  );
  if (!active || !rows.length) return null;
  const sign = info?.better === 'down' ? 1 : -1;
  return (
    <div className="reading num">
      <p className="quiet">
        {xLabel} {String(label)}
      </p>
      {rows
        .toSorted((a, b) => sign * ((a.value as number) - (b.value as number)))
        .map((item) => {
          const id = String(item.dataKey).slice(2);
          return (
            <p key={id}>
              <span className="swatch" style={{ background: look.styles[id]?.color }} />
              {String(item.name)} <strong>{formatMetric(item.value as number, info)}</strong>
            </p>
          );
        })}
    </div>
  );
}

function EndNames({
  data,
  look,
  names,
  strength,
}: {
  data: LineData;
  look: ArmLook;
  names: Map<string, string>;
  strength: (id: string) => number;
}) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  const area = usePlotArea();
  if (!x || !y || !area) return null;
  // Curves that lag behind keep their names in the legend alone until they arrive.
  const ends = data.ends
    .map((end) => ({ ...end, x: Number(x(end.step)), y: Number(y(end.value)) }))
    .filter((end) => end.x > area.x + 0.85 * area.width);
  const placed = dodge(
    ends.map((end) => end.y),
    14,
    area.y + 4,
    area.y + area.height - 2,
  );
  return (
    <g className="end-names">
      {ends.map((end, i) => (
        <g key={end.arm} opacity={Math.max(0.4, strength(end.arm))}>
          <path
            d={`M${end.x + 3} ${end.y}L${area.x + area.width + 8} ${placed[i]}h4`}
            fill="none"
            stroke={look.styles[end.arm]?.color}
            strokeWidth={1}
          />
          <text x={area.x + area.width + 15} y={placed[i]} dominantBaseline="central" fontSize={12} fill="var(--ink)">
            {shortened(names.get(end.arm) ?? end.arm)}
          </text>
        </g>
      ))}
    </g>
  );
}
const shortened = (name: string): string => (name.length > 17 ? `${name.slice(0, 16)}…` : name);

/** Mean over seeds per step and arm. */
function meanTable(arms: ArmResult[], metric: string, xLabel: string): TableData {
  const data = lineRows(arms, [], metric, { limit: 60 });
  const label = (id: string) => arms.find((arm) => arm.id === id)?.label ?? id;
  return {
    head: [xLabel, ...data.front.map(label)],
    rows: data.rows.map((row) => [row.step, ...data.front.map((id) => (row[`m:${id}`] as number | undefined) ?? null)]),
  };
}

/** Every point of every seed. */
const pointTable = (arms: ArmResult[], metric: string, xLabel: string): TableData => ({
  head: ['arm', 'seed number', xLabel, metric],
  rows: arms.flatMap((arm) =>
    arm.series.flatMap((seed, i) => (seed[metric] ?? []).map(([step, value]) => [arm.label, i + 1, step, value])),
  ),
});
