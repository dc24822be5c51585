// Points that belong to arms, on two axes with numbers: the arms' own colours and marks; a few points also bear their arm's name.
import type { ScatterPicture } from '../../pictures/payloads.ts';
import { formatShort } from '../../util/number-text.ts';
import { useArmLook, useLab, frontArm } from '../store/use-lab.ts';
import { dodge } from './line-rows.ts';
import { MarkerShape } from '../../pictures/marker.tsx';
import { scaleOf } from '../../pictures/scale.ts';
import { useWidth } from '../../pictures/use-width.ts';

const LEFT = 46;
const BOTTOM = 40;
const TOP = 18;
const RIGHT = 10;
const NAMED = 16;
const LETTER = 6.4;

export function ArmScatter({
  picture,
  arms,
  title,
  height = 340,
}: {
  picture: ScatterPicture;
  arms: readonly string[];
  title: string;
  height?: number;
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { styles, infos } = useArmLook();
  const front = useLab(frontArm);
  const x = scaleOf([...Array.from(picture.x), ...(picture.xRange ?? [])], { ticks: 4 });
  const y = scaleOf([...Array.from(picture.y), ...(picture.yRange ?? [])]);
  if (!x || !y || !picture.x.length || width === 0)
    return (
      <div ref={box}>
        <p className="plot-empty">No points yet.</p>
      </div>
    );
  const points = Array.from(picture.x, (at, i) => ({
    arm: arms[picture.group?.[i] ?? 0],
    left: LEFT + x.at(at) * (width - LEFT - RIGHT),
    top: TOP + (1 - y.at(picture.y[i])) * (height - TOP - BOTTOM),
  }));
  const label = (arm: string) => infos.find((known) => known.id === arm)?.label ?? arm;
  const names = points.length <= NAMED ? placedNames(points, label, width, height) : [];
  const foot = height - BOTTOM;
  return (
    <div ref={box}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${title}: ${points.length} points of ${arms.length} arms; the table holds the numbers.`}
      >
        {y.ticks.map((tick) => {
          const at = TOP + (1 - y.at(tick)) * (foot - TOP);
          return (
            <g key={`y${tick}`}>
              <path d={`M${LEFT} ${at}H${width - RIGHT}`} stroke="var(--grid)" />
              <text x={LEFT - 8} y={at} textAnchor="end" dominantBaseline="central" fontSize={12} fill="var(--ink-3)">
                {formatShort(tick)}
              </text>
            </g>
          );
        })}
        {x.ticks.map((tick) => {
          const at = LEFT + x.at(tick) * (width - LEFT - RIGHT);
          return (
            <g key={`x${tick}`}>
              <path d={`M${at} ${foot}v4`} stroke="var(--rule-strong)" />
              <text x={at} y={foot + 15} textAnchor="middle" fontSize={12} fill="var(--ink-3)">
                {formatShort(tick)}
              </text>
            </g>
          );
        })}
        <path d={`M${LEFT} ${foot}H${width - RIGHT}`} stroke="var(--rule-strong)" />
        <text x={0} y={10} fontSize={12} fill="var(--ink-3)">
          {picture.yLabel}
        </text>
        <text x={width - RIGHT} y={height - 6} textAnchor="end" fontSize={12} fill="var(--ink-3)">
          {picture.xLabel}
        </text>
        {points.map(({ arm, left, top }, i) => (
          <MarkerShape
            key={i}
            style={styles[arm]}
            x={left}
            y={top}
            r={names.length ? 4.5 : 2.5}
            opacity={front === null || front === arm ? 1 : 0.25}
          />
        ))}
        {names.map(({ arm, x: from, y: at, anchor }) => (
          <text
            key={arm}
            x={from}
            y={at}
            textAnchor={anchor}
            dominantBaseline="central"
            fontSize={11.5}
            fill="var(--ink-2)"
            opacity={front === null || front === arm ? 1 : 0.35}
          >
            {label(arm)}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** A name beside each point, on the side with room; names in one column keep apart. */
function placedNames(
  points: readonly { arm: string; left: number; top: number }[],
  label: (arm: string) => string,
  width: number,
  height: number,
) {
  const isRight = points.map(({ arm, left }) => left + 10 + label(arm).length * LETTER <= width);
  const out = points.map(({ arm, left }, i) => ({
    arm,
    x: left + (isRight[i] ? 10 : -10),
    y: 0,
    anchor: isRight[i] ? ('start' as const) : ('end' as const),
  }));
  for (const side of [true, false]) {
    const own = points.map((_, i) => i).filter((i) => isRight[i] === side);
    dodge(
      own.map((i) => points[i].top),
      13,
      TOP,
      height - BOTTOM - 4,
    ).forEach((y, k) => {
      out[own[k]].y = y;
    });
  }
  return out;
}
