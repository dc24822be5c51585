// The little that the gallery and the reproductions page need of a live lab, taken from its meta and recording when
// the page is built, so that neither loads whole recordings.
import { armStyles } from '../../pictures/arm-colors.ts';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { Backend } from '../../engine/engine.ts';
import type { ArmResult, ClaimResult, RunResult, Verdict } from '../../labs/_kit/contract/result.ts';
import { THUMB_HEIGHT, THUMB_WIDTH, type ShapesThumb, type ThumbShape } from '../../pictures/thumbnail.ts';
import { bucketMinMax } from '../charts/bucket.ts';
import { finalValues, metricsIn, seedBand, spreadOf } from '../charts/series.ts';

/** A small picture as a PNG in a data address. */
export interface ImageThumb {
  kind: 'image';
  width: number;
  height: number;
  href: string;
  label: string;
}
export type Thumbnail = ShapesThumb | ImageThumb;

/** What a card shows. */
export interface LabCard {
  slug: string;
  title: string;
  claim: string;
  cost: LabMeta['cost'];
  seeds: number;
  recorded: { verdict: Verdict; seeds: number; backend: Backend; passed: number; checks: number } | null;
  thumbnail: Thumbnail | null;
}

/** What the reproductions page shows. */
export interface LabVerdict {
  slug: string;
  title: string;
  verdict: Verdict;
  claims: ClaimResult[];
  seeds: number[];
  backend: Backend;
  wallMs: number;
  deviations: number;
}

/** @param picture the recorded picture, small; the curves are drawn where there is none */
export function cardOf(meta: LabMeta, recorded: RunResult | null, picture: Thumbnail | null = null): LabCard {
  const required = recorded?.claims.filter((claim) => claim.required) ?? [];
  return {
    slug: meta.slug,
    title: meta.title,
    claim: meta.claim,
    cost: meta.cost,
    seeds: meta.seeds,
    recorded: recorded && {
      verdict: recorded.verdict,
      seeds: recorded.seeds.length,
      backend: recorded.backend,
      passed: required.filter((claim) => claim.verdict === 'reproduced').length,
      checks: required.length,
    },
    thumbnail: picture ?? (recorded && curvesThumb(meta, recorded)),
  };
}

export const verdictOf = (meta: LabMeta, recorded: RunResult): LabVerdict => ({
  slug: meta.slug,
  title: meta.title,
  verdict: recorded.verdict,
  claims: recorded.claims,
  seeds: recorded.seeds,
  backend: recorded.backend,
  wallMs: recorded.wallMs,
  deviations: meta.deviations.length,
});

// ---------------------------------------------------------------- thumbnail

type Curve = { id: string; points: [x: number, y: number][] };

/** Curves of the recorded run as small paths, after the lab's first line or sweep view; null when nothing is drawable. */
export function curvesThumb(meta: LabMeta, recorded: RunResult): ShapesThumb | null {
  const view = meta.views.find((view) => view.kind === 'line' || view.kind === 'sweep');
  return view?.kind === 'sweep'
    ? sweepThumb(meta, recorded, view.metrics)
    : lineThumb(meta, recorded, view?.metric ?? metricsIn(recorded.arms)[0]);
}

function lineThumb(meta: LabMeta, recorded: RunResult, metric: string | undefined): ShapesThumb | null {
  if (metric === undefined) return null;
  const styles = armStyles(meta.arms);
  const curves = recorded.arms
    .map((arm) => ({ id: arm.id, points: seedBand(arm, metric).map((p): [number, number] => [p.step, p.mean]) }))
    .filter((curve) => curve.points.length > 1);
  const lines = pathsOf(curves, boundsOf(curves)).map(({ id, path }) => ({
    color: styles[id]?.color ?? 'currentColor',
    dash: styles[id]?.dash ?? '',
    path,
  }));
  return lines.length
    ? {
        kind: 'shapes',
        shapes: lines.toReversed(),
        label: `${meta.metrics[metric]?.label ?? metric} of ${lines.length} arms over training`,
      }
    : null;
}

/** Each metric against the sweep's axis, stretched to the box on its own. */
function sweepThumb(meta: LabMeta, recorded: RunResult, metrics: string[]): ShapesThumb | null {
  const lines = metrics.flatMap((metric, i): ThumbShape[] => {
    const curve = { id: metric, points: sweepPoints(recorded.arms, metric) };
    return curve.points.length > 1
      ? pathsOf([curve], boundsOf([curve])).map(({ path }) => ({
          color: `var(--arm-${i % 6})`,
          dash: ['', '7 4', '2 3'][i % 3],
          path,
        }))
      : [];
  });
  return lines.length
    ? {
        kind: 'shapes',
        shapes: lines.toReversed(),
        label: `${metrics.map((metric) => meta.metrics[metric]?.label ?? metric).join(', ')} across the sweep`,
      }
    : null;
}

/** Mean final value against the logarithm (or the value, where it is not positive) of the arms' x. */
function sweepPoints(arms: ArmResult[], metric: string): [number, number][] {
  const log = arms.every((arm) => arm.x === undefined || arm.x > 0);
  return arms
    .flatMap((arm): [number, number][] => {
      const spread = spreadOf(finalValues(arm, metric));
      return arm.x === undefined || !spread ? [] : [[log ? Math.log(arm.x) : arm.x, spread.mean]];
    })
    .sort(([a], [b]) => a - b);
}

type Bounds = { x: [number, number]; y: [number, number] };
function boundsOf(curves: Curve[]): Bounds {
  const points = curves.flatMap((curve) => curve.points);
  const ends = (k: 0 | 1): [number, number] => [
    Math.min(...points.map((p) => p[k])),
    Math.max(...points.map((p) => p[k])),
  ];
  return { x: ends(0), y: ends(1) };
}

function pathsOf(curves: Curve[], bounds: Bounds): { id: string; path: string }[] {
  const at = ([low, high]: [number, number], value: number, size: number) =>
    Math.round(3 + (high > low ? (value - low) / (high - low) : 0.5) * (size - 6));
  return curves.map(({ id, points }) => ({
    id,
    path: bucketMinMax(
      points,
      (p) => p[0],
      (p) => p[1],
      32,
    )
      .map(
        ([x, y], i) =>
          `${i ? 'L' : 'M'}${at(bounds.x, x, THUMB_WIDTH)} ${THUMB_HEIGHT - at(bounds.y, y, THUMB_HEIGHT)}`,
      )
      .join(''),
  }));
}
