// Train mode: the two losses against steps and against seconds, and what a step costs with drops.
import { linearTicks } from '../../util/ticks.ts';
import { Figure, pathOf, type Axis } from '../../pictures/figure.tsx';
import type { Series } from '../_kit/contract/result.ts';
import type { ViewProps } from '../_kit/contract/view.ts';

/** The arms that train, in the order of the lanes. */
const LANES = [
  { id: 'full', name: 'all tokens' },
  { id: 'twin', name: 'with PyramidDrop' },
] as const;
type Points = [x: number, loss: number][];
interface Wall {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  group: ArrayLike<number>;
}
const isWall = (p: unknown): p is Wall => typeof p === 'object' && p !== null && 'x' in p && 'y' in p && 'group' in p;

const last = (series: Series | undefined): number | null => series?.at(-1)?.[1] ?? null;
/** Newest mean step of each lane, ms; null before there is one. */
export function stepTimes(arms: ViewProps['arms']): [full: number | null, pdrop: number | null] {
  const [a, b] = LANES.map(({ id }) => last(arms.find((arm) => arm.id === id)?.series[0]?.stepMs));
  return [a, b];
}
/** Loss against seconds per lane. */
export const lanesOf = ({ x, y, group }: Wall): Points[] =>
  LANES.map((_, lane) =>
    Array.from(x, (at, i): [number, number, number] => [at, y[i], group[i]])
      .filter(([, , g]) => g === lane)
      .map(([at, loss]) => [at, loss]),
  );

function Curves({ title, lanes, unit, props }: { title: string; lanes: Points[]; unit: string; props: ViewProps }) {
  const all = lanes.flat();
  const right = Math.max(...all.map(([x]) => x), 1e-9);
  const top = Math.max(...all.map(([, loss]) => loss), 1e-9);
  const axis = (to: number, label: string): Axis => ({ from: 0, to, ticks: linearTicks(0, to), label });
  return (
    <figure>
      <figcaption>
        <b>{title}</b>
      </figcaption>
      <Figure
        summary={`${title}. ${lanes.map((points, i) => `${LANES[i].name}: ${points.length ? `${points.at(-1)![1].toFixed(2)} after ${points.at(-1)![0].toFixed(0)} ${unit}` : 'nothing yet'}`).join('; ')}.`}
        x={axis(right, unit)}
        y={axis(1.05 * top, 'loss')}
        height={200}
        large={props.large}
      >
        {(frame) =>
          lanes.map((points, i) => (
            <path
              key={LANES[i].id}
              d={pathOf(points, frame)}
              fill="none"
              stroke={props.armStyles[LANES[i].id]?.color}
              strokeWidth={2}
              strokeDasharray={props.armStyles[LANES[i].id]?.dash}
            />
          ))
        }
      </Figure>
    </figure>
  );
}

/** Nothing until a training has given points. */
export function TrainingRace(props: ViewProps) {
  const { arms, pictures, live } = props;
  const steps = LANES.map(({ id }): Points =>
    (arms.find((a) => a.id === id)?.series[0]?.loss ?? []).map(([step, loss]) => [step, loss]),
  );
  if (!live || !isWall(pictures.wall) || !steps.some((s) => s.length)) return null;
  const [full, pdrop] = stepTimes(arms);
  return (
    <div className="pd-race" data-testid="training-race">
      <div className="pd-figures">
        <Curves title="Loss against steps" lanes={steps} unit="steps" props={props} />
        <Curves
          title="Loss against the seconds of its own steps"
          lanes={lanesOf(pictures.wall)}
          unit="seconds"
          props={props}
        />
      </div>
      <p className="small">
        {LANES.map(({ id, name }) => (
          <span key={id} className="pd-key">
            <i style={{ background: props.armStyles[id]?.color }} />
            {name}
          </span>
        ))}
        {full !== null && pdrop !== null && (
          <>
            {' '}
            A step takes {full.toFixed(0)} ms with all tokens and {pdrop.toFixed(0)} ms with drops:{' '}
            <b>{pdrop < full ? `${(100 * (1 - pdrop / full)).toFixed(0)} % less time` : 'no less time'}</b>.
          </>
        )}
      </p>
    </div>
  );
}
