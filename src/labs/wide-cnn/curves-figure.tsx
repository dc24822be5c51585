// Learning curves of the run on logarithmic axes, deep CNN against fully connected network, with the slopes that theory promises.
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import { Figure, pathOf } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { logTicks } from '../../pictures/scale.ts';
import { mean } from '../../util/stats.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { effectiveDimension } from './kernel.ts';
import { slopeOf, teacherLayers, TEACHERS } from './measure.ts';

export interface CurveLine {
  id: string;
  label: string;
  /** Points and mean error over the seeds. */
  points: [number, number][];
}

/** Arms that have a curve, with the mean over seeds at every size that all of them have. */
export function curveLines(arms: readonly ArmResult[]): CurveLine[] {
  return arms
    .map(({ id, label, series }) => {
      const seeds = series.flatMap((seed) => (seed.error ? [new Map(seed.error)] : []));
      const sizes = [...(seeds[0]?.keys() ?? [])].filter((n) => seeds.every((seed) => seed.has(n)));
      return { id, label, points: sizes.map((n): [number, number] => [n, mean(seeds.map((seed) => seed.get(n)!))]) };
    })
    .filter((line) => line.points.length > 1);
}

export interface CurvesFigureProps {
  lines: readonly CurveLine[];
  s1: number;
  depth: number;
  styles: Record<string, ArmStyle>;
  hovered: string | null;
  hover(id: string | null): void;
  large: boolean;
}

export function CurvesFigure({ lines, s1, depth, styles, hovered, hover, large }: CurvesFigureProps) {
  const shown = lines.filter((line) => !line.id.endsWith('shallow') || hovered === line.id);
  const errors = shown.flatMap((line) => line.points.map(([, error]) => error));
  const [low, high] = [Math.min(...errors) * 0.7, Math.max(1, ...errors) * 1.2];
  const sizes = lines[0].points.map(([n]) => n);
  const promised = TEACHERS.flatMap((teacher) => {
    const line = lines.find(({ id }) => id === `${teacher}-deep`);
    const [n, error] = line?.points.at(-1) ?? [0, 0];
    const beta = 1 / effectiveDimension(s1, teacherLayers(teacher, depth));
    return line
      ? [{ teacher, from: [n / 4, error * 4 ** beta] as [number, number], to: [n, error] as [number, number] }]
      : [];
  });
  return (
    <figure>
      <figcaption>
        <b>Learning curves, from the run</b>
        <Legend
          label="Arms"
          items={lines.map(({ id, label }) => ({ id, label, style: styles[id] }))}
          hovered={hovered}
          hover={hover}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 440 : 320}
        margin={large ? 80 : 60}
        summary={lines
          .map(
            (line) =>
              `${line.label}: error ${line.points.at(-1)![1].toPrecision(2)} with ${line.points.at(-1)![0]} points`,
          )
          .join('; ')}
        x={{ from: sizes[0], to: sizes.at(-1)!, log: true, ticks: sizes, label: 'training points' }}
        y={{ from: low, to: high, log: true, ticks: logTicks(low, high, 4), label: 'test error' }}
      >
        {(f) => (
          <>
            {promised.map(({ teacher, from, to }) => (
              <path key={teacher} className="wide-cnn-promised" d={pathOf([from, to], f)} />
            ))}
            {shown.map(({ id, points }) => (
              <g key={id} className="wide-cnn-line">
                <path
                  d={pathOf(points, f)}
                  fill="none"
                  stroke={styles[id]?.color}
                  strokeDasharray={styles[id]?.dash}
                  strokeWidth={hovered === id ? 3.5 : 2.2}
                />
                <text x={f.right + 5} y={f.y(points.at(-1)![1])} dy="0.35em">
                  β {slopeOf(points.map(([n, error]) => ({ n, error }))).toFixed(2)}
                </text>
              </g>
            ))}
          </>
        )}
      </Figure>
      <p className="wide-cnn-note">
        β: slope without the two smallest sizes. Grey: the slope 1/d_eff that theory promises for many points, drawn to
        the last point of the deep CNN. Point at a name to see the shallow CNN's line.
      </p>
    </figure>
  );
}
