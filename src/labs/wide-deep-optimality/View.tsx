// The lab's picture: the octant laid flat with the regions of the network in hand, morphing with its depth; beside it the
// activation, the fall of its kernel with distance, and the map of A' and B'. Everything is computed in the page.
import { useMemo, useState } from 'react';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { DecisionPlane } from '../../pictures/decision-plane.tsx';
import { useSimulation } from '../../pictures/use-simulation.ts';
import { prng } from '../../util/prng.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { coefficientsFor, powerOf, type Activation } from './activation.ts';
import { machines, nearest, pairsOf } from './classify.ts';
import { ActivationFigure, ConstantsMap, DepthFigure, depthLines, KernelFigure } from './figures.tsx';
import { reach } from './kernel.ts';
import { drawSample } from './octant.ts';
import {
  answersField,
  decisionOf,
  fillField,
  octantCells,
  PICTURE_NODES,
  truthField,
  type Field,
} from './octant-map.ts';
import { activationOf, DEEP, type Knobs } from './rules.ts';
import './octant.css';

const SIDE = 96;
const MOST_POINTS = 400;
const cells = octantCells(SIDE);
const truth = truthField(cells);

type Shown = 'network' | 'truth' | 'nearest';
const SHOWN: { id: Shown; label: string }[] = [
  { id: 'network', label: 'the network' },
  { id: 'truth', label: 'true rule' },
  { id: 'nearest', label: 'nearest neighbour' },
];

export default function View({ knobs: given, setKnob, arms, armStyles, hoveredArm, hoverArm, large }: ViewProps) {
  const knobs = given as Knobs;
  const { depth, noise } = knobs;
  const n = Math.min(MOST_POINTS, knobs.n);
  const { activation: kind, alpha, a0, a1, a2, a3 } = knobs;
  const activation = useMemo(
    () => activationOf({ activation: kind, alpha, a0, a1, a2, a3 } as Knobs),
    [kind, alpha, a0, a1, a2, a3],
  );
  const [draw, setDraw] = useState(1);
  const [shown, setShown] = useState<Shown>('network');
  const scene = useMemo(() => {
    const train = drawSample(prng(draw, 'train'), n, 2, noise);
    const pairs = pairsOf(cells, train, PICTURE_NODES);
    return { train, pairs, gram: pairsOf(train, train, PICTURE_NODES) };
  }, [draw, n, noise]);
  const machine = useMemo(
    () => machines(activation, depth, scene.gram, scene.train.labels, [n])[0],
    [activation, depth, scene, n],
  );
  const key = [kind, alpha, a0, a1, a2, a3, depth, draw, n, noise].join(' ');
  const now = useSimulation(key, () => fillField(cells, machine, scene.pairs));
  const [last, setLast] = useState(now);
  // the picture before stays until the first turn of the next one
  if (now && now !== last) setLast(now);
  const near = useMemo(() => answersField(cells, nearest(scene.pairs, scene.train.labels, n)), [scene, n]);
  const field: Field = shown === 'truth' ? truth : shown === 'nearest' ? near.field : (last?.field ?? truth);
  const picture = useMemo(() => decisionOf(cells, field, scene.train), [field, scene]);
  const put = (slope: number, spread: number) => {
    const a = coefficientsFor(slope, spread);
    if (!a) return;
    setKnob('activation', 'own', false);
    a.forEach((v, k) => setKnob(`a${k}`, Math.round(100 * v) / 100, k === 3));
  };
  const flipped = scene.train.labels.reduce((sum, y, i) => sum + Number(y !== scene.train.clean[i]), 0);
  const agree = last ? percent(last.agree) : '–';
  const lines = depthLines(arms);
  return (
    <div className="octant" data-large={large || undefined}>
      <div className="octant-grid">
        <div className="octant-main">
          <div className="octant-bar">
            <Chips
              label="Show"
              hasLabel
              items={SHOWN.map((item) => ({ ...item, isOn: item.id === shown }))}
              press={setShown}
            />
            <button type="button" className="button small" onClick={() => setDraw(draw + 1)}>
              New points
            </button>
          </div>
          <div className="octant-plane">
            <DecisionPlane picture={picture} title="The octant laid flat" height={(width) => width} />
          </div>
          <DepthBar depth={depth} set={(value, settled) => setKnob('depth', value, settled)} />
          <Presets activation={activation} setKnob={setKnob} />
          <p className="octant-note num" aria-live="polite">
            {n} points, {flipped} of them with a flipped label. At depth {count(depth)} the network agrees with the true
            rule on <strong>{agree}</strong> of the octant; the nearest neighbour on {percent(near.agree)}.{' '}
            {machine.isVote
              ? 'A vote: each label counts by its kernel value.'
              : 'Not yet a vote: a linear solve sets the weights.'}{' '}
            {limitText(activation, depth)}
          </p>
        </div>
        <div className="octant-side">
          <ActivationFigure activation={activation} large={large} />
          <KernelFigure activation={activation} table={machine.table} depth={depth} large={large} />
          <ConstantsMap constants={activation.constants} put={put} large={large} />
        </div>
      </div>
      {lines.length > 0 && (
        <DepthFigure
          lines={lines}
          styles={armStyles}
          hovered={hoveredArm}
          hover={hoverArm}
          depth={depth}
          large={large}
        />
      )}
      <FoldedTables
        summary="The pictures as tables"
        tables={[
          {
            caption: 'The network in hand',
            head: ['what', 'value'],
            rows: [
              ['A', activation.constants.a.toFixed(3)],
              ['A′', activation.constants.slope.toFixed(3)],
              ['B′', activation.constants.spread.toFixed(3)],
              ['limit of depth', LIMITS[activation.limit]],
              ['agrees with the true rule', agree],
              ['nearest neighbour agrees', percent(near.agree)],
            ],
          },
          {
            caption: 'Accuracy by depth, mean over the seeds of the run',
            head: ['depth', ...lines.map((line) => line.label)],
            rows: [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))]
              .sort((a, b) => a - b)
              .map((at) => [
                count(at),
                ...lines.map((line) => {
                  const point = line.points.find(([x]) => x === at);
                  return point ? percent(point[1]) : '–';
                }),
              ]),
          },
        ]}
      />
    </div>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const count = (value: number): string => value.toLocaleString('en');

const LIMITS: Record<Activation['limit'], string> = {
  nearest: 'nearest neighbour',
  majority: 'majority',
  singular: 'vote by distance',
  degenerate: 'none of the three (B′ ≤ 1)',
};

function limitText(activation: Activation, depth: number): string {
  const held = reach(activation, depth);
  switch (activation.limit) {
    case 'nearest':
      return 'A = A′ = 0: deeper means nearer to the nearest neighbour.';
    case 'majority':
      return 'A ≠ 0: deeper means nearer to the majority.';
    case 'singular': {
      const power = powerOf(activation.constants).toFixed(2);
      return `A = 0, A′ ≠ 0: in the limit a vote by 1/distance to the power ${power}; 2 is the dimension.`;
    }
    case 'degenerate':
      return `B′ ≤ 1: depth slowly makes all points alike.${held < depth ? ` Held at ${count(held)} layers.` : ''}`;
  }
}

/** Depth on a logarithmic slider below the octant. */
function DepthBar({ depth, set }: { depth: number; set(depth: number, settled: boolean): void }) {
  const top = Math.log10(DEEP);
  const at = Math.log10(depth);
  const read = (e: React.SyntheticEvent<HTMLInputElement>, settled: boolean) =>
    set(Math.round(10 ** Number(e.currentTarget.value)), settled);
  return (
    <div className="octant-bar">
      <input
        type="range"
        min={0}
        max={top}
        step={0.05}
        value={at}
        aria-label="Depth"
        aria-valuetext={`${count(depth)} layers`}
        style={{ '--fill': `${(100 * at) / top}%` } as React.CSSProperties}
        onChange={(e) => read(e, false)}
        onPointerUp={(e) => read(e, true)}
        onKeyUp={(e) => read(e, true)}
      />
      <output className="num">depth {count(depth)}</output>
    </div>
  );
}

/** One press for each limit. */
function Presets({ activation, setKnob }: { activation: Activation; setKnob: ViewProps['setKnob'] }) {
  const own = (values: readonly number[]) => () => {
    setKnob('activation', 'own', false);
    values.forEach((v, k) => setKnob(`a${k}`, v, k === 3));
  };
  const power = (alpha: number) => () => {
    setKnob('activation', 'power', false);
    setKnob('alpha', alpha);
  };
  const items: { id: string; label: string; isOn: boolean; go(): void }[] = [
    { id: 'optimal', label: 'α = 2, optimal', isOn: activation.name === 'α = 2', go: power(2) },
    { id: 'steep', label: 'α = 4', isOn: activation.name === 'α = 4', go: power(4) },
    { id: 'nearest', label: 'A = A′ = 0', isOn: activation.limit === 'nearest', go: own([0, 0, 1, 0]) },
    { id: 'majority', label: 'A ≠ 0', isOn: activation.limit === 'majority', go: own([0.58, 0, 0.82, 0]) },
    { id: 'relu', label: 'ReLU', isOn: activation.name === 'ReLU', go: () => setKnob('activation', 'relu') },
  ];
  return <Chips label="Activation" hasLabel items={items} press={(id) => items.find((item) => item.id === id)?.go()} />;
}
