// The claim check, as fixed before any run: (a) to (c) decide, (d) is reported. It holds for the settings of the run:
// the defaults are the plan's (m = 100 bags of 5, noise 0.5, 64 dimensions); with many bags the bag loss alone is best.
import { mean } from '../../util/stats.ts';
import type { ArmResult, ClaimResult, Verdict } from '../_kit/contract/result.ts';

const verdictOf = (measured: number | null, passes: boolean): Verdict =>
  measured === null || Number.isNaN(measured) ? 'undecided' : passes ? 'reproduced' : 'not-reproduced';

/** @param identityError largest |L_ins - L_bag - R| of the run; null before there is one */
export function checkClaims(arms: readonly ArmResult[], identityError: number | null): ClaimResult[] {
  const final = (id: string, metric: string): number | null => {
    const values = arms.find((a) => a.id === id)?.final[metric]?.filter((v) => Number.isFinite(v));
    return values?.length ? mean(values) : null;
  };
  const combine = (values: (number | null)[], f: (...v: number[]) => number) =>
    values.every((v) => v !== null) ? f(...values) : null;
  const gain = combine(
    [final('best', 'risk'), final('bag', 'risk'), final('instance', 'risk')],
    (best, bag, instance) => best / Math.min(bag, instance),
  );
  const bias = combine([final('instance', 'bias2'), final('bag', 'bias2')], (instance, bag) =>
    Math.sqrt(instance / bag),
  );
  const variance = combine(
    [final('bag', 'variance'), final('instance', 'variance')],
    (bag, instance) => bag / instance,
  );
  const trade = combine([bias, variance], Math.min);
  const neural = combine(
    [final('chosen', 'error'), final('bag', 'error'), final('instance', 'error')],
    (chosen, bag, instance) => chosen - Math.min(bag, instance),
  );
  const best = final('best', 'rho');
  return [
    {
      id: 'between',
      text: '(a) The interpolation beats both ends: least mean risk for ρ in 0.02..0.5 over the better of ρ = 0 and ρ = 1',
      measured: gain,
      threshold: '≤ 0.85',
      verdict: verdictOf(gain, gain !== null && gain <= 0.85),
      required: true,
      ...(best !== null ? { note: `best ρ in hindsight: ${Number(best.toPrecision(3))}` } : {}),
    },
    {
      id: 'trade',
      text: '(b) Instance loss trades variance for bias: the smaller of bias(1)/bias(0) and variance(0)/variance(1)',
      measured: trade,
      threshold: '≥ 2',
      verdict: verdictOf(trade, trade !== null && trade >= 2),
      required: true,
      ...(bias !== null && variance !== null
        ? { note: `bias ${bias.toFixed(1)} times, variance ${variance.toFixed(1)} times` }
        : {}),
    },
    {
      id: 'identity',
      text: '(c) Instance loss = bag loss + spread of predictions within bags: largest difference, in both parts',
      measured: identityError,
      threshold: '< 1e-5',
      verdict: verdictOf(identityError, identityError !== null && identityError < 1e-5),
      required: true,
    },
    {
      id: 'neural',
      text: '(d) A network whose ρ held-out bags chose: test error minus that of the better end',
      measured: neural,
      threshold: '≤ 0.02',
      verdict: verdictOf(neural, neural !== null && neural <= 0.02),
      required: false,
    },
  ];
}
