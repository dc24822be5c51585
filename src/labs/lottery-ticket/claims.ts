// The claim check, as fixed before any run: three parts, all required, at the round nearest 20 % of the weights.
import { mean } from '../../util/stats.ts';
import type { ArmResult, ClaimResult, Verdict } from '../_kit/contract/result.ts';

/** Share of the weights at which the check looks. */
export const TARGET = 0.2;
/** A round counts as near when its share is within this factor of the wanted one. */
const NEAR = 1.35;

/** Round whose remaining share is nearest `share` (as a ratio); null when none has come near it. */
export function roundNear(arms: readonly ArmResult[], share: number): { round: number; remaining: number } | null {
  const series = arms.find((a) => a.id === 'ticket')?.series[0]?.remaining ?? [];
  const off = (remaining: number) => Math.abs(Math.log(remaining / share));
  const best = series.reduce<{ round: number; remaining: number } | null>(
    (b, [round, remaining]) => (b && off(b.remaining) <= off(remaining) ? b : { round, remaining }),
    null,
  );
  return best && off(best.remaining) <= Math.log(NEAR) ? best : null;
}

/** Value per seed at a round; null unless every seed has one. */
function at(arms: readonly ArmResult[], id: string, metric: string, round: number | undefined): number[] | null {
  const values = arms
    .find((a) => a.id === id)
    ?.series.map((seed) => seed[metric]?.find(([step]) => step === round)?.[1]);
  return values?.length && values.every((v) => v !== undefined) ? values : null;
}
/** Differences a - b, seed by seed. */
function gaps(
  arms: readonly ArmResult[],
  metric: string,
  a: string,
  b: string,
  round: number | undefined,
): number[] | null {
  const x = at(arms, a, metric, round);
  const y = at(arms, b, metric, round);
  return x && y ? x.map((v, i) => v - y[i]) : null;
}

/** All early stops of ticket and reinit are the run's last step: the largest that any arm has in any round. */
function isCutShort(arms: readonly ArmResult[], round: number | undefined): boolean {
  const last = Math.max(...arms.flatMap((a) => a.series.flatMap((s) => (s.earlyStop ?? []).map(([, step]) => step))));
  return ['ticket', 'reinit'].every((id) => at(arms, id, 'earlyStop', round)?.every((step) => step === last));
}

const verdictOf = (known: boolean, passes: boolean): Verdict =>
  !known ? 'undecided' : passes ? 'reproduced' : 'not-reproduced';
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const show: Record<string, (v: number) => string> = { speed: String, lead: (v) => v.toFixed(2) };
const points = (gap: number) => `${gap < 0 ? '−' : '+'}${Math.abs(gap * 100).toFixed(2)}`;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const near = roundNear(arms, TARGET);
  const tenth = roundNear(arms, 0.1);
  const where = near
    ? `round ${near.round}, ${percent(near.remaining)} of the weights`
    : 'no round near 20 %: it takes more rounds';
  const accuracy = (a: string, b: string, round = near?.round) => gaps(arms, 'accuracy', a, b, round);
  const dense = accuracy('ticket', 'dense');
  const reinit = accuracy('ticket', 'reinit');
  const random = accuracy('ticket', 'random-mask');
  const stop = gaps(arms, 'earlyStop', 'ticket', 'reinit', near?.round);
  const tenthReinit = tenth && accuracy('ticket', 'reinit', tenth.round);
  const reach = at(arms, 'ticket', 'reach', near?.round);
  const slow = at(arms, 'reinit', 'earlyStop', near?.round);
  const lead = reach && slow && reach.map((v, i) => v / slow[i]);
  const claim = (
    id: string,
    text: string,
    values: number[] | null,
    threshold: string,
    test: (v: number[]) => boolean,
    { note = where, ...more }: Partial<ClaimResult> = {},
  ): ClaimResult => ({
    id,
    text,
    measured: values && mean(values),
    threshold,
    verdict: verdictOf(values !== null, values !== null && test(values)),
    required: true,
    note: values ? `${note}; per seed ${values.map(show[id] ?? points).join(', ')}` : note,
    ...more,
  });
  return [
    claim(
      'match',
      "The ticket keeps the dense network's test accuracy: ticket minus dense",
      dense,
      '≥ −0.005',
      (v) => mean(v) >= -0.005,
    ),
    claim(
      'weights',
      'Its first weights matter: ticket minus the same wiring with new random weights',
      reinit,
      '≥ 0.01, and > 0 in every seed',
      (v) => mean(v) >= 0.01 && v.every((gap) => gap > 0),
    ),
    claim(
      'speed',
      'It learns no slower: early-stop iteration of the ticket minus that of the reinitialised network',
      stop,
      '≤ 0',
      (v) => mean(v) <= 0,
      isCutShort(arms, near?.round)
        ? {
            note: `${where}; every network still improves at its last step, so this check has nothing to tell apart: see the next line`,
          }
        : {},
    ),
    claim(
      'lead',
      "It overtakes early: steps until the ticket is as good as the reinitialised network ever gets, as a share of that network's early stop",
      lead || null,
      '< 1',
      (v) => mean(v) < 1,
      { required: false },
    ),
    claim(
      'wiring',
      'Its wiring matters: ticket minus a random mask with the same weights',
      random,
      '> 0',
      (v) => mean(v) > 0,
      { required: false },
    ),
    claim(
      'tenth',
      'At a tenth of the weights: ticket minus the same wiring with new random weights',
      tenthReinit || null,
      '≥ 0.01, and > 0 in every seed',
      (v) => mean(v) >= 0.01 && v.every((gap) => gap > 0),
      {
        required: false,
        note: tenth
          ? `round ${tenth.round}, ${percent(tenth.remaining)} of the weights`
          : 'no round near 10 %: it takes more rounds',
      },
    ),
  ];
}
