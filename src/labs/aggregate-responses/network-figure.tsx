// The networks of the run: test error and loss on held-out bags against the weight.
import { Figure, pathOf } from '../../pictures/figure.tsx';
import { linearTicks } from '../../util/ticks.ts';
import type { TablePicture } from '../../pictures/payloads.ts';
import { placeOf, rhoAxis } from './rho-axis.ts';
import type { LinesLook } from './risk-figures.tsx';

export interface Networks {
  weights: { rho: number; error: number; held: number }[];
  individual: number;
}

/** The table that the run sends, as numbers; null when there is none. */
export function readNetworks(payload: unknown): Networks | null {
  const rows = (payload as Partial<TablePicture> | undefined)?.rows;
  if (!Array.isArray(rows)) return null;
  const weights = rows
    .filter((r) => typeof r[0] === 'number')
    .map(([rho, error, held]) => ({ rho: Number(rho), error: Number(error), held: Number(held) }))
    .sort((a, b) => a.rho - b.rho);
  const individual = rows.find((r) => typeof r[0] === 'string')?.[1];
  return weights.length && typeof individual === 'number' ? { weights, individual } : null;
}

export function NetworkFigure({
  networks: { weights, individual },
  rho,
  styles,
  large,
}: LinesLook & { networks: Networks; rho: number }) {
  const top = Math.max(0.02, ...weights.map((w) => w.error)) * 1.15;
  const blue = styles.interpolating?.color;
  const chosen = weights.reduce((a, b) => (b.held < a.held ? b : a));
  const percent = (v: number) => `${(100 * v).toFixed(v < 0.02 ? 2 : 1)} %`;
  return (
    <figure>
      <figcaption>
        <b>Networks: is it footwear?</b>
      </figcaption>
      <Figure
        large={large}
        height={large ? 380 : 270}
        summary={`Networks trained on bag means: test error ${weights.map((w) => `${percent(w.error)} at ρ = ${w.rho}`).join(', ')}; with single answers ${percent(individual)}.`}
        x={rhoAxis()}
        y={{
          from: 0,
          to: top,
          ticks: linearTicks(0, top, 4),
          label: 'test error',
          format: (v) => `${Math.round(1000 * v) / 10} %`,
        }}
      >
        {(f) => (
          <>
            <path
              d={`M${f.left} ${f.y(individual)}H${f.right}`}
              fill="none"
              stroke={styles.individual?.color}
              strokeDasharray={styles.individual?.dash}
              strokeWidth={2}
            />
            <path className="aggregate-here" d={`M${f.x(placeOf(rho))} ${f.top}V${f.bottom}`} />
            <path
              d={pathOf(
                weights.map((w) => [placeOf(w.rho), w.error]),
                f,
              )}
              fill="none"
              stroke={blue}
              strokeWidth={2}
            />
            {weights.map((w) => (
              <circle
                key={w.rho}
                cx={f.x(placeOf(w.rho))}
                cy={f.y(w.error)}
                r={large ? 5 : 3.4}
                fill={w === chosen ? 'var(--surface)' : blue}
                stroke={blue}
                strokeWidth={2}
              />
            ))}
          </>
        )}
      </Figure>
      <p className="aggregate-note num">
        From the run: means over its seeds. Ring: ρ = {chosen.rho}, the weight with the least loss on held-out bags.
        Grey: every single answer known, {percent(individual)}.
      </p>
    </figure>
  );
}
