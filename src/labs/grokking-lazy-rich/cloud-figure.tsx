// The cloud of neurons at one moment, with the circle in which it began. The axes grow with the cloud.
import { Figure } from '../../pictures/figure.tsx';
import { linearTicks } from '../../util/ticks.ts';
import type { Moment } from './simulate.ts';

/** Nearly all neurons start within this distance. */
const START_RADIUS = 2.5;

const minus = (v: number): string => String(v).replace('-', '−');
const spread = (v: Float64Array): number => Math.sqrt(v.reduce((s, x) => s + x * x, 0) / v.length);

export function CloudFigure({ moment: { along, across }, large }: { moment: Moment; large: boolean }) {
  const reach = 1.1 * Math.max(3, ...along.map(Math.abs), ...across.map(Math.abs));
  const axis = { from: -reach, to: reach, ticks: linearTicks(-reach, reach, 4), format: minus };
  const length = spread(along);
  const thickness = spread(across);
  return (
    <figure>
      <figcaption>
        <b>The neurons</b>
        <span className="num">
          {length.toFixed(1)} along, {thickness.toFixed(1)} across
        </span>
      </figcaption>
      <Figure
        large={large}
        height={large ? 400 : 290}
        summary={`${along.length} neurons: they spread ${length.toFixed(1)} along the target and ${thickness.toFixed(1)} across it.`}
        x={{ ...axis, label: 'along the target’s direction' }}
        y={{ ...axis, label: 'along another direction' }}
      >
        {(f) => (
          <>
            <ellipse
              className="grokking-start"
              cx={f.x(0)}
              cy={f.y(0)}
              rx={f.x(START_RADIUS) - f.x(0)}
              ry={f.y(0) - f.y(START_RADIUS)}
            />
            {Array.from(along, (x, n) => (
              <circle key={n} className="grokking-neuron" cx={f.x(x)} cy={f.y(across[n])} r={large ? 4 : 2.8} />
            ))}
          </>
        )}
      </Figure>
    </figure>
  );
}
