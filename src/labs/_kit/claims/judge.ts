// One effect against its margin: the interval lies on the right side, on the wrong one, or on both.
import { mean } from '../../../util/stats.ts';
import type { ClaimResult, Margin, Verdict } from '../contract/result.ts';
import type { Effect } from './effect.ts';
import { estimate, reach, type Estimate, type Replicates } from './interval.ts';
import { boundOf, directionOf, holds, thresholdText } from './margin.ts';
import { seedsNeeded } from './seeds-needed.ts';

/** Fewest seeds that decide a claim about training, unless the claim says otherwise. */
export const FEWEST_SEEDS = 3;

export interface ClaimOptions {
  required: boolean;
  /** What the claim generalises over. `exact`: an identity or a bound, which every seed must keep; it has no interval. */
  replicates: Replicates;
  /** Of each one-sided end; 0.95 unless told. */
  level?: number;
  /** Fewest seeds that may decide. */
  seeds?: number;
  /** Smallest step between two values that a seed can have (1 / test images; steps between measurements); the effect's own unless told. */
  resolution?: number;
  note?: string;
}

export interface Case {
  id: string;
  text: string;
  effect: Effect;
  margin: Margin;
  options: ClaimOptions;
  /** One-sided levels of the end that speaks for the claim and of the one that speaks against it. */
  levels: { pro: number; contra: number };
}

export interface Judged {
  result: ClaimResult;
  /** How far the end that must clear the margin lies beyond it, in units of the effect; negative where it does not. */
  clearance: number;
}

export function judge(given: Case): Judged {
  const { effect, options } = given;
  const finite = effect.values.filter(Number.isFinite);
  if (!finite.length || effect.missing.length || finite.length < effect.values.length)
    return undecided(given, `no value: ${listed(effect.missing)}`, { measured: null });
  if (options.replicates === 'exact') return byPoint(given);
  const found = estimate(effect, options.replicates, options.resolution);
  return found.se === null ? withoutSpread(given) : byInterval(given, { ...found, se: found.se });
}

// ---------------------------------------------------------------- the ways out

function byPoint(given: Case): Judged {
  const measured = measuredIn(given);
  const passes = holds(measured!, given.margin);
  return {
    result: { ...open(given), verdict: passes ? 'reproduced' : 'not-reproduced', ...noteOf(given) },
    clearance: passes ? Infinity : -Infinity,
  };
}

/** Too few seeds to have a spread, or seeds that all agree. */
function withoutSpread(given: Case): Judged {
  const fewest = fewestOf(given);
  const has = given.effect.values.length;
  if (has < fewest) return undecided(given, undefined, { needs: fewest });
  return undecided(given, 'every seed gave the same value, and how finely it can differ is not known');
}

type Sure = Estimate & { se: number };

function byInterval(given: Case, found: Sure): Judged {
  const { effect, margin, levels } = given;
  const seeds = effect.values.length;
  const fewest = fewestOf(given);
  const bound = effect.isRatio ? Math.log(boundOf(margin)) : boundOf(margin);
  const ahead = directionOf(margin) * (found.value - bound);
  const { low, high } = endsOf(found, given);
  const verdict = seeds < fewest ? 'undecided' : verdictOf(low, high, margin, bound);
  const needs =
    verdict === 'undecided' ? needsOf(found, seeds, Math.abs(ahead), ahead >= 0 ? levels.pro : levels.contra) : null;
  const shown = effect.isRatio ? Math.exp : (v: number) => v;
  return {
    result: {
      ...open(given),
      low: shown(low),
      high: shown(high),
      df: found.df,
      se: found.se,
      verdict,
      needs: seeds < fewest || needs !== null ? Math.max(fewest, needs ?? 0) : null,
      ...noteOf(given),
    },
    clearance: directionOf(margin) > 0 ? low - bound : bound - high,
  };
}

const undecided = (given: Case, why?: string, more: Partial<ClaimResult> = {}): Judged => ({
  result: { ...open(given), ...noteOf(given, why), ...more },
  clearance: -Infinity,
});

/** What is known before any interval. */
function open(given: Case): ClaimResult {
  const { id, text, effect, margin, options } = given;
  const measured = measuredIn(given);
  return {
    id,
    text,
    measured,
    threshold: thresholdText(margin),
    verdict: 'undecided',
    required: options.required,
    margin,
    low: null,
    high: null,
    df: null,
    se: null,
    n: effect.values.filter(Number.isFinite).length,
    needs: null,
    points: measured === null ? null : holds(measured, margin) ? 'for' : 'against',
    ...(effect.isRatio ? { isRatio: true } : {}),
  };
}

// ---------------------------------------------------------------- numbers

/** Mean over the seeds that have a value; the worst of them for an exact claim. */
function measuredIn({ effect, margin, options }: Case): number | null {
  const finite = effect.values.filter(Number.isFinite);
  if (!finite.length) return null;
  const worst = directionOf(margin) > 0 ? Math.min : Math.max;
  const value = options.replicates === 'exact' ? worst(...finite) : mean(finite);
  return effect.isRatio ? Math.exp(value) : value;
}

const fewestOf = ({ effect, options }: Case): number =>
  options.seeds ?? { training: FEWEST_SEEDS, test: effect.rows ? 1 : 2, exact: 1 }[options.replicates];

function endsOf(found: Sure, { margin, levels: { pro, contra } }: Case): { low: number; high: number } {
  const [below, above] = directionOf(margin) > 0 ? [pro, contra] : [contra, pro];
  return { low: found.value - reach(below, found), high: found.value + reach(above, found) };
}

function verdictOf(low: number, high: number, margin: Margin, bound: number): Verdict {
  if ('atLeast' in margin) return low >= bound ? 'reproduced' : high < bound ? 'not-reproduced' : 'undecided';
  return high < bound ? 'reproduced' : low >= bound ? 'not-reproduced' : 'undecided';
}

const needsOf = ({ se, shared }: Sure, seeds: number, distance: number, level: number): number | null =>
  seedsNeeded({ perSeed: (se ** 2 - shared) * seeds, shared }, distance, level);

// ---------------------------------------------------------------- words

function noteOf({ options }: Case, why?: string): { note?: string } {
  const parts = [why, options.note].filter(Boolean);
  return parts.length ? { note: parts.join('; ') } : {};
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join('; ')} and ${names.length - 3} more` : names.join('; ');
