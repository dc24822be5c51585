// The claim check at the round nearest 20 % of the weights. Differences are paired by seed; a margin is what the end of the interval
// must clear (README, "Margins").
import { claim } from '../_kit/claims/claim.ts';
import { atStep, paired, perSeed, type Effect } from '../_kit/claims/effect.ts';
import type { ClaimOptions } from '../_kit/claims/judge.ts';
import type { ArmResult, ClaimResult } from '../_kit/contract/result.ts';

/** Shares of the weights at which the checks look. */
const [FIFTH, TENTH] = [0.2, 0.1];
/** A round counts as near when its share is within this factor of the wanted one. */
const NEAR = 1.35;
/** Steps from one measurement of the early stop to the next. */
const MEASURED_EVERY = 25;

const distance = (remaining: number, share: number): number => Math.abs(Math.log(remaining / share));
const isNear = (remaining: number, share: number): boolean => distance(remaining, share) <= Math.log(NEAR);
/** A check may look at a round with so many weights: it wants to know of every test image. */
export const isLookedAt = (remaining: number): boolean => [FIFTH, TENTH].some((share) => isNear(remaining, share));

/** Round whose remaining share is nearest `share` (as a ratio); null when none has come near it. */
export function roundNear(arms: readonly ArmResult[], share: number): { round: number; remaining: number } | null {
  const series = arms.find((a) => a.id === 'ticket')?.series[0]?.remaining ?? [];
  const best = series.reduce<{ round: number; remaining: number } | null>(
    (b, [round, remaining]) =>
      b && distance(b.remaining, share) <= distance(remaining, share) ? b : { round, remaining },
    null,
  );
  return best && isNear(best.remaining, share) ? best : null;
}

/** All early stops of ticket and reinit are the run's last step: the largest that any arm has in any round. */
function isCutShort(arms: readonly ArmResult[], there: readonly ArmResult[]): boolean {
  const last = Math.max(...arms.flatMap((a) => a.series.flatMap((s) => (s.earlyStop ?? []).map(([, step]) => step))));
  return ['ticket', 'reinit'].every((id) =>
    there.find((a) => a.id === id)?.final.earlyStop?.every((step) => step === last),
  );
}

/** Steps until the ticket is as good as the reinitialised network ever gets, over that network's early stop. */
function lead(there: readonly ArmResult[]): Effect {
  const of = (id: string, metric: string) => there.find((a) => a.id === id)?.final[metric] ?? [];
  const slow = of('reinit', 'earlyStop');
  const logs = of('ticket', 'reach').map((steps, s) => Math.log(steps / slow[s]));
  return { ...perSeed(logs, Math.log(1 + MEASURED_EVERY / Math.max(...slow, MEASURED_EVERY))), isRatio: true };
}

const points = (gap: number) => `${gap < 0 ? '−' : '+'}${Math.abs(gap * 100).toFixed(2)}`;
const steps = (gap: number) => String(gap).replace('-', '−');
const factor = (log: number) => Math.exp(log).toFixed(2);

/** Where the check looks, for its note, and what every seed gave there. */
function options(
  place: Place,
  required: boolean,
  effect: Effect,
  show: (value: number) => string,
  more: Pick<ClaimOptions, 'resolution'> = {},
): ClaimOptions {
  const { where, isThere } = place;
  const note = isThere && !effect.missing.length ? `${where}; per seed ${effect.values.map(show).join(', ')}` : where;
  return { required, replicates: 'training', note, ...more };
}

interface Place {
  where: string;
  isThere: boolean;
  /** The arms as they were in that round. */
  arms: ArmResult[];
}
function placeOf(arms: readonly ArmResult[], share: number): Place {
  const near = roundNear(arms, share);
  return {
    isThere: near !== null,
    arms: atStep(arms, near?.round ?? NaN),
    where: near
      ? `round ${near.round}, ${(near.remaining * 100).toFixed(1)} % of the weights`
      : `no round near ${100 * share} %: it takes more rounds`,
  };
}

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const fifth = placeOf(arms, FIFTH);
  const tenth = placeOf(arms, TENTH);
  const gap = (
    place: Place,
    id: string,
    text: string,
    other: string,
    atLeast: number,
    required: boolean,
  ): ClaimResult => {
    const effect = paired(place.arms, 'ticket', other, 'accuracy');
    return claim(id, text, effect, { atLeast }, options(place, required, effect, points));
  };
  return [
    gap(
      fifth,
      'match',
      "The ticket keeps the dense network's test accuracy: ticket minus dense",
      'dense',
      -0.005,
      true,
    ),
    gap(
      fifth,
      'weights',
      'Its first weights matter: ticket minus the same wiring with new random weights',
      'reinit',
      0.01,
      true,
    ),
    speed(arms, fifth),
    claim(
      'lead',
      "It overtakes early: steps until the ticket is as good as the reinitialised network ever gets, as a share of that network's early stop",
      lead(fifth.arms),
      { below: 1 },
      options(fifth, false, lead(fifth.arms), factor),
    ),
    gap(
      fifth,
      'wiring',
      'Its wiring matters: ticket minus a random mask with the same weights',
      'random-mask',
      0,
      false,
    ),
    gap(
      tenth,
      'tenth',
      'At a tenth of the weights: ticket minus the same wiring with new random weights',
      'reinit',
      0.01,
      false,
    ),
  ];
}

function speed(arms: readonly ArmResult[], place: Place): ClaimResult {
  const effect = paired(place.arms, 'ticket', 'reinit', 'earlyStop');
  const isEmpty = place.isThere && isCutShort(arms, place.arms);
  const where = isEmpty
    ? `${place.where}; every network still improves at its last step, so this check has nothing to tell apart: see the next line`
    : place.where;
  return claim(
    'speed',
    'It learns no slower: early-stop iteration of the ticket minus that of the reinitialised network',
    effect,
    { below: MEASURED_EVERY },
    options({ ...place, where }, true, effect, steps, { resolution: MEASURED_EVERY }),
  );
}
