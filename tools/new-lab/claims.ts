// The claim check. Its margin is decided before the first run, and never moves afterwards.
import { claim } from '../_kit/claims/claim.ts';
import { paired } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';

export const claims = (arms: readonly ArmResult[]): ClaimResult[] => [
  claim(
    'gain',
    'Smoothed targets ahead in test accuracy',
    paired(arms, 'smooth', 'plain', 'accuracy'),
    { atLeast: 0.01 },
    { required: true, replicates: 'training' },
  ),
];
