// The races: validation loss within a round, and test accuracy against the weights that are left.
import type { ReactNode } from 'react';
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { areaOf, Figure, pathOf, type Frame } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { linearTicks } from '../../util/ticks.ts';
import type { CurvesPicture } from './picture.ts';
import { percent } from './ticket-text.ts';

interface RaceProps {
  arms: readonly ArmResult[];
  styles: Record<string, ArmStyle>;
  hovered: string | null;
  hover(id: string | null): void;
  large: boolean;
}
const heightOf = (large: boolean) => (large ? 300 : 210);

/** A curve that answers to pointer and page. */
function Curve({
  id,
  d,
  styles,
  hovered,
  hover,
  children,
}: Pick<RaceProps, 'styles' | 'hovered' | 'hover'> & { id: string; d: string; children?: ReactNode }) {
  const style = styles[id];
  const isFront = hovered === id;
  return (
    <g
      opacity={hovered === null || isFront ? 1 : 0.25}
      onPointerEnter={() => hover(id)}
      onPointerLeave={() => hover(null)}
    >
      {children}
      <path d={d} fill="none" stroke="transparent" strokeWidth={12} />
      <path d={d} fill="none" stroke={style?.color} strokeDasharray={style?.dash} strokeWidth={isFront ? 3 : 2} />
    </g>
  );
}

/** Validation loss of one round, mean over the seeds; the dense network's behind. */
export function CurvesFigure({
  arms,
  curves,
  round,
  styles,
  hovered,
  hover,
  large,
}: RaceProps & { curves: CurvesPicture; round: number }) {
  const now = curves.rounds[Math.min(round, curves.rounds.length - 1)];
  const dense = curves.rounds[0];
  const { every } = curves;
  const lines = [
    { id: 'dense', loss: dense.loss.ticket },
    ...Object.entries(now.loss).map(([id, loss]) => ({ id, loss })),
  ].filter((l) => now.round > 0 || l.id === 'dense' || l.id === 'reinit');
  const all = lines.flatMap((l) => l.loss.slice(1)).filter((v) => v !== null);
  const low = Math.min(...all) * 0.98;
  const high = Math.min(Math.max(...all), low * 2.4);
  const steps = every * now.loss.ticket.length;
  const label = (id: string) => arms.find((a) => a.id === id)?.label ?? id;
  const last = (loss: readonly (number | null)[]) => loss.findLast((v) => v !== null);
  if (!all.length) return null;
  return (
    <figure>
      <figcaption>
        <b>Learning in round {now.round}</b>
      </figcaption>
      <Figure
        large={large}
        height={heightOf(large)}
        summary={`Validation loss at the end of round ${now.round}: ${lines.map((l) => `${label(l.id)} ${last(l.loss)?.toFixed(3) ?? 'none'}`).join(', ')}.`}
        x={{ from: 0, to: steps, ticks: linearTicks(0, steps, 4), label: 'steps' }}
        y={{ from: low, to: high, log: true, ticks: linearTicks(low, high, 4), label: 'validation loss' }}
      >
        {(f) =>
          lines.map(({ id, loss }) => (
            <Curve
              key={id}
              id={id}
              styles={styles}
              hovered={hovered}
              hover={hover}
              d={pathOf(
                loss.map((v, j) => [(j + 1) * every, v === null || v > high ? null : v]),
                f,
              )}
            />
          ))
        }
      </Figure>
    </figure>
  );
}

interface Point {
  round: number;
  remaining: number;
  mean: number;
  low: number;
  high: number;
}
/** Accuracy of an arm per round, placed by the ticket's remaining share. */
function pointsOf(arm: ArmResult, shares: Map<number, number>): Point[] {
  return [...shares].flatMap(([round, remaining]) => {
    const values = arm.series.flatMap((seed) => seed.accuracy?.find(([step]) => step === round)?.[1] ?? []);
    return values.length
      ? [
          {
            round,
            remaining,
            mean: values.reduce((a, b) => a + b, 0) / values.length,
            low: Math.min(...values),
            high: Math.max(...values),
          },
        ]
      : [];
  });
}

/** Test accuracy at the early stop; a press chooses the round. */
export function AccuracyFigure({
  arms,
  round,
  choose,
  styles,
  hovered,
  hover,
  large,
}: RaceProps & { round: number; choose(round: number): void }) {
  const shares = new Map(arms.find((a) => a.id === 'ticket')?.series[0]?.remaining ?? []);
  const lines = arms.map((arm) => ({ arm, points: pointsOf(arm, shares) })).filter((l) => l.points.length);
  const all = lines.flatMap((l) => l.points);
  const least = Math.min(...shares.values(), 0.9);
  const low = Math.floor(50 * Math.min(...all.map((p) => p.low))) / 50;
  const high = Math.ceil(50 * Math.max(...all.map((p) => p.high))) / 50;
  if (!all.length) return null;
  const ticks = [1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01].filter((t) => t >= least * 0.99);
  const nearest = (x: number) =>
    [...shares].reduce((a, b) => (Math.abs(Math.log(b[1] / x)) < Math.abs(Math.log(a[1] / x)) ? b : a))[0];
  const here = (id: string) => lines.find((l) => l.arm.id === id)?.points.find((p) => p.round === round)?.mean;
  const band = (points: Point[], f: Frame) =>
    areaOf(
      points.map((p) => [p.remaining, p.low, p.high]),
      f,
    );
  return (
    <figure>
      <figcaption>
        <b>What the pruned networks are worth</b>
      </figcaption>
      <Figure
        large={large}
        height={heightOf(large)}
        onPress={({ x }) => choose(nearest(x))}
        summary={`Test accuracy at round ${round}: ${lines.map((l) => `${l.arm.label} ${here(l.arm.id) === undefined ? 'not yet known' : percent(here(l.arm.id)!)}`).join(', ')}.`}
        x={{ from: 1, to: least, log: true, ticks, label: 'weights left', format: (v) => `${Math.round(v * 100)} %` }}
        y={{
          from: low,
          to: high,
          ticks: linearTicks(low, high, 4),
          label: 'test accuracy',
          format: (v) => `${Math.round(v * 100)} %`,
        }}
      >
        {(f) => (
          <>
            {shares.has(round) && (
              <path className="ticket-here" d={`M${f.x(shares.get(round)!)} ${f.top}V${f.bottom}`} />
            )}
            {lines.map(({ arm, points }) => (
              <Curve
                key={arm.id}
                id={arm.id}
                styles={styles}
                hovered={hovered}
                hover={hover}
                d={pathOf(
                  points.map((p) => [p.remaining, p.mean]),
                  f,
                )}
              >
                <path d={band(points, f)} fill={styles[arm.id]?.color} opacity={0.14} />
              </Curve>
            ))}
          </>
        )}
      </Figure>
      <Legend
        label="Arms"
        items={lines.map(({ arm }) => ({ id: arm.id, label: arm.label, style: styles[arm.id] }))}
        hovered={hovered}
        hover={hover}
      />
    </figure>
  );
}
