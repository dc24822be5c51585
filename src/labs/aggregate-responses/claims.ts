// The claim check: (a) to (c) decide, (d) is reported. It is about the default settings (100 bags of 5, noise 0.5, 64 dimensions);
// with many bags the bag loss alone is best. Each part that names both ends must hold against both.
import { mean } from '../../util/stats.ts';
import { allOf, claim, type Part } from '../_kit/claims/claim.ts';
import { paired, perSeed, ratio, type Effect } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult, Margin } from '../_kit/contract/result.ts';

/** An error moves by one of the test images. */
const TEST_IMAGES = 2000;

const ENDS = [
  { id: 'bag', name: 'against ρ = 0' },
  { id: 'instance', name: 'against ρ = 1' },
] as const;
const againstBoth = (effect: (end: string) => Effect, margin: Margin): Part[] =>
  ENDS.map(({ id, name }) => ({ name, effect: effect(id), margin }));

/** The square root of a ratio: of biases, from biases squared. */
const root = (effect: Effect): Effect => ({ ...effect, values: effect.values.map((v) => v / 2) });

/** @param identityError largest |L_ins - L_bag - R| of the run; null before there is one */
export function checkClaims(arms: readonly ArmResult[], identityError: number | null): ClaimResult[] {
  return [
    allOf(
      'between',
      '(a) The interpolation beats both ends: risk with the ρ that held-out bags chose, over that of either end',
      againstBoth((end) => ratio(arms, 'chosen', end, 'risk'), { below: 0.85 }),
      { required: true, replicates: 'training', note: chosenNote(arms) },
    ),
    allOf(
      'trade',
      '(b) Instance loss trades variance for bias: bias(1)/bias(0), and variance(0)/variance(1)',
      [
        { name: 'bias', effect: root(ratio(arms, 'instance', 'bag', 'bias2')), margin: { atLeast: 2 } },
        { name: 'variance', effect: ratio(arms, 'bag', 'instance', 'variance'), margin: { atLeast: 2 } },
      ],
      { required: true, replicates: 'training' },
    ),
    claim(
      'identity',
      '(c) Instance loss = bag loss + spread of predictions within bags: largest difference, in both parts',
      identityError === null ? { ...perSeed([]), missing: ['both losses'] } : perSeed([identityError]),
      { below: 1e-5 },
      { required: true, replicates: 'exact' },
    ),
    allOf(
      'neural',
      '(d) A network whose ρ held-out bags chose: test error minus that of either end',
      againstBoth((end) => paired(arms, 'chosen', end, 'error'), { below: 0.02 }),
      { required: false, replicates: 'training', resolution: 1 / TEST_IMAGES },
    ),
  ];
}

/** What was chosen, beside the best weight in hindsight. */
function chosenNote(arms: readonly ArmResult[]): string | undefined {
  const weight = (id: string) => mean((arms.find((arm) => arm.id === id)?.final.rho ?? []).filter(Number.isFinite));
  const [chosen, best] = [weight('chosen'), weight('best')].map((v) => Number(v.toPrecision(3)));
  return Number.isFinite(chosen) && Number.isFinite(best)
    ? `chosen ρ ${chosen} on average; best in hindsight ${best}`
    : undefined;
}
