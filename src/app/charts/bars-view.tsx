// Final values of every arm side by side: bar for the mean, line from lowest to highest seed, a dot per seed.
import { useMemo } from 'react';
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { formatMetric } from '../format.ts';
import { formatShort } from '../../util/number-text.ts';
import { frontArm, ghostArms, shownArms, useArmLook, useLab, useLabStore } from '../store/use-lab.ts';
import { ChartFrame } from './chart-frame.tsx';
import { Empty } from './empty.tsx';
import type { TableData } from '../../pictures/data-table.tsx';
import { MarkerShape } from '../../pictures/marker.tsx';
import { linearTicks } from '../../util/ticks.ts';
import { finalValues, spreadOf } from './series.ts';
import { useWidth } from '../../pictures/use-width.ts';

type Spec = Extract<ViewSpec, { kind: 'bars' }>;
const ROW = 30;
const AXIS = 24;

export function BarsView({ spec }: { spec: Spec }) {
  const arms = useLab(shownArms);
  const info = useLab((state) => state.meta.metrics[spec.metric]);
  return (
    <ChartFrame
      title={spec.title}
      caption={spec.caption}
      table={() => finalTable(arms, spec.metric)}
      csv={() => seedTable(arms, spec.metric)}
      format={(value) => formatMetric(value, info)}
    >
      <Bars metric={spec.metric} title={spec.title} />
    </ChartFrame>
  );
}

/** The axis starts at zero unless the values huddle far from it; then it starts below them, and marks stand for bars. */
function domainOf(values: number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high - low;
  if (low >= 0 && spread > 0 && low > 4 * spread) return [low - spread * 0.6, high + spread * 0.15];
  const from = Math.min(0, low);
  const to = Math.max(0, high);
  return [from, to + (to - from) * 0.05 || 1];
}

function Bars({ metric, title }: { metric: string; title: string }) {
  const store = useLabStore();
  const arms = useLab(shownArms);
  const ghosts = useLab(ghostArms);
  const info = useLab((state) => state.meta.metrics[metric]);
  const front = useLab(frontArm);
  const { styles } = useArmLook();
  const [box, width] = useWidth<HTMLDivElement>();
  const rows = useMemo(
    () => arms.map((arm) => ({ arm, values: finalValues(arm, metric) })).filter((row) => row.values.length),
    [arms, metric],
  );
  if (!rows.length)
    return (
      <div ref={box}>
        <p className="plot-empty">
          <Empty />
        </p>
      </div>
    );
  const name = Math.min(Math.max(...rows.map((row) => row.arm.label.length)) * 7 + 16, 160, width * 0.36);
  const right = 66;
  const ghostMean = (id: string) =>
    spreadOf(ghosts.filter((arm) => arm.id === id).flatMap((arm) => finalValues(arm, metric)))?.mean;
  const [low, high] = domainOf(
    rows.flatMap((row) => [...row.values, ...[ghostMean(row.arm.id)].filter((value) => value !== undefined)]),
  );
  const x = (value: number) => name + ((value - low) / (high - low)) * (width - name - right);
  const height = rows.length * ROW + AXIS;
  const isFull = low <= 0;
  return (
    <div ref={box}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${title}. ${rows.map(({ arm, values }) => `${arm.label} ${formatMetric(spreadOf(values)!.mean, info)}`).join(', ')}.`}
      >
        {linearTicks(low, high, width < 420 ? 3 : 5).map((tick) => (
          <g key={tick}>
            <path d={`M${x(tick)} 0V${height - AXIS}`} stroke="var(--grid)" />
            <text x={x(tick)} y={height - 8} textAnchor="middle" fontSize={12} fill="var(--ink-3)">
              {info?.percent ? `${formatShort(tick * 100)} %` : formatShort(tick)}
            </text>
          </g>
        ))}
        {rows.map(({ arm, values }, i) => {
          const { mean, low: least, high: most } = spreadOf(values)!;
          const y = i * ROW + ROW / 2;
          const ghost = ghostMean(arm.id);
          const base = x(Math.max(low, Math.min(0, high)));
          return (
            <g
              key={arm.id}
              opacity={front === null || front === arm.id ? 1 : 0.35}
              onPointerEnter={() => store.hover(arm.id)}
              onPointerLeave={() => store.hover(null)}
            >
              <rect x={0} y={y - ROW / 2} width={width} height={ROW} fill="transparent" />
              {wrapped(arm.label, name - 8).map((line, k, { length }) => (
                <text
                  key={k}
                  x={0}
                  y={y + (k - (length - 1) / 2) * 13}
                  dominantBaseline="central"
                  fontSize={length > 1 ? 12 : 13}
                  fill="var(--ink)"
                >
                  {line}
                </text>
              ))}
              {isFull && (
                <rect
                  x={Math.min(base, x(mean))}
                  y={y - 7}
                  width={Math.abs(x(mean) - base)}
                  height={14}
                  fill={styles[arm.id]?.color}
                  fillOpacity={0.3}
                />
              )}
              <path d={`M${x(mean)} ${y - 9}v18`} stroke={styles[arm.id]?.color} strokeWidth={2.5} />
              {ghost !== undefined && (
                <path
                  d={`M${x(ghost)} ${y - 9}v18`}
                  stroke={styles[arm.id]?.color}
                  strokeWidth={1}
                  strokeDasharray="2 2"
                />
              )}
              {values.length > 1 && <path d={`M${x(least)} ${y}H${x(most)}`} stroke="var(--ink-2)" strokeWidth={1} />}
              {values.length > 1 &&
                values.map((value, k) => <MarkerShape key={k} style={styles[arm.id]} x={x(value)} y={y} r={3} />)}
              <text
                x={width}
                y={y}
                textAnchor="end"
                dominantBaseline="central"
                fontSize={13}
                fill="var(--ink)"
                className="num"
              >
                {formatMetric(mean, info)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
/** The label in one line, or in two broken at a blank; what still does not fit is cut. */
function wrapped(label: string, width: number): string[] {
  const most = Math.max(4, Math.floor(width / 6.3));
  if (label.length <= most) return [label];
  const blank = label.lastIndexOf(' ', most);
  const lines = blank > 0 ? [label.slice(0, blank), label.slice(blank + 1)] : [label];
  return lines.map((line) => (line.length > most ? `${line.slice(0, most - 1)}…` : line));
}

/** Mean and extremes over seeds per arm. */
function finalTable(arms: ArmResult[], metric: string): TableData {
  const rows = arms.flatMap((arm) => {
    const spread = spreadOf(finalValues(arm, metric));
    return spread ? [[arm.label, spread.mean, spread.low, spread.high]] : [];
  });
  return { head: ['arm', 'mean', 'lowest seed', 'highest seed'], rows };
}
const seedTable = (arms: ArmResult[], metric: string): TableData => ({
  head: ['arm', 'seed number', metric],
  rows: arms.flatMap((arm) => finalValues(arm, metric).map((value, i) => [arm.label, i + 1, value])),
});
