// The claim check: labels against soft answers after the same start, and what the start and weight decay are worth.
import { allOf, claim } from '../_kit/claims/claim.ts';
import { paired } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';

/** Gain in test accuracy that counts. */
const GAIN = 0.005;
/** Loss in test accuracy that does not. */
const NEARLY = 0.002;
/** Difference that weight decay may make. */
const DECAY = 0.003;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const accuracy = (a: string, b: string) => paired(arms, a, b, 'accuracy');
  const required = { required: true, replicates: 'training' } as const;
  const reported = { required: false, replicates: 'training' } as const;
  return [
    allOf(
      'soft',
      'After the same start, soft answers alone beat the labels, test accuracy',
      [
        { name: 'labels only', effect: accuracy('soft', 'hard'), margin: { atLeast: GAIN } },
        { name: 'labels only, with weight decay', effect: accuracy('soft', 'hardDecay'), margin: { atLeast: GAIN } },
      ],
      required,
    ),
    claim(
      'labels',
      'Labels mixed into the soft answers add nothing: soft alone minus mixed, test accuracy',
      accuracy('soft', 'half'),
      { atLeast: -NEARLY },
      required,
    ),
    allOf(
      'start',
      'The start matters: soft answers after pre-training minus soft answers from random weights, test accuracy',
      [
        { name: 'half the steps', effect: accuracy('soft', 'scratch'), margin: { atLeast: GAIN } },
        { name: 'all the steps', effect: accuracy('soft', 'scratchLong'), margin: { atLeast: 0 } },
      ],
      reported,
    ),
    allOf(
      'decay',
      'Weight decay can go: soft answers without it minus with it, test accuracy',
      [
        { name: 'loses little', effect: accuracy('soft', 'softDecay'), margin: { atLeast: -DECAY } },
        { name: 'gains little', effect: accuracy('soft', 'softDecay'), margin: { below: DECAY } },
      ],
      reported,
    ),
    claim(
      'softness',
      'It is more than softness: soft answers minus smoothed labels, test accuracy',
      accuracy('soft', 'smooth'),
      { atLeast: GAIN },
      reported,
    ),
    claim(
      'judge',
      'The discriminator helps: with it, as in the code, minus without, test accuracy',
      accuracy('code', 'soft'),
      { atLeast: 0 },
      reported,
    ),
  ];
}
