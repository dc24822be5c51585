// The lab's picture: one arm that trains while you look. Arrows of the class means in every layer over the arrows of the formula, inner products
// beside their prediction, the measures of collapse, and lengths against class size.
import { useMemo, useState } from 'react';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { Matrix } from '../../pictures/matrix.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useSimulation } from '../../pictures/use-simulation.ts';
import { useTimeline } from '../../pictures/use-timeline.ts';
import { formatNumber, formatShort } from '../../util/number-text.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { tasksOf, type ArmId } from './arms.ts';
import { ArrowsFigure, CLASS_COLORS } from './arrows-figure.tsx';
import { inner, isSimplex } from './collapse.ts';
import { LengthsFigure, NumbersFigure } from './curves.tsx';
import type { Camera } from './project.ts';
import { predictedMeans, simulate, type Moment } from './simulate.ts';
import { predict, thresholdSize } from './theory.ts';
import './collapse.css';

const SIZE_KNOBS = ['first', 'second', 'third'] as const;
const START_CAMERA: Camera = { turn: 0.6, tilt: 0.42 };
const LARGEST = 300;

export default function View({ meta, knobs, setKnob, armStyles, running, large }: ViewProps) {
  const [arm, setArm] = useState<ArmId>('imbalanced');
  const [camera, setCamera] = useState(START_CAMERA);
  const [first, second, third, depth, lambda, width] = [...SIZE_KNOBS, 'depth', 'lambda', 'width'].map((name) =>
    Number(knobs[name]),
  );
  const task = useMemo(
    () => tasksOf({ sizes: [first, second, third], depth, lambda, width })[arm],
    [first, second, third, depth, lambda, width, arm],
  );
  const predicted = useMemo(() => predictedMeans(task), [task]);
  const simulation = useSimulation(JSON.stringify(task), () => simulate(task));
  const timeline = useTimeline(simulation?.moments.length ?? 1, { running, frameMs: 60 });
  const moments = simulation?.moments ?? [];
  const moment = moments[Math.min(timeline.at, moments.length - 1)];
  const text = (at: number) => stepText(moments[Math.min(at, moments.length - 1)]);
  return (
    <div className="collapse" data-large={large || undefined}>
      <Chips
        label="Arm in the picture"
        items={meta.arms.map(({ id, label }) => ({ id: id as ArmId, label, isOn: id === arm, style: armStyles[id] }))}
        press={setArm}
      />
      <SizeBars sizes={[first, second, third]} threshold={thresholdSize(task)} set={setKnob} />
      {simulation && moment && (
        <>
          <TimelineBar timeline={timeline} label="Moment of training" play="Play the training" text={text} />
          <div className="collapse-layers">
            {moment.layers.map((layer, l) => (
              <figure key={l} data-main={l === 0 || undefined}>
                <figcaption>
                  <b>{l === 0 ? 'Features H' : `After layer ${l}`}</b>
                  {l === 0 && <span>drag to turn</span>}
                </figcaption>
                <ArrowsFigure
                  layer={layer}
                  labels={simulation.labels}
                  predicted={predicted?.[l] ?? null}
                  camera={camera}
                  turn={setCamera}
                  height={l === 0 ? (large ? 420 : 320) : 190}
                  name={l === 0 ? 'Features' : `After layer ${l}`}
                />
              </figure>
            ))}
          </div>
          <div className="collapse-grid">
            <Grams moment={moment} predicted={predicted?.[0] ?? null} />
            <NumbersFigure simulation={simulation} moment={moment} large={large} seek={timeline.set} />
            {!isSimplex(simulation) && width >= 3 && (
              <LengthsFigure simulation={simulation} moment={moment} large={large} />
            )}
          </div>
          <NumbersTable moment={moment} task={task} />
        </>
      )}
    </div>
  );
}

const stepText = ({ step }: Moment): string => `step ${formatShort(Math.floor(step))}`;

interface SizeBarsProps {
  sizes: readonly number[];
  threshold: number;
  set: ViewProps['setKnob'];
}

/** Class sizes as bars to drag, on a logarithmic scale, which gives rare classes room. */
function SizeBars({ sizes, threshold, set }: SizeBarsProps) {
  const share = (n: number) => Math.log(n / 2) / Math.log(LARGEST / 2);
  const sizeAt = (value: number) => Math.round(2 * (LARGEST / 2) ** (value / 1000));
  return (
    <div className="collapse-sizes">
      {SIZE_KNOBS.map((name, k) => (
        <label key={name} style={{ '--class': CLASS_COLORS[k] } as React.CSSProperties}>
          <span>Class {k + 1}</span>
          <input
            type="range"
            min={0}
            max={1000}
            step={1}
            value={Math.round(1000 * share(sizes[k]))}
            aria-valuetext={`${sizes[k]} samples`}
            style={{ '--fill': `${100 * share(sizes[k])}%` } as React.CSSProperties}
            onChange={(e) => set(name, sizeAt(Number(e.currentTarget.value)), false)}
            onPointerUp={(e) => set(name, sizeAt(Number(e.currentTarget.value)))}
            onKeyUp={(e) => set(name, sizeAt(Number(e.currentTarget.value)))}
          />
          <output className="num">{sizes[k]}</output>
        </label>
      ))}
      <p className="collapse-note num">
        Without a bias, a class below <strong>{threshold.toFixed(1)}</strong> samples vanishes.
      </p>
    </div>
  );
}

/** Inner products of the class means, and what the formula says. */
function Grams({ moment, predicted }: { moment: Moment; predicted: Float64Array | null }) {
  const wanted = useMemo(() => predicted && inner(predicted, predicted, 3, 3), [predicted]);
  const most = Math.max(...moment.gram.map(Math.abs), ...(wanted ?? []).map(Math.abs));
  const grid = (values: Float64Array) => ({
    rows: 3,
    cols: 3,
    values,
    signed: true,
    min: -most,
    max: most,
    square: true,
    digits: 3,
  });
  const write = (v: number) => formatNumber(Math.abs(v) < 5e-4 ? 0 : v, 3);
  return (
    <div className="collapse-grams">
      <figure>
        <figcaption>
          <b>Inner products</b>
        </figcaption>
        <Matrix
          grid={grid(moment.gram)}
          title="Inner products of the class means"
          write={write}
          cellWidth={62}
          hasKey={false}
        />
      </figure>
      <figure>
        <figcaption>
          <b>By the formula</b>
        </figcaption>
        {wanted ? (
          <Matrix grid={grid(wanted)} title="Predicted inner products" write={write} cellWidth={62} hasKey={false} />
        ) : (
          <p className="collapse-note">
            No lengths in closed form here: with fewer dimensions than classes, or under cross-entropy, only training
            tells.
          </p>
        )}
      </figure>
    </div>
  );
}

function NumbersTable({
  moment,
  task,
}: {
  moment: Moment;
  task: Parameters<typeof predict>[0] & { hasBias: boolean };
}) {
  const classes = task.hasBias ? null : predict(task);
  return (
    <FoldedTables
      summary="The pictures as tables"
      tables={[
        {
          caption: `Lengths at ${stepText(moment)}`,
          head: ['class', 'samples', 'mean', 'mean, formula', 'row', 'row, formula'],
          rows: task.sizes.map((n, k) => [
            `class ${k + 1}`,
            n,
            formatNumber(moment.means[k], 4),
            classes ? formatNumber(classes[k].mean, 4) : '–',
            formatNumber(moment.rows[k], 3),
            classes ? formatNumber(classes[k].row, 3) : '–',
          ]),
        },
        {
          caption: 'Measures of collapse',
          head: ['NC1', 'NC2 of means', 'NC2 of rows', 'NC3'],
          rows: [[moment.nc1, moment.nc2Means, moment.nc2Rows, moment.nc3].map((v) => formatShort(v))],
        },
      ]}
    />
  );
}
