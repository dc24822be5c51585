// The claim check. No arm is chosen after the fact: 0.3 is the paper's best temperature, the ends are those of the sweep.
import { allOf, claim } from '../_kit/claims/claim.ts';
import { paired, trend } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult, Margin } from '../_kit/contract/result.ts';

/** The sweep of the check, whatever further arm a visitor adds. */
export const SWEEP: readonly number[] = [0.05, 0.1, 0.3, 0.7, 2];
export const sweepId = (tau: number): string => `tau-${tau}`;
const BEST = sweepId(0.3);
const COLD = sweepId(SWEEP[0]);
const WARM = sweepId(SWEEP[SWEEP.length - 1]);

/** Half of what the second design showed or less, and no loss where it showed little (README). */
const MARGINS = {
  uniformity: { below: -0.1 },
  tolerance: { atLeast: 0.03 },
  hump: { atLeast: 0 },
  hardness: { atLeast: 0.01 },
  selection: { atLeast: 0.01 },
  coldest: { atLeast: 0 },
} satisfies Record<string, Margin>;

const REQUIRED = { required: true, replicates: 'training' } as const;
const TOLD = { required: false, replicates: 'training' } as const;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const slope = (metric: string) => trend(arms, SWEEP.map(sweepId), metric, { log: true });
  const lead = (a: string, b: string, metric = 'probe') => paired(arms, a, b, metric);
  return [
    claim(
      'uniformity',
      'The warmer, the less evenly spread: slope of −uniformity over log τ',
      slope('uniformity'),
      MARGINS.uniformity,
      REQUIRED,
    ),
    claim(
      'tolerance',
      'The warmer, the more tolerant: slope of tolerance over log τ',
      slope('tolerance'),
      MARGINS.tolerance,
      REQUIRED,
    ),
    allOf(
      'hump',
      'The best temperature lies inside: probe accuracy at τ = 0.3 minus that at either end of the sweep',
      [
        { name: 'against τ = 0.05', effect: lead(BEST, COLD), margin: MARGINS.hump },
        { name: 'against τ = 2', effect: lead(BEST, WARM), margin: MARGINS.hump },
      ],
      REQUIRED,
    ),
    claim(
      'hardness',
      'Hardness-awareness matters: probe accuracy at τ = 0.3 minus that of the simple loss',
      lead(BEST, 'simple'),
      MARGINS.hardness,
      REQUIRED,
    ),
    claim(
      'selection',
      'Hard selection restores it: probe accuracy of hard simple minus simple',
      lead('hard-simple', 'simple'),
      MARGINS.selection,
      REQUIRED,
    ),
    claim(
      'coldest',
      'The coldest spreads most: −uniformity at τ = 0.05 minus that at 0.3',
      lead(COLD, BEST, 'uniformity'),
      MARGINS.coldest,
      TOLD,
    ),
  ];
}
