// The toy: hidden people, bags as bars at their released means, the fitted curve; a bag in hand shows its members on springs.
import { useId, useMemo, useState } from 'react';
import { Figure, pathOf, type Frame } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { linearTicks } from '../../util/ticks.ts';
import type { LinesLook } from './risk-figures.tsx';
import { bagPredictions, distance, fit, truthAt, type Curve, type Toy } from './toy.ts';

const LINE = Array.from({ length: 141 }, (_, i) => -1 + i / 70);
const TOP = 2.6;
/** The curve in hand and both ends, and the mean of the first over each bag. */
function fits(toy: Toy, rho: number) {
  const now = fit(toy, rho);
  return { now, bag: fit(toy, 0), instance: fit(toy, 1), means: bagPredictions(toy, now) };
}
const drawn = (curve: Curve, f: Frame) =>
  pathOf(
    LINE.map((x) => [x, Math.max(-2 * TOP, Math.min(2 * TOP, curve(x)))]),
    f,
  );

export function ToyFigure({ toy, rho, styles, hovered, large }: LinesLook & { toy: Toy; rho: number }) {
  const [bag, setBag] = useState<number | null>(null);
  const held = bag !== null && bag < toy.m ? bag : null;
  const clip = useId();
  const curves = useMemo(() => fits(toy, rho), [toy, rho]);
  const predicted = curves.means;
  const now = styles.interpolating;
  const bar = large ? 34 : 22;
  const walk = (e: React.KeyboardEvent) => {
    const by = ({ ArrowLeft: -1, ArrowRight: 1 } as Record<string, number>)[e.key];
    if (e.key === 'Escape') setBag(null);
    if (by === undefined) return;
    e.preventDefault();
    const order = Array.from(toy.at.keys()).sort((a, b) => toy.at[a] - toy.at[b]);
    setBag(held === null ? order[by > 0 ? 0 : toy.m - 1] : order[(order.indexOf(held) + by + toy.m) % toy.m]);
  };
  const nearest = ({ left, top }: { left: number; top: number }, f: Frame) => {
    const gaps = Array.from(toy.means, (y, a) => Math.hypot(f.x(toy.at[a]) - left, 1.6 * (f.y(y) - top)));
    const a = gaps.indexOf(Math.min(...gaps));
    return gaps[a] < 46 ? a : null;
  };
  const miss = Math.max(...predicted.map((v, a) => Math.abs(v - toy.means[a])));
  return (
    <figure
      className="aggregate-toy"
      tabIndex={0}
      onKeyDown={walk}
      onBlur={() => setBag(null)}
      aria-label="One dimension. Arrow keys walk over the bags."
    >
      <figcaption>
        <b>Whose answers are hidden</b>
        <Legend
          label="Curves"
          items={[
            { id: 'now', label: `now, ρ = ${rho}`, style: now && { ...now, dash: '' } },
            { id: 'bag', label: 'ρ = 0', style: styles.bag },
            { id: 'instance', label: 'ρ = 1', style: styles.instance },
            { id: 'truth', label: 'truth', style: { color: 'var(--ink-2)', dash: '4 4' } },
          ]}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? 430 : 310}
        onPoint={(at, frame) => setBag(at && nearest(at, frame))}
        summary={`${toy.m} bags of ${toy.k}: at ρ = ${rho} the curve misses the bag means by at most ${miss.toFixed(2)}, and lies ${Math.sqrt(distance(curves.now)).toFixed(2)} from the truth.`}
        x={{ from: -1, to: 1, ticks: [-1, -0.5, 0, 0.5, 1], label: 'who is asked', format: minus }}
        y={{ from: -TOP, to: TOP, ticks: linearTicks(-TOP, TOP, 5), label: 'answer', format: minus }}
      >
        {(f) => (
          <>
            <clipPath id={clip}>
              <rect x={f.left} y={f.top} width={Math.max(0, f.right - f.left)} height={f.bottom - f.top} />
            </clipPath>
            <g clipPath={`url(#${clip})`}>
              {Array.from(toy.x, (x, i) => (
                <circle key={i} className="aggregate-person" cx={f.x(x)} cy={f.y(toy.y[i])} r={large ? 4 : 2.6} />
              ))}
              <path className="aggregate-truth" d={drawn(truthAt, f)} />
              {(['bag', 'instance'] as const).map((id) => (
                <path
                  key={id}
                  d={drawn(curves[id], f)}
                  fill="none"
                  stroke={styles[id]?.color}
                  strokeDasharray={styles[id]?.dash}
                  strokeWidth={hovered === id ? 2.5 : 1.3}
                  opacity={hovered === id ? 1 : 0.55}
                />
              ))}
              <path d={drawn(curves.now, f)} fill="none" stroke={now?.color} strokeWidth={large ? 5 : 3} />
              {held !== null && <Springs toy={toy} bag={held} frame={f} large={large} />}
              {Array.from(toy.means, (y, a) => (
                <g key={a} data-held={held === a || undefined} className="aggregate-bag">
                  <path
                    className="aggregate-residual"
                    d={`M${f.x(toy.at[a])} ${f.y(y)}V${f.y(Math.max(-TOP, Math.min(TOP, predicted[a])))}`}
                  />
                  <rect x={f.x(toy.at[a]) - bar / 2} y={f.y(y) - 2.5} width={bar} height={5} rx={2} />
                  <circle
                    cx={f.x(toy.at[a])}
                    cy={f.y(predicted[a])}
                    r={large ? 5 : 3.4}
                    fill="var(--surface)"
                    stroke={now?.color}
                    strokeWidth={2}
                  />
                </g>
              ))}
            </g>
          </>
        )}
      </Figure>
      <p className="aggregate-note num" aria-live={held === null ? 'off' : 'polite'}>
        {held === null ? (
          <>
            Grey points: hidden answers. Bars: released bag means; rings: the curve's mean over the same people. The
            curve{' '}
            {miss < 0.005 ? (
              <strong>hits every bag</strong>
            ) : (
              <>
                misses a bag by at most <strong>{miss.toFixed(2)}</strong>
              </>
            )}{' '}
            and lies <strong>{Math.sqrt(distance(curves.now)).toFixed(2)}</strong> from the truth.
          </>
        ) : (
          <>
            Bag {held + 1}: {toy.k} answers from {minus(low(toy, held).toFixed(2))} to{' '}
            {minus(high(toy, held).toFixed(2))}, released only as their mean{' '}
            <strong>{minus(toy.means[held].toFixed(2))}</strong>; the curve's mean there is{' '}
            {minus(predicted[held].toFixed(2))}.
          </>
        )}
      </p>
    </figure>
  );
}
const minus = (v: number | string): string => String(v).replace('-', '−');
const answers = ({ y, k }: Toy, bag: number): Float64Array => y.subarray(bag * k, (bag + 1) * k);
const low = (toy: Toy, bag: number): number => Math.min(...answers(toy, bag));
const high = (toy: Toy, bag: number): number => Math.max(...answers(toy, bag));

/** The members of a bag, hung on its bar. */
function Springs({ toy, bag, frame: f, large }: { toy: Toy; bag: number; frame: Frame; large: boolean }) {
  const to: [number, number] = [f.x(toy.at[bag]), f.y(toy.means[bag])];
  return (
    <g className="aggregate-springs">
      {Array.from(answers(toy, bag), (y, i) => {
        const from: [number, number] = [f.x(toy.x[bag * toy.k + i]), f.y(y)];
        return (
          <g key={i}>
            <path d={spring(from, to)} />
            <circle cx={from[0]} cy={from[1]} r={large ? 5.5 : 3.8} />
          </g>
        );
      })}
    </g>
  );
}
/** A zigzag between two points, its turns a few pixels apart. */
function spring([x0, y0]: [number, number], [x1, y1]: [number, number]): string {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const turns = Math.max(3, Math.round(length / 7));
  const nx = length ? -(y1 - y0) / length : 0;
  const ny = length ? (x1 - x0) / length : 0;
  const inner = Array.from({ length: turns - 1 }, (_, i) => {
    const t = (i + 1) / turns;
    const side = (i % 2 ? 1 : -1) * 3.2;
    return `L${(x0 + t * (x1 - x0) + side * nx).toFixed(1)} ${(y0 + t * (y1 - y0) + side * ny).toFixed(1)}`;
  });
  return `M${x0.toFixed(1)} ${y0.toFixed(1)}${inner.join('')}L${x1.toFixed(1)} ${y1.toFixed(1)}`;
}
