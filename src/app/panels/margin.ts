// By how much a check holds: the distance from its threshold, positive on the passing side.
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';

const THRESHOLD = /^\s*(>=|≥|>|<=|≤|<)\s*([-−+]?\d*\.?\d+(?:e[-+]?\d+)?)/i;

/** Null where nothing was measured or the threshold is not a bound on one number. */
export function marginOf({ measured, threshold }: Pick<ClaimResult, 'measured' | 'threshold'>): number | null {
  const bound = THRESHOLD.exec(threshold);
  if (measured === null || !Number.isFinite(measured) || !bound) return null;
  const limit = Number(bound[2].replace('−', '-'));
  return /^[>≥]/.test(bound[1]) ? measured - limit : limit - measured;
}
