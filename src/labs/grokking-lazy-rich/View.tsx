// The lab's picture: a network that trains while you look. Losses on a logarithmic axis of steps, the cloud of its neurons, the three parts
// of the exact test loss, and what the features look like from inside. One moment rules all of them.
import { memo, useMemo } from 'react';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { Matrix } from '../../pictures/matrix.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useSimulation } from '../../pictures/use-simulation.ts';
import { useTimeline } from '../../pictures/use-timeline.ts';
import { formatNumber, formatShort } from '../../util/number-text.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { DIMENSIONS } from './arms.ts';
import { CloudFigure } from './cloud-figure.tsx';
import { LossFigure, PartsFigure } from './loss-figures.tsx';
import type { Setting } from './problem.ts';
import { simulate, type Moment, type Simulation } from './simulate.ts';
import './grokking.css';

const SCALES = [0.25, 1, 4, 16];
/** The first directions are enough to see a spike. */
const SHOWN_DIRECTIONS = 12;
const WIDEST = 18;

export default function View({ knobs, setKnob, running, large }: ViewProps) {
  const [alpha, epsilon, samples, width, mix, rate] = ['alpha', 'epsilon', 'samples', 'width', 'mix', 'rate'].map(
    (name) => Number(knobs[name]),
  );
  const setting: Setting = { D: DIMENSIONS, P: samples, N: width, alpha, epsilon, mix, rate };
  const simulation = useSimulation(JSON.stringify(setting), () => simulate(setting));
  const timeline = useTimeline(simulation?.moments.length ?? 1, { running, frameMs: 60 });
  if (!simulation) return <p className="grokking-note">Training a network of {width} neurons…</p>;
  const { moments } = simulation;
  const moment = moments[Math.min(timeline.at, moments.length - 1)];
  const text = (at: number) => stepText(moments[Math.min(at, moments.length - 1)]);
  return (
    <div className="grokking" data-large={large || undefined}>
      <div className="grokking-bar">
        <Chips
          label="Output scale"
          hasLabel
          items={SCALES.map((id) => ({ id, label: `α = ${id}`, isOn: alpha === id }))}
          press={(id) => setKnob('alpha', id)}
        />
        <TimelineBar timeline={timeline} label="Moment of training" play="Play the training" text={text} />
      </div>
      <div className="grokking-grid">
        <LossFigure simulation={simulation} moment={moment} large={large} seek={(at) => timeline.set(at)} />
        <CloudFigure moment={moment} large={large} />
        <PartsFigure simulation={simulation} moment={moment} large={large} seek={(at) => timeline.set(at)} />
        <Inside moment={moment} shown={simulation.shown} />
      </div>
      <Story simulation={simulation} />
      <MomentTable simulation={simulation} />
    </div>
  );
}

const stepText = ({ step }: Moment): string => `step ${formatShort(Math.floor(step))}`;

/** What this network did, in a sentence. */
function Story({ simulation }: { simulation: Simulation }) {
  const { fit, generalise, steps, hasDiverged, isSlowed, isDone, setting } = simulation;
  const last = simulation.moments[simulation.moments.length - 1];
  const when = (t: number) => formatShort(Math.round(t));
  return (
    <p className="grokking-note num" aria-live={isDone ? 'polite' : 'off'}>
      {hasDiverged ? (
        'The losses grew without bound: lower the learning rate.'
      ) : Number.isNaN(fit) ? (
        <>After {when(steps)} steps it has not yet fitted its training data.</>
      ) : Number.isNaN(generalise) ? (
        <>
          It fitted at step <strong>{when(fit)}</strong> and, {when(steps)} steps in, still does not generalise.
        </>
      ) : (
        <>
          It fitted at step <strong>{when(fit)}</strong> and generalised at step <strong>{when(generalise)}</strong>:{' '}
          <strong>{(generalise / fit).toFixed(1)} times</strong> as long.
        </>
      )}{' '}
      The linearised network has a training loss of {formatNumber(last.lazyTrain, 2)} and a test loss of{' '}
      {formatNumber(last.lazyTest, 2)}.
      {isSlowed && <> The learning rate is lowered to {setting.rate.toFixed(1)} to stay stable.</>}
    </p>
  );
}

const Inside = memo(function Inside({ moment, shown }: { moment: Moment; shown: number }) {
  const features = useMemo(() => {
    const values = new Float64Array(SHOWN_DIRECTIONS ** 2);
    const most = Math.max(...moment.moment.map(Math.abs));
    for (let i = 0; i < SHOWN_DIRECTIONS; i++)
      for (let j = 0; j < SHOWN_DIRECTIONS; j++)
        values[i * SHOWN_DIRECTIONS + j] = moment.moment[i * DIMENSIONS + j] / most;
    return { rows: SHOWN_DIRECTIONS, cols: SHOWN_DIRECTIONS, values, signed: true, min: -1, max: 1, square: true };
  }, [moment]);
  const gram = useMemo(() => {
    const most = Math.max(...moment.gram.map(Math.abs));
    const values = moment.gram.map((v) => v / most);
    return { rows: shown, cols: shown, values, signed: true, min: -1, max: 1, square: true };
  }, [moment, shown]);
  return (
    <div className="grokking-inside">
      <figure>
        <figcaption>
          <b>Features M</b> the target’s direction first
        </figcaption>
        <Matrix
          grid={features}
          title="Mean outer product of the neurons, largest entry 1"
          cellWidth={WIDEST}
          hasKey={false}
        />
      </figure>
      <figure>
        <figcaption>
          <b>Tangent kernel</b> samples by target
        </figcaption>
        <Matrix grid={gram} title="Tangent kernel of the samples, largest entry 1" cellWidth={WIDEST} hasKey={false} />
      </figure>
    </div>
  );
});

function MomentTable({ simulation: { moments } }: { simulation: Simulation }) {
  const every = Math.max(1, Math.floor(moments.length / 16));
  const rows = moments.filter((_, i) => i % every === 0 || i === moments.length - 1);
  const shares: (keyof Moment)[] = ['train', 'test', 'linear', 'trace', 'misalignment', 'alignment', 'lazyTest'];
  return (
    <FoldedTables
      summary="The pictures as a table"
      tables={[
        {
          caption: 'Losses as shares of the variance of the target',
          head: ['step', 'training', 'test', 'line', 'size', 'directions', 'alignment', 'linearised test'],
          rows: rows.map((m) => [
            formatShort(Math.floor(m.step)),
            ...shares.map((name) => formatNumber(m[name] as number, 3)),
          ]),
        },
      ]}
    />
  );
}
