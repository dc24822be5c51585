// The claim check, as fixed before any run: three parts, all required.
import { mean, spearman } from '../../util/stats.ts';
import type { ArmResult, ClaimResult, Verdict } from '../_kit/contract/result.ts';

/** The sweep of the check, whatever further arm a visitor adds. */
export const SWEEP = [0.05, 0.1, 0.3, 0.7, 2];
export const sweepId = (tau: number): string => `tau-${tau}`;

const verdictOf = (measured: number | null, passes: boolean): Verdict =>
  measured === null || Number.isNaN(measured) ? 'undecided' : passes ? 'reproduced' : 'not-reproduced';

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const final = (id: string, metric: string): number | null => {
    const values = arms.find((a) => a.id === id)?.final[metric];
    return values?.length ? mean(values) : null;
  };
  const sweep = (metric: string) => SWEEP.map((tau) => final(sweepId(tau), metric));
  const known = (v: (number | null)[]): v is number[] => v.every((x) => x !== null);
  const rank = (metric: string) => {
    const v = sweep(metric);
    return known(v) ? spearman(SWEEP, v) : null;
  };
  const probes = sweep('probe');
  const simple = final('simple', 'probe');
  const hardSimple = final('hard-simple', 'probe');
  const hump = known(probes) ? Math.max(...probes.slice(1, -1)) - Math.max(probes[0], probes[probes.length - 1]) : null;
  const loss = known(probes) && simple !== null ? Math.max(...probes) - simple : null;
  const gain = simple !== null && hardSimple !== null ? hardSimple - simple : null;
  const spread = rank('uniformity');
  const hold = rank('tolerance');
  const claim = (
    id: string,
    text: string,
    measured: number | null,
    threshold: string,
    passes: boolean,
  ): ClaimResult => ({ id, text, measured, threshold, verdict: verdictOf(measured, passes), required: true });
  return [
    claim(
      'uniformity',
      'The warmer, the less uniform: rank correlation of τ with −uniformity',
      spread,
      '≤ −0.9',
      spread !== null && spread <= -0.9,
    ),
    claim(
      'tolerance',
      'The warmer, the more tolerant: rank correlation of τ with tolerance',
      hold,
      '≥ 0.9',
      hold !== null && hold >= 0.9,
    ),
    claim(
      'hump',
      'The best temperature lies inside: best interior probe accuracy minus the better of both ends',
      hump,
      '≥ 0.01',
      hump !== null && hump >= 0.01,
    ),
    claim(
      'hardness',
      'Hardness-awareness matters: best contrastive minus simple',
      loss,
      '≥ 0.02',
      loss !== null && loss >= 0.02,
    ),
    claim(
      'selection',
      'Hard selection restores it: hard simple minus simple',
      gain,
      '≥ 0.02',
      gain !== null && gain >= 0.02,
    ),
  ];
}
