// Two figures over the logarithm of steps: losses with the gap between fitting and generalising, and the three parts of the test loss.
import { areaOf, Figure, pathOf, type Frame } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { formatShort } from '../../util/number-text.ts';
import { HORIZON } from './arms.ts';
import type { Moment, Simulation } from './simulate.ts';
import { FIT, GENERALISE } from './training.ts';

interface Props {
  simulation: Simulation;
  moment: Moment;
  large: boolean;
  /** Goes to a moment by its place in the list. */
  seek(at: number): void;
}

const START = 0.5;
const FLOOR = 0.001;
const TOP = 4;
const STEPS = {
  from: START,
  to: HORIZON,
  log: true,
  ticks: [1, 10, 100, 1000],
  label: 'step (logarithmic)',
  format: formatShort,
};
const PARTS_TOP = 2;

const clip = (v: number): number => Math.min(TOP, Math.max(FLOOR, v));
const nearest = (moments: readonly Moment[], step: number): number => {
  const at = moments.findIndex((m) => m.step >= step);
  return at < 0 ? moments.length - 1 : at;
};

export function LossFigure({ simulation, moment, large, seek }: Props) {
  const { moments, fit, generalise, steps } = simulation;
  const line = (of: (m: Moment) => number, f: Frame) =>
    pathOf(
      moments.map((m) => [m.step, clip(of(m))]),
      f,
    );
  const end = Number.isNaN(generalise) ? steps : generalise;
  return (
    <figure>
      <figcaption>
        <b>Memorising and understanding</b>
        <Legend
          label="Losses"
          items={[
            { id: 'train', label: 'training', style: { color: 'var(--arm-0)', dash: '5 4' } },
            { id: 'test', label: 'test', style: { color: 'var(--arm-0)', dash: '' } },
            { id: 'lazy', label: 'linearised', style: { color: 'var(--arm-reference)', dash: '' } },
          ]}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 400 : 290}
        summary={`Losses against steps: the training loss crosses ${FIT} at step ${formatShort(Math.round(fit))}, the test loss crosses ${GENERALISE} at step ${formatShort(Math.round(generalise))}.`}
        x={STEPS}
        y={{ from: FLOOR, to: TOP, log: true, ticks: [0.001, 0.01, 0.1, 1], label: 'loss / variance of target' }}
        onPress={({ x }) => seek(nearest(moments, x))}
      >
        {(f) => (
          <>
            {fit > 0 && (
              <g>
                <rect
                  className="grokking-gap"
                  x={f.x(fit)}
                  y={f.top}
                  width={Math.max(0, f.x(end) - f.x(fit))}
                  height={f.bottom - f.top}
                />
                <text className="grokking-name" x={f.x(fit) - 5} y={f.bottom - 6} textAnchor="end">
                  memorised, not understood
                </text>
              </g>
            )}
            <g className="grokking-lazy">
              <path d={line((m) => m.lazyTrain, f)} strokeDasharray="5 4" />
              <path d={line((m) => m.lazyTest, f)} />
            </g>
            <path className="grokking-line" strokeDasharray="6 4" d={line((m) => m.train, f)} />
            <path className="grokking-line" d={line((m) => m.test, f)} />
            {fit > 0 && <circle className="grokking-mark" cx={f.x(fit)} cy={f.y(FIT)} r={large ? 6 : 4.5} />}
            {generalise > 0 && (
              <circle className="grokking-mark" cx={f.x(generalise)} cy={f.y(GENERALISE)} r={large ? 6 : 4.5} />
            )}
            <Cursor frame={f} step={moment.step} />
          </>
        )}
      </Figure>
    </figure>
  );
}

const PARTS = [
  { id: 'linear', label: 'wrong line', color: 'var(--arm-2)' },
  { id: 'trace', label: 'wrong size', color: 'var(--arm-1)' },
  { id: 'misalignment', label: 'wrong directions', color: 'var(--arm-4)' },
] as const;

export function PartsFigure({ simulation: { moments }, moment, large, seek }: Props) {
  return (
    <figure>
      <figcaption>
        <b>What the test loss is made of</b>
        <Legend
          label="Parts"
          items={PARTS.map(({ id, label, color }) => ({ id, label, style: { color, dash: '' } }))}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 360 : 250}
        summary={`At step ${formatShort(Math.floor(moment.step))}: ${PARTS.map(({ id, label }) => `${label} ${formatShort(moment[id])}`).join(', ')}.`}
        x={STEPS}
        y={{ from: 0, to: PARTS_TOP, ticks: [0, 0.5, 1, 1.5, 2], label: 'test loss / variance' }}
        onPress={({ x }) => seek(nearest(moments, x))}
      >
        {(f) => (
          <>
            {PARTS.map(({ id, color }, i) => (
              <path
                key={id}
                fill={color}
                opacity={0.75}
                d={areaOf(
                  moments.map((m) => [m.step, below(m, i), below(m, i + 1)]),
                  f,
                )}
              />
            ))}
            <Cursor frame={f} step={moment.step} />
          </>
        )}
      </Figure>
    </figure>
  );
}
/** Sum of the first parts, within the axis. */
const below = (m: Moment, count: number): number =>
  Math.min(
    PARTS_TOP,
    PARTS.slice(0, count).reduce((sum, { id }) => sum + m[id], 0),
  );

const Cursor = ({ frame: f, step }: { frame: Frame; step: number }) => (
  <path className="grokking-cursor" d={`M${f.x(step)} ${f.top}V${f.bottom}`} />
);
