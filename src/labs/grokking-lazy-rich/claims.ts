// The claim check: delay grows with laziness, the linearised network never generalises, features turn after the fit.
import { allOf, claim } from '../_kit/claims/claim.ts';
import { level, ratio, type Effect } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';
import { FIT } from './training.ts';

/** An arm's positive metric as a ratio to one: intervals on its logarithm. */
const factor = (arms: readonly ArmResult[], arm: string, metric: string): Effect => {
  const effect = level(arms, arm, metric);
  return { ...effect, values: effect.values.map(Math.log), isRatio: true };
};

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const delay = (a: string, b: string) => ratio(arms, a, b, 'delay');
  return [
    allOf(
      'delay',
      '(a) The lazier, the longer understanding lags behind memorising: delay over that of a richer network',
      [
        { name: 'α = 4 over 0.25', effect: delay('lazy', 'rich'), margin: { atLeast: 1.5 } },
        { name: 'α = 4 over 1', effect: delay('lazy', 'middle'), margin: { atLeast: 1.25 } },
        { name: 'α = 1 over 0.25', effect: delay('middle', 'rich'), margin: { atLeast: 1.1 } },
      ],
      { required: true, replicates: 'training', note: openNote(arms) },
    ),
    allOf(
      'linearised',
      '(b) The linearised network memorises and never understands: its losses at the end, shares of the variance',
      [
        { name: 'training loss', effect: factor(arms, 'linearised', 'train'), margin: { below: FIT } },
        { name: 'test loss', effect: factor(arms, 'linearised', 'test'), margin: { atLeast: 0.8 } },
      ],
      { required: true, replicates: 'training' },
    ),
    claim(
      'turn',
      '(c) Features turn after the fit: steps to 90 % of the alignment’s rise over steps to fit, α = 4',
      factor(arms, 'lazy', 'late'),
      { atLeast: 2 },
      { required: true, replicates: 'training' },
    ),
    claim(
      'weights',
      '(d) Weights need not shrink: their length at generalising over that at the fit, α = 4',
      factor(arms, 'lazy', 'growth'),
      { atLeast: 1 },
      { required: false, replicates: 'training' },
    ),
  ];
}

/** How many networks ran out of steps before they generalised. */
function openNote(arms: readonly ArmResult[]): string {
  const counts = ['rich', 'middle', 'lazy'].map((id) => {
    const open = arms.find((arm) => arm.id === id)?.final.unfinished ?? [];
    return `${open.filter((v) => v === 1).length} of ${open.length} at α = ${{ rich: 0.25, middle: 1, lazy: 4 }[id]}`;
  });
  return `never generalised, counted at the last step: ${counts.join(', ')}`;
}
