// Final values against the arms' position on a sweep: one strip per metric over a common axis, so that trade-offs line up.
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import { formatMetric } from '../format.ts';
import { formatShort } from '../../util/number-text.ts';
import { frontArm, ghostArms, shownArms, useArmLook, useLab, useLabStore } from '../store/use-lab.ts';
import { ChartFrame } from './chart-frame.tsx';
import { Empty } from './empty.tsx';
import type { TableData } from '../../pictures/data-table.tsx';
import { MarkerShape } from '../../pictures/marker.tsx';
import { scaleOf, type Scale } from '../../pictures/scale.ts';
import { finalValues, spreadOf, type Spread } from './series.ts';
import { useWidth } from '../../pictures/use-width.ts';

type Spec = Extract<ViewSpec, { kind: 'sweep' }>;
type SweepPoint = { arm: string; x: number } & Spread;
const STRIP = 104;
const GAP = 22;
const LEFT = 52;
const RIGHT = 14;
const AXIS = 38;

const sweepOf = (arms: readonly ArmResult[], metric: string): SweepPoint[] =>
  arms
    .flatMap((arm) => {
      const spread = spreadOf(finalValues(arm, metric));
      return arm.x === undefined || !spread ? [] : [{ arm: arm.id, x: arm.x, ...spread }];
    })
    .sort((a, b) => a.x - b.x);

export function SweepView({ spec }: { spec: Spec }) {
  const arms = useLab(shownArms);
  return (
    <ChartFrame title={spec.title} caption={spec.caption} table={() => sweepTable(arms, spec)}>
      <Strips spec={spec} />
    </ChartFrame>
  );
}

function Strips({ spec }: { spec: Spec }) {
  const arms = useLab(shownArms);
  const ghosts = useLab(ghostArms);
  const metrics = useLab((state) => state.meta.metrics);
  const [box, width] = useWidth<HTMLDivElement>();
  const x = scaleOf(
    [...arms, ...ghosts].flatMap((arm) => arm.x ?? []),
    { log: spec.log, pad: 0.05 },
  );
  const height = spec.metrics.length * (STRIP + GAP) + AXIS;
  if (!x || !spec.metrics.some((metric) => sweepOf(arms, metric).length))
    return (
      <div ref={box}>
        <p className="plot-empty">
          <Empty />
        </p>
      </div>
    );
  const inner = { width: width - LEFT - RIGHT, height: STRIP };
  return (
    <div ref={box}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${spec.title}: ${spec.metrics.map((metric) => metrics[metric]?.label ?? metric).join(', ')} against ${spec.xLabel}. The table holds the numbers.`}
      >
        {spec.metrics.map((metric, i) => (
          <g key={metric} transform={`translate(${LEFT} ${i * (STRIP + GAP) + GAP})`}>
            <Strip metric={metric} points={sweepOf(arms, metric)} ghosts={sweepOf(ghosts, metric)} x={x} {...inner} />
          </g>
        ))}
        <g transform={`translate(${LEFT} ${height - AXIS + 16})`}>
          {x.ticks.map((tick) => (
            <text key={tick} x={x.at(tick) * inner.width} y={0} textAnchor="middle" fontSize={12} fill="var(--ink-3)">
              {formatShort(tick)}
            </text>
          ))}
          <text x={inner.width / 2} y={18} textAnchor="middle" fontSize={12} fill="var(--ink-2)">
            {spec.xLabel}
          </text>
        </g>
      </svg>
    </div>
  );
}

function Strip({
  metric,
  points,
  ghosts,
  x,
  width,
  height,
}: {
  metric: string;
  points: SweepPoint[];
  ghosts: SweepPoint[];
  x: Scale;
  width: number;
  height: number;
}) {
  const store = useLabStore();
  const info = useLab((state) => state.meta.metrics[metric]);
  const front = useLab(frontArm);
  const { styles, infos } = useArmLook();
  const y = scaleOf(
    [...points, ...ghosts].flatMap((point) => [point.low, point.high]),
    { ticks: 3, pad: 0.12 },
  );
  if (!y) return null;
  const at = (point: SweepPoint, value = point.mean): [number, number] => [
    x.at(point.x) * width,
    (1 - y.at(value)) * height,
  ];
  const path = (list: SweepPoint[]) => list.map((point, i) => `${i ? 'L' : 'M'}${at(point).join(' ')}`).join('');
  return (
    <>
      <text x={0} y={-7} fontSize={12} fontWeight={600} fill="var(--ink-2)">
        {info?.label ?? metric}
      </text>
      {y.ticks.map((tick) => {
        const line = (1 - y.at(tick)) * height;
        return (
          <g key={tick}>
            <path d={`M0 ${line}H${width}`} stroke="var(--grid)" />
            <text x={-8} y={line} textAnchor="end" dominantBaseline="central" fontSize={12} fill="var(--ink-3)">
              {info?.percent ? `${formatShort(tick * 100)} %` : formatShort(tick)}
            </text>
          </g>
        );
      })}
      <path d={path(ghosts)} fill="none" stroke="var(--ink-3)" strokeOpacity={0.6} strokeDasharray="3 3" />
      <path d={path(points)} fill="none" stroke="var(--ink-2)" strokeWidth={1.5} />
      {points.map((point) => {
        const [cx, cy] = at(point);
        const isDim = front !== null && front !== point.arm;
        return (
          <g
            key={point.arm}
            opacity={isDim ? 0.35 : 1}
            onPointerEnter={() => store.hover(point.arm)}
            onPointerLeave={() => store.hover(null)}
          >
            <title>{`${infos.find((arm) => arm.id === point.arm)?.label ?? point.arm}: ${formatMetric(point.mean, info)}`}</title>
            {point.count > 1 && (
              <path
                d={`M${cx} ${at(point, point.low)[1]}V${at(point, point.high)[1]}`}
                stroke={styles[point.arm]?.color}
                strokeWidth={2}
                strokeOpacity={0.5}
              />
            )}
            <circle cx={cx} cy={cy} r={12} fill="transparent" />
            <MarkerShape style={styles[point.arm]} x={cx} y={cy} r={front === point.arm ? 6 : 4.5} />
          </g>
        );
      })}
    </>
  );
}

/** Mean, lowest and highest seed of each metric per arm on the sweep. */
function sweepTable(arms: ArmResult[], spec: Spec): TableData {
  const swept = arms.filter((arm) => arm.x !== undefined).toSorted((a, b) => a.x! - b.x!);
  return {
    head: [spec.xLabel, ...spec.metrics.flatMap((metric) => [metric, `${metric} lowest`, `${metric} highest`])],
    rows: swept.map((arm) => [
      arm.x!,
      ...spec.metrics.flatMap((metric) => {
        const spread = spreadOf(finalValues(arm, metric));
        return spread ? [spread.mean, spread.low, spread.high] : [null, null, null];
      }),
    ]),
  };
}
