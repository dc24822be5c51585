// The claim check: every arm ends in the geometry and lengths that the closed form says, and never below its least loss. A theorem has no
// spread between seeds (all end within rounding of one minimum), so there are no intervals: each part must hold in every seed.
import { allOf, claim, type Part } from '../_kit/claims/claim.ts';
import { level, perSeed } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult, Margin } from '../_kit/contract/result.ts';

const SQUARED = ['imbalanced', 'rare', 'balanced', 'bias'] as const;
/** Rounding of a loss, relative. */
const ROUNDING = 1e-9;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const part = (name: string, arm: string, metric: string, margin: Margin): Part => ({
    name,
    effect: level(arms, arm, metric),
    margin,
  });
  const always = { required: true, replicates: 'exact' } as const;
  return [
    allOf(
      'geometry',
      '(a) Unequal classes: samples fall onto their means, means stand orthogonal with the predicted lengths, rows align',
      [
        part('NC1', 'imbalanced', 'nc1', { below: 0.1 }),
        part('NC2 of means', 'imbalanced', 'nc2Means', { below: 0.05 }),
        part('NC2 of rows', 'imbalanced', 'nc2Rows', { below: 0.05 }),
        part('NC3', 'imbalanced', 'nc3', { below: 0.05 }),
        part('distance from equal lengths', 'imbalanced', 'balancedFrame', { atLeast: 0.2 }),
      ],
      always,
    ),
    allOf(
      'lengths',
      '(b) The lengths themselves: largest relative error over the classes',
      [
        part('means', 'imbalanced', 'meanError', { below: 0.1 }),
        part('rows', 'imbalanced', 'rowError', { below: 0.1 }),
      ],
      always,
    ),
    allOf(
      'rare',
      '(c) A class below the threshold vanishes, the others do not: lengths over those of the largest class',
      [
        part('mean of the rare class', 'rare', 'lastMean', { below: 0.05 }),
        part('row of the rare class', 'rare', 'lastRow', { below: 0.05 }),
        part('mean of the smallest class above the threshold', 'imbalanced', 'lastMean', { atLeast: 1 }),
        part('row of the smallest class above the threshold', 'imbalanced', 'lastRow', { atLeast: 0.3 }),
      ],
      always,
    ),
    allOf(
      'balanced',
      '(d) Equal classes: orthogonal without a bias, a simplex with one, and under cross-entropy; NC2 of the means',
      [
        part('squared error', 'balanced', 'nc2Means', { below: 0.05 }),
        part('squared error with bias', 'bias', 'nc2Means', { below: 0.05 }),
        part('cross-entropy', 'entropy', 'nc2Means', { below: 0.05 }),
      ],
      always,
    ),
    claim(
      'bound',
      '(e) No loss falls below the closed-form minimum: least relative distance over all steps and arms of squared error',
      perSeed(leastDistance(arms)),
      { atLeast: -ROUNDING },
      always,
    ),
  ];
}

/** Per seed, over the arms that have a closed form. */
function leastDistance(arms: readonly ArmResult[]): number[] {
  const each = SQUARED.map((id) => arms.find((arm) => arm.id === id)?.final.deepest ?? []);
  const seeds = Math.max(...each.map((values) => values.length));
  return Array.from({ length: seeds }, (_, s) =>
    each.reduce((least, values) => Math.min(least, values[s] ?? NaN), Infinity),
  );
}
