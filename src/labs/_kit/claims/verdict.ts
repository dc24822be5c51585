// The verdict of a run from its claims, and what a run may say that cannot decide them.
import { reach } from './interval.ts';
import { boundOf, directionOf } from './margin.ts';
import { LEVEL } from './claim.ts';
import { FEWEST_SEEDS } from './judge.ts';
import type { ClaimResult, Verdict } from '../contract/result.ts';

/**
 * Only required claims count, and all must be reproduced. One that is not reproduced decides against, if it still is when k claims
 * share the error of one (Holm's first step); else the run is undecided.
 */
export function overallVerdict(claims: readonly ClaimResult[]): Verdict {
  const required = claims.filter((c) => c.required);
  const parts = required.reduce((sum, c) => sum + (c.se ? (c.parts ?? 1) : 0), 0);
  if (required.some((c) => c.verdict === 'not-reproduced' && isStillAgainst(c, parts))) return 'not-reproduced';
  return required.length > 0 && required.every((c) => c.verdict === 'reproduced') ? 'reproduced' : 'undecided';
}

function isStillAgainst({ measured, se, df, margin, isRatio }: ClaimResult, parts: number): boolean {
  if (!se || !df || !margin || measured === null) return true;
  const [value, bound] = [measured, boundOf(margin)].map((v) => (isRatio ? Math.log(v) : v));
  return directionOf(margin) * (bound - value) > reach(1 - (1 - LEVEL) / parts, { se, df });
}

/**
 * Claims of a run that cannot decide them: undecided, with the way that it points. So are point estimates (claims without an
 * interval) of too few seeds.
 */
export function settle(
  claims: readonly ClaimResult[],
  { shortfall, seeds }: { shortfall: string | null; seeds: number },
): ClaimResult[] {
  return claims.map((c) => {
    const isFew = c.n === undefined && seeds < FEWEST_SEEDS;
    if (shortfall === null && !isFew) return c;
    return {
      ...c,
      verdict: 'undecided',
      points: c.points ?? POINTS[c.verdict],
      needs: shortfall === null ? FEWEST_SEEDS : null,
    };
  });
}
const POINTS = { reproduced: 'for', 'not-reproduced': 'against', undecided: null } as const;
