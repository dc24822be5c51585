// The claim check, about 800 points on the octant of the 2-sphere with noise 0.15. (a) is about the kernel alone.
import { allOf, claim } from '../_kit/claims/claim.ts';
import { contrast, level, paired, perSeed, type Effect } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';
import { TEST } from './measure.ts';

const RESOLUTION = 1 / TEST;
const POWERS = { optimal: 2, alpha3: 3, alpha4: 4 } as const;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  return [
    claim(
      'power',
      '(a) The infinitely deep kernel falls with distance to the power α = −4 log A′ / log B′: largest gap of the fitted slope, α = 2, 3, 4',
      powerGap(arms),
      { below: 0.3 },
      { required: true, replicates: 'exact' },
    ),
    allOf(
      'between',
      '(b) The activation with α = d beats both other limits, accuracy',
      [
        {
          name: 'over 1 nearest neighbour',
          effect: paired(arms, 'optimal', 'nearest', 'accuracy'),
          margin: { atLeast: 0.03 },
        },
        {
          name: 'over the majority',
          effect: paired(arms, 'optimal', 'majority', 'accuracy'),
          margin: { atLeast: 0.03 },
        },
      ],
      { required: true, replicates: 'training', resolution: RESOLUTION },
    ),
    allOf(
      'best-power',
      '(c) α = d beats a smaller and a larger power, accuracy',
      [
        {
          name: 'over the vote with power 1',
          effect: paired(arms, 'optimal', 'power1', 'accuracy'),
          margin: { atLeast: 0 },
        },
        { name: 'over α = 4', effect: paired(arms, 'optimal', 'alpha4', 'accuracy'), margin: { atLeast: 0 } },
      ],
      { required: true, replicates: 'training', resolution: RESOLUTION },
    ),
    claim(
      'nearest',
      '(d) With A = A′ = 0 the deep network is the nearest neighbour: share of equal answers',
      level(arms, 'nearest-deep', 'agreement'),
      { atLeast: 0.99 },
      { required: true, replicates: 'exact' },
    ),
    claim(
      'depth',
      '(e) Depth helps: accuracy with α = d at depth 100,000 minus ReLU at depth 1',
      paired(arms, 'optimal', 'relu-shallow', 'accuracy'),
      { atLeast: 0 },
      { required: false, replicates: 'training', resolution: RESOLUTION },
    ),
  ];
}

/** The largest |fitted - promised| of the three activations, per seed. */
function powerGap(arms: readonly ArmResult[]): Effect {
  const gaps = Object.entries(POWERS).map(([id, alpha]) => {
    const { values, missing } = contrast(arms, { [id]: 1 }, 'power');
    return { values: values.map((v) => Math.abs(v - alpha)), missing };
  });
  const worst = gaps[0].values.map((_, s) => Math.max(...gaps.map((gap) => gap.values[s])));
  return { ...perSeed(worst), missing: gaps.flatMap((gap) => gap.missing) };
}
