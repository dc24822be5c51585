// Whether a run agrees with the recording: its estimate lies where a run of so many seeds is to be expected.
import { studentQuantile } from '../../../util/student-t.ts';
import type { ClaimResult } from '../contract/result.ts';
import { LEVEL } from './claim.ts';
import { boundOf } from './margin.ts';
import { seedsNeeded } from './seeds-needed.ts';

/** The recording on the scale on which its interval is symmetric; null where it has no interval. */
function spreadOf(recorded: ClaimResult) {
  const { measured, se, df, n, isRatio = false } = recorded;
  if (measured === null || !se || !df || !n) return null;
  const scale = isRatio ? Math.log : (v: number) => v;
  return { value: scale(measured), se, df, n, perSeed: se ** 2 * n, scale };
}

/** Two-sided 95 % prediction interval for the estimate of one run of `seeds` seeds. */
export function predictionOf(recorded: ClaimResult, seeds: number): { low: number; high: number } | null {
  const known = spreadOf(recorded);
  if (!known || seeds < 1) return null;
  const reach = studentQuantile(0.975, known.df) * Math.sqrt(known.se ** 2 + known.perSeed / seeds);
  const back = recorded.isRatio ? Math.exp : (v: number) => v;
  return { low: back(known.value - reach), high: back(known.value + reach) };
}

/** Null where there is nothing to compare: no value, no interval, or another part on show. */
export function agreementOf(own: ClaimResult, recorded: ClaimResult): 'inside' | 'outside' | null {
  const expected = own.measured === null || own.part !== recorded.part ? null : predictionOf(recorded, own.n ?? 0);
  if (!expected) return null;
  return own.measured! >= expected.low && own.measured! <= expected.high ? 'inside' : 'outside';
}

/** Seeds that would decide by the recording's estimate and spread, for a run too small to have a spread of its own. */
export function seedsByRecording(recorded: ClaimResult): number | null {
  const known = spreadOf(recorded);
  if (!known || !recorded.margin) return null;
  const distance = Math.abs(known.value - known.scale(boundOf(recorded.margin)));
  return seedsNeeded({ perSeed: known.perSeed, shared: 0 }, distance, LEVEL);
}

/** Checks of a run, by id, whose estimates lie inside and outside of what the recording lets expect. */
export function agreements(own: readonly ClaimResult[], recorded: readonly ClaimResult[]) {
  const of = (wanted: 'inside' | 'outside') =>
    own.filter((claim) => {
      const known = recorded.find(({ id }) => id === claim.id);
      return known !== undefined && agreementOf(claim, known) === wanted;
    });
  return { inside: of('inside'), outside: of('outside') };
}
