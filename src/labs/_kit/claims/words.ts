// A check in words, for the page, the terminal and docs/reproductions.md.
import type { ClaimResult } from '../contract/result.ts';
import { boundOf } from './margin.ts';
import { agreementOf, seedsByRecording } from './agreement.ts';

type Format = (value: number) => string;

/** "0.6 to 3.4"; null without an interval. */
export const intervalText = ({ low, high }: ClaimResult, format: Format): string | null =>
  isKnown(low) && isKnown(high) ? `${format(low)} to ${format(high)}` : null;

/** What a picture of the interval against its margin shows. */
export function intervalWords(claim: ClaimResult, format: Format): string {
  const { measured, threshold } = claim;
  if (!isKnown(measured)) return `not measured; asked ${threshold}`;
  const interval = intervalText(claim, format);
  if (!interval) return `measured ${format(measured)}; asked ${threshold}`;
  return `measured ${format(measured)}, interval ${interval}: ${sideOf(claim)} ${threshold}`;
}

/** Sentences on a check that stays undecided, and on how it compares with the recording. Empty when there is nothing to say. */
export function standingText(claim: ClaimResult, recorded: ClaimResult | undefined, canDecide: boolean): string {
  const isOpen = claim.verdict === 'undecided';
  const agrees = recorded && canDecide ? agreementOf(claim, recorded) : null;
  const parts = [
    isOpen && claim.points ? POINTS[claim.points] : null,
    isOpen && canDecide ? needsText(claim, recorded) : null,
    agrees && AGREES[agrees],
  ].filter((part) => part !== null);
  return parts.join('; ');
}

/** By the run's own spread; where it has too few seeds for one, by the recording's. */
function needsText({ se, needs }: ClaimResult, recorded: ClaimResult | undefined): string | null {
  if (!needs) return null;
  const known = recorded && !se ? seedsByRecording(recorded) : null;
  return se || known ? `about ${Math.max(needs, known ?? 0)} seeds would decide` : `${needs} seeds or more can decide`;
}

const POINTS = { for: 'points the way of the claim', against: 'points against the claim' };
const AGREES = {
  inside: 'agrees with the recording: inside its spread',
  outside: 'differs from the recording: outside its spread',
};

const isKnown = (value: number | null | undefined): value is number => typeof value === 'number';

/** Where the interval lies. */
function sideOf({ low, high, margin, points }: ClaimResult): string {
  const bound = margin && boundOf(margin);
  const isAcross = isKnown(low) && isKnown(high) && bound !== undefined && low < bound && high >= bound;
  return isAcross
    ? 'partly on the side asked,'
    : points === 'for'
      ? 'all on the side asked,'
      : 'none on the side asked,';
}
