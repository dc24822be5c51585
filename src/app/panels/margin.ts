// By how much a check holds: the distance from its threshold, positive on the passing side.
import { boundOf, directionOf } from '../../labs/_kit/claims/margin.ts';
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';

const THRESHOLD = /^\s*(>=|≥|>|<=|≤|<)\s*([-−+]?\d*\.?\d+(?:e[-+]?\d+)?)/i;

/** Null where nothing was measured or no bound on one number is known; runs of before there were margins have it in their text. */
export function marginOf({
  measured,
  threshold,
  margin,
}: Pick<ClaimResult, 'measured' | 'threshold' | 'margin'>): number | null {
  if (measured === null || !Number.isFinite(measured)) return null;
  if (margin) return directionOf(margin) * (measured - boundOf(margin));
  const bound = THRESHOLD.exec(threshold);
  if (!bound) return null;
  const limit = Number(bound[2].replace('−', '-'));
  return /^[>≥]/.test(bound[1]) ? measured - limit : limit - measured;
}
