// Two figures: how far the collapse has come, and lengths against class size with the threshold.
import { Figure, pathOf } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { formatShort } from '../../util/number-text.ts';
import { FLOOR, horizonOf } from './arms.ts';
import { CLASS_COLORS } from './arrows-figure.tsx';
import type { Moment, Simulation } from './simulate.ts';
import { predictClass, thresholdSize } from './theory.ts';

const NUMBERS = [
  { id: 'nc1', label: 'NC1', color: 'var(--arm-0)', dash: '' },
  { id: 'nc2Means', label: 'NC2', color: 'var(--arm-3)', dash: '6 4' },
  { id: 'nc3', label: 'NC3', color: 'var(--arm-4)', dash: '2 3' },
] as const;
const TOP = 10;
const LEAST = 1e-8;

interface Props {
  simulation: Simulation;
  moment: Moment;
  large: boolean;
}

export function NumbersFigure({
  simulation: { moments, task },
  moment,
  large,
  seek,
}: Props & { seek(at: number): void }) {
  return (
    <figure>
      <figcaption>
        <b>How far it has come</b>
        <Legend
          label="Measures"
          items={NUMBERS.map(({ id, label, color, dash }) => ({ id, label, style: { color, dash } }))}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 340 : 240}
        summary={`At step ${formatShort(Math.floor(moment.step))}: ${NUMBERS.map(({ id, label }) => `${label} ${formatShort(moment[id])}`).join(', ')}.`}
        x={{
          from: 0.5,
          to: horizonOf(task.lambda),
          log: true,
          ticks: [1, 10, 100, 1000],
          label: 'step (logarithmic)',
          format: formatShort,
        }}
        y={{ from: LEAST, to: TOP, log: true, ticks: [1e-8, 1e-6, 1e-4, 0.01, 1], label: 'distance', format: power }}
        onPress={({ x }) => {
          const at = moments.findIndex((m) => m.step >= x);
          seek(at < 0 ? moments.length - 1 : at);
        }}
      >
        {(f) => (
          <>
            {NUMBERS.map(({ id, color, dash }) => (
              <path
                key={id}
                className="collapse-line"
                stroke={color}
                strokeDasharray={dash}
                d={pathOf(
                  moments.map((m) => [m.step, Math.min(TOP, Math.max(LEAST, m[id], FLOOR))]),
                  f,
                )}
              />
            ))}
            <path className="collapse-cursor" d={`M${f.x(moment.step)} ${f.top}V${f.bottom}`} />
          </>
        )}
      </Figure>
    </figure>
  );
}
const power = (v: number): string => (v < 0.01 ? `1e−${Math.round(-Math.log10(v))}` : String(v));

const FROM = 2;
const TO = 300;
/** Sizes at which the curves are drawn. */
const GRID = Array.from({ length: 120 }, (_, i) => FROM * (TO / FROM) ** (i / 119));
const HIGHEST = 3;

/** Lengths over those of the first class, whose own size makes the scale. */
export function LengthsFigure({ simulation: { task }, moment, large }: Props) {
  const base = predictClass(task, task.sizes[0]);
  const threshold = thresholdSize(task);
  const curve = (of: 'mean' | 'row') =>
    GRID.map((n): [number, number] => [n, Math.min(HIGHEST, predictClass(task, n)[of] / (base[of] || 1))]);
  const measured = (lengths: readonly number[], of: 'mean' | 'row') =>
    lengths.map((v) => Math.min(HIGHEST, v / (base[of] || 1)));
  return (
    <figure>
      <figcaption>
        <b>Lengths against class size</b>
        <Legend
          label="Lengths"
          items={[
            { id: 'mean', label: 'mean', style: { color: 'var(--ink)', dash: '' } },
            { id: 'row', label: 'classifier row', style: { color: 'var(--ink)', dash: '5 4' } },
          ]}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 340 : 240}
        summary={`Predicted and measured lengths against class size; classes below ${threshold.toFixed(1)} samples vanish.`}
        x={{ from: FROM, to: TO, log: true, ticks: [2, 5, 10, 20, 50, 100, 200], label: 'samples of the class' }}
        y={{ from: 0, to: HIGHEST, ticks: [0, 1, 2, 3], label: 'over the length predicted for class 1' }}
      >
        {(f) => (
          <>
            {threshold > FROM && threshold < TO && (
              <g>
                <rect
                  className="collapse-dead"
                  x={f.x(FROM)}
                  y={f.top}
                  width={f.x(threshold) - f.x(FROM)}
                  height={f.bottom - f.top}
                />
                <text className="collapse-name" x={f.x(FROM) + 4} y={f.top + (large ? 20 : 14)}>
                  vanishes
                </text>
              </g>
            )}
            <path className="collapse-curve" d={pathOf(curve('mean'), f)} />
            <path className="collapse-curve" strokeDasharray="5 4" d={pathOf(curve('row'), f)} />
            {task.sizes.map((n, k) => (
              <g key={k} fill={CLASS_COLORS[k]} stroke={CLASS_COLORS[k]}>
                <circle cx={f.x(n)} cy={f.y(measured(moment.means, 'mean')[k])} r={large ? 7 : 5} />
                <circle
                  className="collapse-ring"
                  cx={f.x(n)}
                  cy={f.y(measured(moment.rows, 'row')[k])}
                  r={large ? 7 : 5}
                />
              </g>
            ))}
          </>
        )}
      </Figure>
    </figure>
  );
}
