// Collects the points of a run as they arrive and gives them as arms, in the form that recordings have.
import type { ArmInfo } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult, Series } from '../../labs/_kit/contract/result.ts';
import type { Point } from '../../runtime/wire/protocol.ts';

export interface RunCurves {
  /** A point for a step that is already there replaces it. */
  add(points: readonly Point[]): void;
  /** Copies of all curves; `final` holds each seed's last values. Arms without points are left out. */
  arms(infos: readonly ArmInfo[]): ArmResult[];
}

/** `seeds` fixes the order of each arm's seeds. */
export function createRunCurves(seeds: readonly number[], start: readonly Point[] = []): RunCurves {
  const byArm = new Map<string, Record<string, Series>[]>();
  const add = (points: readonly Point[]) => {
    for (const { arm, seed, metric, step, value } of points) {
      const index = seeds.indexOf(seed);
      if (index < 0) continue;
      if (!byArm.has(arm))
        byArm.set(
          arm,
          seeds.map(() => ({})),
        );
      insert((byArm.get(arm)![index][metric] ??= []), step, value);
    }
  };
  add(start);
  return {
    add,
    arms: (infos) =>
      [...byArm]
        .map(([id, perSeed]) => {
          const info = infos.find((arm) => arm.id === id);
          return {
            id,
            label: info?.label ?? id,
            ...(info?.x !== undefined && { x: info.x }),
            series: perSeed.map(copied),
            final: lastValues(perSeed),
          };
        })
        .sort((a, b) => orderOf(infos, a.id) - orderOf(infos, b.id)),
  };
}

function insert(series: Series, step: number, value: number): void {
  const at = series.findLastIndex(([known]) => known <= step);
  if (at >= 0 && series[at][0] === step) series[at] = [step, value];
  else series.splice(at + 1, 0, [step, value]);
}

const copied = (metrics: Record<string, Series>): Record<string, Series> =>
  Object.fromEntries(Object.entries(metrics).map(([name, series]) => [name, series.slice()]));

function lastValues(perSeed: Record<string, Series>[]): Record<string, number[]> {
  const final: Record<string, number[]> = {};
  for (const metrics of perSeed)
    for (const [name, series] of Object.entries(metrics)) {
      if (series.length) (final[name] ??= []).push(series[series.length - 1][1]);
    }
  return final;
}

const orderOf = (infos: readonly ArmInfo[], id: string): number => {
  const index = infos.findIndex((arm) => arm.id === id);
  return index < 0 ? infos.length : index;
};
