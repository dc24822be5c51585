// JSON has no NaN: what was not finite is null in a file, and means "no value" again once it is read.
import type { RunResult } from './result.ts';

const valueOf = (v: number | null): number => v ?? NaN;

/** A recorded run as it was before it was written: null in series and final values becomes NaN. */
export function readResult(recorded: RunResult): RunResult {
  return {
    ...recorded,
    arms: recorded.arms.map((arm) => ({
      ...arm,
      series: arm.series.map((seed) => mapped(seed, (points) => points.map(([step, v]) => [step, valueOf(v)]))),
      final: mapped(arm.final, (values) => values.map(valueOf)),
    })),
  };
}

const mapped = <V>(record: Record<string, V>, change: (value: V) => V): Record<string, V> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
