// Where an interval, its estimate and its margin lie on a line of width 1.
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';
import { boundOf, directionOf } from '../../labs/_kit/claims/margin.ts';

export interface IntervalPlot {
  measured: number;
  low: number | null;
  high: number | null;
  margin: number;
  /** Larger values are on the side asked. */
  isPassRight: boolean;
  /** Interval of the recording, or whatever is given to compare. */
  other: { low: number; high: number } | null;
}

const PAD = 0.08;

/** Positions from 0 to 1; on a logarithmic axis for ratios. Null without a measured value or a margin. */
export function intervalPlot(claim: ClaimResult, compared?: ClaimResult | null): IntervalPlot | null {
  const { measured, margin, low, high } = claim;
  if (measured === null || !margin) return null;
  const bound = boundOf(margin);
  const known = (v: number | null | undefined): v is number => typeof v === 'number' && Number.isFinite(v);
  const other = compared && known(compared.low) && known(compared.high) ? [compared.low, compared.high] : [];
  const values = [measured, bound, ...other, low, high].filter(known);
  const scale = claim.isRatio && values.every((v) => v > 0) ? Math.log : (v: number) => v;
  const scaled = values.map(scale);
  const from = Math.min(...scaled);
  const width = Math.max(...scaled) - from;
  const at = (v: number) => (width > 0 ? PAD + (1 - 2 * PAD) * ((scale(v) - from) / width) : 0.5);
  return {
    measured: at(measured),
    low: known(low) ? at(low) : null,
    high: known(high) ? at(high) : null,
    margin: at(bound),
    isPassRight: directionOf(margin) > 0,
    other: other.length ? { low: at(other[0]), high: at(other[1]) } : null,
  };
}
