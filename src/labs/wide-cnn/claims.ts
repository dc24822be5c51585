// The claim check: the order and gaps of the slopes beta of error ~ n^-beta, not their asymptotic values.
import { allOf, claim } from '../_kit/claims/claim.ts';
import { paired } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';

export const checkClaims = (arms: readonly ArmResult[]): ClaimResult[] => [
  allOf(
    'order',
    '(a) The deep CNN learns faster the smaller the patches that the target looks at: gap of slopes β',
    [
      {
        name: 'single patches over pairs',
        effect: paired(arms, 'patch-deep', 'pair-deep', 'slope'),
        margin: { atLeast: 0.08 },
      },
      {
        name: 'pairs over the whole input',
        effect: paired(arms, 'pair-deep', 'whole-deep', 'slope'),
        margin: { atLeast: 0.08 },
      },
    ],
    { required: true, replicates: 'training' },
  ),
  claim(
    'adapts',
    '(b) On single patches the deep CNN, which was not told, learns faster than the fully connected network: gap of slopes β',
    paired(arms, 'patch-deep', 'patch-connected', 'slope'),
    { atLeast: 0.1 },
    { required: true, replicates: 'training' },
  ),
  allOf(
    'curse',
    '(c) On a target of the whole input it has no such lead: difference of slopes β within 0.1',
    [
      { name: 'not faster', effect: paired(arms, 'whole-deep', 'whole-connected', 'slope'), margin: { below: 0.1 } },
      { name: 'not slower', effect: paired(arms, 'whole-deep', 'whole-connected', 'slope'), margin: { atLeast: -0.1 } },
    ],
    { required: true, replicates: 'training' },
  ),
  claim(
    'floor',
    '(d) The shallow CNN hits a floor on the target of the whole input: its error minus that of the deep CNN',
    paired(arms, 'whole-shallow', 'whole-deep', 'error'),
    { atLeast: 0.1 },
    { required: false, replicates: 'training' },
  ),
];
