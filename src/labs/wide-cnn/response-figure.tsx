// Answers of target and student while one patch turns, before and after another has moved.
import { Figure, pathOf } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { linearTicks } from '../../util/ticks.ts';
import { TURNS, type Response } from './response.ts';

export interface ResponseFigureProps {
  still: Response;
  after: Response;
  turn: number;
  patch: number;
  moved: number;
  large: boolean;
}

const BLUE = 'var(--arm-0)';
const ORANGE = 'var(--arm-1)';
const DASH = '6 4';

export function ResponseFigure({ still, after, turn, patch, moved, large }: ResponseFigureProps) {
  const all = [still.target, still.learnt, after.target, after.learnt];
  const top = Math.max(0.5, ...all.map((values) => Math.max(...values.map(Math.abs)))) * 1.08;
  const points = (values: Float64Array) => Array.from(values, (v, t): [number, number] => [(360 * t) / (TURNS - 1), v]);
  const lines = [
    { id: 'target', label: 'target', values: still.target, style: { color: BLUE, dash: DASH } },
    { id: 'learnt', label: 'learnt', values: still.learnt, style: { color: BLUE, dash: '' } },
    {
      id: 'target-moved',
      label: `target, patch ${moved + 1} moved`,
      values: after.target,
      style: { color: ORANGE, dash: DASH },
    },
    {
      id: 'learnt-moved',
      label: `learnt, patch ${moved + 1} moved`,
      values: after.learnt,
      style: { color: ORANGE, dash: '' },
    },
  ];
  return (
    <figure>
      <figcaption>
        <b>Answer while patch {patch + 1} turns</b>
        <Legend label="Lines" items={lines} />
      </figcaption>
      <Figure
        large={large}
        height={large ? 400 : 280}
        summary={`While patch ${patch + 1} turns, the target ranges from ${Math.min(...still.target).toFixed(2)} to ${Math.max(...still.target).toFixed(2)}, the learnt function from ${Math.min(...still.learnt).toFixed(2)} to ${Math.max(...still.learnt).toFixed(2)}.`}
        x={{ from: 0, to: 360, ticks: [0, 90, 180, 270, 360], label: 'angle of the patch', format: (v) => `${v}°` }}
        y={{
          from: -top,
          to: top,
          ticks: linearTicks(-top, top, 4),
          label: 'answer, less its mean',
          format: (v) => String(v).replace('-', '−'),
        }}
      >
        {(f) => (
          <>
            <path className="wide-cnn-here" d={`M${f.x((360 * turn) / (TURNS - 1))} ${f.top}V${f.bottom}`} />
            {lines.toReversed().map(({ id, values, style }) => (
              <path
                key={id}
                d={pathOf(points(values), f)}
                fill="none"
                stroke={style.color}
                strokeDasharray={style.dash}
                strokeWidth={large ? 3.5 : 2.2}
              />
            ))}
          </>
        )}
      </Figure>
    </figure>
  );
}
