// The verdict of a run from its claims.
import type { ClaimResult, Verdict } from '../contract/result.ts';

/** Only required claims count: one failure decides against, one undecided leaves it open. */
export function overallVerdict(claims: readonly ClaimResult[]): Verdict {
  const required = claims.filter((c) => c.required);
  if (required.some((c) => c.verdict === 'not-reproduced')) return 'not-reproduced';
  return required.length > 0 && required.every((c) => c.verdict === 'reproduced') ? 'reproduced' : 'undecided';
}
