// The figures beside the octant: the activation, its kernel against distance, the map of A' and B', accuracy by depth.
import { useMemo } from 'react';
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import { Figure, pathOf } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { linearTicks } from '../../util/ticks.ts';
import { mean } from '../../util/stats.ts';
import type { ArmResult } from '../_kit/contract/result.ts';
import { powerOf, type Activation, type Constants } from './activation.ts';
import { distanceAt, fittedPower, limitKernel, type KernelTable } from './kernel.ts';

const HEIGHT = 210;
const TALL = 300;
const minus = (v: number): string => String(v).replace('-', '−');

export function ActivationFigure({ activation, large }: { activation: Activation; large: boolean }) {
  const points = Array.from({ length: 81 }, (_, i): [number, number] => {
    const x = -2.5 + i / 16;
    return [x, activation.phi(x)];
  });
  return (
    <figure>
      <figcaption>
        <b>The activation φ(x)</b>
      </figcaption>
      <Figure
        large={large}
        height={large ? TALL : 150}
        summary={`The activation ${activation.name}, from ${activation.phi(-2.5).toFixed(1)} at −2.5 over ${activation.phi(0).toFixed(1)} at 0 to ${activation.phi(2.5).toFixed(1)} at 2.5.`}
        x={{ from: -2.5, to: 2.5, ticks: [-2, -1, 0, 1, 2], label: 'x', format: minus }}
        y={{ from: -5, to: 5, ticks: [-4, 0, 4], label: '', format: minus }}
      >
        {(f) => (
          <path
            d={pathOf(
              points.map(([x, y]) => [x, Math.abs(y) > 5.6 ? null : y]),
              f,
            )}
            className="octant-curve"
          />
        )}
      </Figure>
    </figure>
  );
}

const NEAR = 0.001;
const FAR = Math.SQRT2;
const DECADES = 8;

/** Kernel against distance on logarithmic axes, as a share of its value at distance 1; a dashed line has the limit's slope. */
export function KernelFigure({
  activation,
  table,
  depth,
  large,
}: {
  activation: Activation;
  table: KernelTable;
  depth: number;
  large: boolean;
}) {
  const { nodes } = table;
  const limit = useMemo(
    () => (activation.limit === 'singular' ? limitKernel(activation, nodes) : null),
    [activation, nodes],
  );
  const one = Array.from({ length: nodes }, (_, i) => i).find((i) => distanceAt(i, nodes) >= 1) ?? 0;
  const curve = (log: ArrayLike<number>) =>
    Array.from({ length: nodes }, (_, i): [number, number | null] => {
      const y = (log[i] - log[one]) / Math.LN10;
      const x = distanceAt(i, nodes);
      return [x, x < NEAR || x > FAR || y > DECADES || y < -1 ? null : 10 ** y];
    });
  const now = fittedPower(table.log, [0.01, 0.3]);
  const power = limit && fittedPower(limit, [0.001, 0.3]);
  return (
    <figure>
      <figcaption>
        <b>Kernel against distance</b>
        <span>
          slope now −{now < 1000 ? now.toFixed(2) : '∞'}
          {power !== null && `, limit −${power.toFixed(2)} (dashed)`}
        </span>
      </figcaption>
      <Figure
        large={large}
        height={large ? TALL : HEIGHT}
        summary={`At depth ${depth} the kernel falls like distance to the power −${now.toFixed(2)} between 0.01 and 0.3${power === null ? '' : `; infinitely deep to the power −${power.toFixed(2)}`}.`}
        x={{ from: NEAR, to: FAR, log: true, ticks: [0.001, 0.01, 0.1, 1], label: 'distance' }}
        y={{
          from: 0.1,
          to: 10 ** DECADES,
          log: true,
          ticks: [1, 1e4, 1e8],
          label: 'kernel, 1 at distance 1',
          format: (v) => (v === 1 ? '1' : `10${v === 1e4 ? '⁴' : '⁸'}`),
        }}
      >
        {(f) => (
          <>
            {limit && <path d={pathOf(curve(limit), f)} className="octant-limit" />}
            <path d={pathOf(curve(table.log), f)} className="octant-curve" />
          </>
        )}
      </Figure>
    </figure>
  );
}

/** A' across, B' up; the dot can be put anywhere that a polynomial of degree three reaches. */
export function ConstantsMap({
  constants,
  put,
  large,
}: {
  constants: Constants;
  put(slope: number, spread: number): void;
  large: boolean;
}) {
  const across = Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50);
  // alpha = -4 log A' / log B'
  const contour = (alpha: number): [number, number | null][] =>
    across.map((slope) => {
      const spread = slope ** (-4 / alpha);
      return [slope, spread > 3 - 2 * slope ** 2 || spread < 2 - slope ** 2 ? null : spread];
    });
  const { a, slope, spread } = constants;
  const step = (e: React.KeyboardEvent) => {
    const move = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[e.key];
    if (!move) return;
    e.preventDefault();
    const to = Math.min(1, Math.max(0, slope + move[0]));
    put(to, Math.min(3 - 2 * to * to, Math.max(2 - to * to, spread + move[1])));
  };
  return (
    <figure tabIndex={0} onKeyDown={step} aria-label="Map of A′ and B′. Arrow keys move the activation.">
      <figcaption>
        <b>Which power α?</b>
        <span>press to move the dot</span>
      </figcaption>
      <Figure
        large={large}
        height={large ? TALL : HEIGHT}
        summary={`A′ is ${slope.toFixed(2)} and B′ is ${spread.toFixed(2)}${a === 0 && slope > 0 && spread > 1 ? `: power ${powerOf(constants).toFixed(2)}` : ''}.`}
        x={{ from: 0, to: 1, ticks: [0, 0.5, 1], label: 'A′' }}
        y={{ from: 1, to: 3, ticks: [1, 2, 3], label: 'B′' }}
        margin={16}
        onPress={({ x, y }) => {
          const to = Math.min(1, Math.max(0, x));
          put(to, Math.min(3 - 2 * to * to, Math.max(2 - to * to, y)));
        }}
      >
        {(f) => (
          <>
            <path
              className="octant-reach"
              d={`${pathOf(
                [0, ...across, 1].map((x) => [x, 3 - 2 * x * x]),
                f,
              )}${pathOf(
                [1, ...across.toReversed(), 0].map((x) => [x, 2 - x * x]),
                f,
              ).replace('M', 'L')}Z`}
            />
            {[2, 3, 4, 8].map((alpha) => {
              const line = contour(alpha);
              const end = line.findLast(([, y]) => y !== null && y > 1.02);
              return (
                <g key={alpha} className="octant-contour" data-best={alpha === 2 || undefined}>
                  <path d={pathOf(line, f)} />
                  {end && alpha !== 2 && (
                    <text x={f.x(end[0])} y={f.y(end[1]!) + 14} textAnchor="middle">
                      α = {alpha}
                    </text>
                  )}
                  {alpha === 2 && (
                    <text x={f.x(0.76)} y={f.y(2)} dy="0.35em">
                      α = 2 = d
                    </text>
                  )}
                </g>
              );
            })}
            {spread >= 1 && (
              <circle
                cx={f.x(slope)}
                cy={f.y(spread)}
                r={large ? 9 : 6}
                className="octant-dot"
                data-off={a !== 0 || undefined}
              />
            )}
          </>
        )}
      </Figure>
      {a !== 0 && <p className="octant-note">A = {a.toFixed(2)} is not zero: the power does not apply (ring).</p>}
    </figure>
  );
}

export interface DepthLine {
  id: string;
  label: string;
  /** Depth and mean accuracy over the seeds. */
  points: [number, number][];
}

/** Accuracy by depth of every arm that the run measured so. */
export function depthLines(arms: readonly ArmResult[]): DepthLine[] {
  return arms
    .map(({ id, label, series }) => {
      const seeds = series.flatMap((seed) => (seed.byDepth ? [new Map(seed.byDepth)] : []));
      const depths = [...new Set(seeds.flatMap((seed) => [...seed.keys()]))].sort((a, b) => a - b);
      const points = depths.map((at): [number, number] => [at, mean(seeds.flatMap((seed) => seed.get(at) ?? []))]);
      return { id, label: label.replace(/, depth [\d,]+$/, ''), points };
    })
    .filter((line) => line.points.length > 0);
}

export interface DepthFigureProps {
  lines: readonly DepthLine[];
  styles: Record<string, ArmStyle>;
  hovered: string | null;
  hover(id: string | null): void;
  depth: number;
  large: boolean;
}

export function DepthFigure({ lines, styles, hovered, hover, depth, large }: DepthFigureProps) {
  const values = lines.flatMap((line) => line.points.map(([, y]) => y));
  const low = Math.max(0, Math.min(...values) - 0.03);
  const high = Math.min(1, Math.max(...values) + 0.03);
  return (
    <figure className="octant-depth">
      <figcaption>
        <b>Accuracy by depth, from the run</b>
        <Legend
          label="Activations"
          items={lines.map(({ id, label }) => ({ id, label, style: styles[id] }))}
          hovered={hovered}
          hover={hover}
        />
      </figcaption>
      <Figure
        large={large}
        height={large ? TALL : 230}
        summary={lines
          .map(
            ({ label, points }) =>
              `${label}: ${(100 * points[0][1]).toFixed(1)} % at depth ${points[0][0]}, ${(100 * points.at(-1)![1]).toFixed(1)} % at ${points.at(-1)![0]}`,
          )
          .join('; ')}
        x={{
          from: 1,
          to: 100_000,
          log: true,
          ticks: [1, 10, 100, 1000, 10_000, 100_000],
          label: 'depth',
          format: (v) => v.toLocaleString('en'),
        }}
        y={{
          from: low,
          to: high,
          ticks: linearTicks(low, high, 4),
          label: 'accuracy',
          format: (v) => `${Math.round(100 * v)} %`,
        }}
        margin={28}
      >
        {(f) => (
          <>
            <path className="octant-here" d={`M${f.x(depth)} ${f.top}V${f.bottom}`} />
            {lines.map(({ id, points }) => (
              <path
                key={id}
                d={pathOf(points, f)}
                fill="none"
                stroke={styles[id]?.color}
                strokeDasharray={styles[id]?.dash}
                strokeWidth={hovered === id ? 3.5 : 2}
              />
            ))}
          </>
        )}
      </Figure>
    </figure>
  );
}
