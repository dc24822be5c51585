// The risk in 64 dimensions: against the weight, split into bias and variance, and against the bag size. Curves are theory, dots simulation.
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import { areaOf, Figure, pathOf, type Frame } from '../../pictures/figure.tsx';
import { Legend } from '../../pictures/legend.tsx';
import { linearTicks } from '../../util/ticks.ts';
import { placeOf, rhoAt, rhoAxis, RHO_STOPS, stopOf } from './rho-axis.ts';
import type { Design } from './simulate.ts';
import { MOST, SIZES, type Dot, type Simulation, type SizeSimulation, type Theory } from './sweep.ts';

export interface LinesLook {
  styles: Record<string, ArmStyle>;
  hovered: string | null;
  hover(id: string | null): void;
  large: boolean;
}

const heightOf = (large: boolean) => (large ? 380 : 270);
const show = (v: number) => (Number.isFinite(v) ? v.toFixed(v < 0.1 ? 3 : 2) : '∞');

/** Dots with a standard error up and down; those above the figure become a mark at its top. */
function Dots({
  dots,
  x,
  frame: f,
  color,
  top,
  large,
}: {
  dots: Dot[];
  x(value: number): number;
  frame: Frame;
  color: string;
  top: number;
  large: boolean;
}) {
  const r = large ? 5 : 3.2;
  return dots.map((d) => {
    const at = x(d.x);
    if (d.mean > top)
      return (
        <path key={d.x} d={`M${at - r} ${f.top + r + 2}L${at} ${f.top + 1}L${at + r} ${f.top + r + 2}Z`} fill={color}>
          <title>{show(d.mean)}</title>
        </path>
      );
    return (
      <g key={d.x}>
        <path
          d={`M${at} ${f.y(Math.min(top, d.mean + d.error))}V${f.y(Math.max(1e-6, d.mean - d.error))}`}
          stroke={color}
          strokeWidth={1.2}
        />
        <circle cx={at} cy={f.y(d.mean)} r={r} fill={color} stroke="var(--surface)" strokeWidth={1} />
      </g>
    );
  });
}

interface RhoProps extends LinesLook {
  theory: Theory;
  simulation: Simulation | null;
  rho: number;
  design: Design;
  choose(rho: number): void;
}

/** Risk against rho: bias and variance as layers. */
export function RhoFigure({ theory: { curve, ends, best }, simulation, rho, choose, styles, large }: RhoProps) {
  const inner = curve.map((c) => c.risk.risk);
  const most = Math.max(ends.bag.risk, ...inner);
  const top = 1.2 * Math.max(ends.instance.risk, Math.min(most, 2 * best.risk));
  const x = rhoAxis();
  const layers = curve.map(({ rho: r, risk }) => ({
    at: placeOf(r),
    bias: Math.min(top, risk.bias2),
    all: Math.min(top, risk.risk),
  }));
  const [bias, variance] = [styles.instance?.color, styles.bag?.color];
  const blue = styles.interpolating?.color ?? 'currentColor';
  const chosen = curve.reduce((a, b) =>
    Math.abs(placeOf(b.rho) - placeOf(rho)) < Math.abs(placeOf(a.rho) - placeOf(rho)) ? b : a,
  );
  const here = rho === 0 ? ends.bag : chosen.risk;
  return (
    <figure>
      <figcaption>
        <b>Risk against ρ</b>
        <span className="aggregate-key">
          <i style={{ background: bias }} />
          bias² <i style={{ background: variance }} />
          variance
        </span>
      </figcaption>
      <Figure
        large={large}
        height={heightOf(large)}
        onPress={({ x: place }) => choose(RHO_STOPS[stopOf(rhoAt(place))])}
        summary={`Theory: risk ${show(ends.bag.risk)} at ρ = 0, ${show(best.risk)} at the best ρ = ${best.rho.toPrecision(2)}, ${show(ends.instance.risk)} at ρ = 1. At ρ = ${rho}: ${show(here.risk)}, of it bias² ${show(here.bias2)}.`}
        x={x}
        y={{ from: 0, to: top, ticks: linearTicks(0, top, 4), label: 'risk' }}
      >
        {(f) => (
          <>
            <path
              d={areaOf(
                layers.map((l) => [l.at, 0, l.bias]),
                f,
              )}
              fill={bias}
              opacity={0.4}
            />
            <path
              d={areaOf(
                layers.map((l) => [l.at, l.bias, l.all]),
                f,
              )}
              fill={variance}
              opacity={0.4}
            />
            <Bar
              frame={f}
              at={placeOf(0)}
              bias={ends.bag.bias2}
              all={ends.bag.risk}
              top={top}
              colors={[bias, variance]}
            />
            <path
              d={pathOf(
                curve.map((c) => [placeOf(c.rho), c.risk.risk > top ? null : c.risk.risk]),
                f,
              )}
              fill="none"
              stroke={blue}
              strokeWidth={large ? 4 : 2.5}
            />
            <path className="aggregate-here" d={`M${f.x(placeOf(rho))} ${f.top}V${f.bottom}`} />
            <Ends frame={f} bag={ends.bag.risk} instance={ends.instance.risk} top={top} />
            {simulation && (
              <Dots dots={simulation.curve} x={(v) => f.x(placeOf(v))} frame={f} color={blue} top={top} large={large} />
            )}
          </>
        )}
      </Figure>
      <p className="aggregate-note num">
        At ρ = {rho}: risk <strong>{show(here.risk)}</strong> = bias² {show(here.bias2)} + variance{' '}
        {show(here.variance)}. Dots: mean of {simulation?.draws ?? 0} of {MOST} draws.
      </p>
    </figure>
  );
}
/** rho = 0 stands apart: with fewer bags than dimensions it is another estimator than the limit. */
function Bar({
  frame: f,
  at,
  bias,
  all,
  top,
  colors,
}: {
  frame: Frame;
  at: number;
  bias: number;
  all: number;
  top: number;
  colors: (string | undefined)[];
}) {
  const w = Math.max(3, f.x(0.09) - f.x(0));
  const low = Number.isFinite(bias) ? Math.min(top, bias) : 0;
  const high = Math.min(top, all);
  return (
    <>
      {[
        [0, low],
        [low, high],
      ].map(([a, b], i) => (
        <rect
          key={i}
          x={f.x(at) - w}
          width={2 * w}
          y={f.y(b)}
          height={Math.max(0, f.y(a) - f.y(b))}
          fill={colors[i]}
          opacity={0.4}
        />
      ))}
    </>
  );
}
/** Both ends by name, with their values. */
function Ends({ frame: f, bag, instance, top }: { frame: Frame; bag: number; instance: number; top: number }) {
  const y = (v: number) => Math.max(f.top + 22, f.y(Math.min(top, v)) - 9);
  return (
    <>
      <text className="figure-name" x={f.x(placeOf(0)) - 6} y={y(bag)}>
        {bag > top ? `bag ↑ ${show(bag)}` : 'bag'}
      </text>
      <text className="figure-name" x={f.x(placeOf(1)) + 2} y={y(instance)} textAnchor="end">
        {instance > top ? `instance ↑ ${show(instance)}` : 'instance'}
      </text>
    </>
  );
}

interface SizeProps extends LinesLook {
  theory: Theory;
  simulation: SizeSimulation | null;
  design: Design;
  choose(k: number): void;
}

/** Risk against the bag size, the number of people fixed: the spike where bags are as many as dimensions. */
export function SizeFigure({
  theory: { sizes },
  simulation,
  design,
  choose,
  styles,
  hovered,
  hover,
  large,
}: SizeProps) {
  const lines = [
    { id: 'bag', name: 'ρ = 0', values: sizes.map((s) => s.bag), dots: simulation?.bag },
    { id: 'instance', name: 'ρ = 1', values: sizes.map((s) => s.instance), dots: simulation?.instance },
    { id: 'interpolating', name: 'best ρ', values: sizes.map((s) => s.best), dots: simulation?.best },
  ];
  const all = lines.flatMap((l) => l.values).filter((v) => v > 1e-6 && Number.isFinite(v));
  const low = Math.max(1e-3, Math.min(...all) * 0.7);
  const top = Math.min(20, Math.max(1.2, ...all) * 1.3);
  const n = design.m * design.k;
  const best = sizes.reduce((a, b) => (b.best < a.best ? b : a));
  const spike = n / design.d;
  return (
    <figure>
      <figcaption>
        <b>Risk against bag size</b>
        <Legend
          label="Curves"
          items={lines.map(({ id, name }) => ({ id, label: name, style: styles[id] }))}
          hovered={hovered}
          hover={hover}
        />
      </figcaption>
      <Figure
        large={large}
        height={heightOf(large)}
        onPress={({ x }) => choose(Math.max(1, Math.min(20, Math.round(x))))}
        summary={`Theory, ${n} people: the bag loss alone is worst at bags of ${sizes.reduce((a, b) => (b.bag > a.bag ? b : a)).k}; with the best ρ the risk is least, ${show(best.best)}, at bags of ${best.k}.`}
        x={{ from: 0.5, to: 20.5, ticks: [1, 5, 10, 15, 20], label: `bag size k, ${n} people` }}
        y={{
          from: low,
          to: top,
          log: true,
          ticks: [0.001, 0.01, 0.1, 1, 10].filter((t) => t >= low && t <= top),
          label: 'risk',
        }}
      >
        {(f) => (
          <>
            {spike > 1 && spike < 20.5 && (
              <g>
                <path className="aggregate-spike" d={`M${f.x(spike)} ${f.top}V${f.bottom}`} />
                <text className="figure-tick" x={f.x(spike) + 5} y={f.bottom - 6}>
                  bags = dimensions
                </text>
              </g>
            )}
            <path className="aggregate-here" d={`M${f.x(design.k)} ${f.top}V${f.bottom}`} />
            {lines.map(({ id, values, dots }) => (
              <g
                key={id}
                opacity={hovered === null || hovered === id || !lines.some((l) => l.id === hovered) ? 1 : 0.25}
              >
                <path
                  d={pathOf(
                    SIZES.map((k, i) => [
                      k,
                      values[i] > top || values[i] < low ? (values[i] < low ? null : top) : values[i],
                    ]),
                    f,
                  )}
                  fill="none"
                  stroke={styles[id]?.color}
                  strokeDasharray={styles[id]?.dash}
                  strokeWidth={large ? 4 : 2.2}
                />
                {dots && (
                  <Dots
                    dots={dots}
                    x={f.x}
                    frame={f}
                    color={styles[id]?.color ?? 'currentColor'}
                    top={top}
                    large={large}
                  />
                )}
              </g>
            ))}
          </>
        )}
      </Figure>
      <p className="aggregate-note num">
        With the best ρ, bags of <strong>{best.k}</strong> serve best: risk {show(best.best)}. At bags of {design.k}:{' '}
        {show(sizes[design.k - 1]?.best ?? NaN)}, the bag loss alone {show(sizes[design.k - 1]?.bag ?? NaN)}.
      </p>
    </figure>
  );
}
