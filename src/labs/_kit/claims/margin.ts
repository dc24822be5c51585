// Margins: which side of a bound counts, and the threshold's text, written from the number alone.
import type { Margin } from '../contract/result.ts';

/** 1 where larger speaks for the claim, -1 where smaller does. */
export const directionOf = (margin: Margin): 1 | -1 => ('atLeast' in margin ? 1 : -1);

export const boundOf = (margin: Margin): number => ('atLeast' in margin ? margin.atLeast : margin.below);

/** "≥ 0.01" or "< 0.85". */
export const thresholdText = (margin: Margin): string =>
  `${'atLeast' in margin ? '≥' : '<'} ${String(boundOf(margin)).replace('-', '−')}`;

/** On the passing side. */
export const holds = (value: number, margin: Margin): boolean =>
  'atLeast' in margin ? value >= margin.atLeast : value < margin.below;
