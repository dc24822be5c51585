// The lab's picture: people whose answers are hidden, the curve that bends with rho, and the risk in 64 dimensions. Everything answers at once.
import { useMemo, useState } from 'react';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { prng } from '../../util/prng.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { NO_PRIVACY } from './privacy.ts';
import { NetworkFigure, readNetworks } from './network-figure.tsx';
import { RhoFigure, SizeFigure, type LinesLook } from './risk-figures.tsx';
import { RHO_STOPS, stopOf } from './rho-axis.ts';
import { D, type Design } from './simulate.ts';
import { simulateCurve, simulateSizes, timedTheory, type Theory } from './sweep.ts';
import { makeToy } from './toy.ts';
import { ToyFigure } from './toy-figure.tsx';
import { useSimulation } from '../../pictures/use-simulation.ts';
import './aggregate.css';

/** The first people shown are a draw in which the effect is plain to see; "new people" shows others, not all so plain. */
const FIRST_PEOPLE = 5;

export default function View({ knobs, setKnob, pictures, armStyles, hoveredArm, hoverArm, large }: ViewProps) {
  const { rho, k, m, sigma, epsilon } = Object.fromEntries(
    ['rho', 'k', 'm', 'sigma', 'epsilon'].map((name) => [name, Number(knobs[name])]),
  );
  const design = useMemo((): Design => ({ d: D, m, k, sigma, epsilon }), [m, k, sigma, epsilon]);
  const key = `${m} ${k} ${sigma} ${epsilon}`;
  const [people, setPeople] = useState(FIRST_PEOPLE);
  const toy = useMemo(() => makeToy(prng(people, 'toy'), k, sigma), [people, k, sigma]);
  const { theory, ms } = useMemo(() => timedTheory(design), [design]);
  const curve = useSimulation(key, () => simulateCurve(design));
  const sizes = useSimulation(curve?.draws === undefined ? null : key, () => simulateSizes(design));
  const networks = useMemo(() => readNetworks(pictures.neural), [pictures.neural]);
  const look: LinesLook = { styles: armStyles, hovered: hoveredArm, hover: hoverArm, large };
  return (
    <div className="aggregate" data-large={large || undefined}>
      <ToyFigure toy={toy} rho={rho} {...look} />
      <RhoBar rho={rho} set={(value, settled) => setKnob('rho', value, settled)} renew={() => setPeople(people + 1)} />
      <div className="aggregate-grid">
        <RhoFigure
          {...look}
          theory={theory}
          simulation={curve}
          rho={rho}
          design={design}
          choose={(value) => setKnob('rho', value)}
        />
        <SizeFigure
          {...look}
          theory={theory}
          simulation={sizes}
          design={design}
          choose={(value) => setKnob('k', value)}
        />
        {networks && <NetworkFigure {...look} networks={networks} rho={rho} />}
      </div>
      <p className="aggregate-note num">
        {m} bags of {k}, noise σ = {sigma}
        {epsilon < NO_PRIVACY ? `, privacy ε = ${epsilon}` : ''}, 64 dimensions. Best ρ by theory:{' '}
        <strong>{theory.best.rho.toPrecision(2)}</strong>, risk {risk(theory.best.risk)}. Theory took{' '}
        {ms < 0.05 ? 'under 0.1' : ms.toFixed(1)} ms.
      </p>
      <RiskTable theory={theory} k={k} />
    </div>
  );
}
const risk = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '∞');

function RhoBar({ rho, set, renew }: { rho: number; set(rho: number, settled: boolean): void; renew(): void }) {
  const at = stopOf(rho);
  const read = (e: React.SyntheticEvent<HTMLInputElement>, settled: boolean) =>
    set(RHO_STOPS[Number(e.currentTarget.value)], settled);
  return (
    <div className="aggregate-bar">
      <span className="aggregate-end">bag loss</span>
      <input
        type="range"
        min={0}
        max={RHO_STOPS.length - 1}
        step={1}
        value={at}
        aria-label="Weight ρ of the instance loss"
        aria-valuetext={`ρ = ${rho}`}
        style={{ '--fill': `${(100 * at) / (RHO_STOPS.length - 1)}%` } as React.CSSProperties}
        onChange={(e) => read(e, false)}
        onPointerUp={(e) => read(e, true)}
        onKeyUp={(e) => read(e, true)}
      />
      <span className="aggregate-end">instance loss</span>
      <output className="num">ρ = {rho}</output>
      <button type="button" className="button small" onClick={renew}>
        New people
      </button>
    </div>
  );
}

function RiskTable({ theory: { curve, ends, best, sizes }, k }: { theory: Theory; k: number }) {
  const rows: [string, (typeof ends)['bag']][] = [
    ['0, bag loss', ends.bag],
    ...curve
      .filter((_, i) => i % 10 === 0 && i < 60)
      .map(({ rho, risk: r }): [string, typeof r] => [rho.toPrecision(2), r]),
    ['1, instance loss', ends.instance],
  ];
  return (
    <FoldedTables
      summary="The pictures as tables"
      tables={[
        {
          caption: `Theory, risk against ρ at bags of ${k} (best: ρ = ${best.rho.toPrecision(2)})`,
          head: ['ρ', 'risk', 'bias²', 'variance'],
          rows: rows.map(([name, r]) => [name, risk(r.risk), risk(r.bias2), risk(r.variance)]),
        },
        {
          caption: 'Theory, risk against bag size, the same number of people',
          head: ['k', 'bag loss', 'instance loss', 'best ρ', 'its risk'],
          rows: sizes.map((s) => [
            s.k,
            risk(s.bag),
            risk(s.instance),
            s.k === 1 ? 'any' : s.rho.toPrecision(2),
            risk(s.best),
          ]),
        },
      ]}
    />
  );
}
