// A claim about an effect, or about several: the one way in which labs state their checks.
import type { ClaimResult, Margin, Verdict } from '../contract/result.ts';
import type { Effect } from './effect.ts';
import { judge, type Case, type ClaimOptions, type Judged } from './judge.ts';

export const LEVEL = 0.95;

/**
 * `atLeast`: low end >= margin is reproduced, high end < margin not reproduced, else undecided; `below` mirrored.
 * A value that is missing or not finite, or fewer seeds than the claim needs, leaves it undecided.
 */
export function claim(id: string, text: string, effect: Effect, margin: Margin, options: ClaimOptions): ClaimResult {
  const { level = LEVEL } = options;
  return judge({ id, text, effect, margin, options, levels: { pro: level, contra: level } }).result;
}

export interface Part {
  name: string;
  effect: Effect;
  margin: Margin;
}

/** Every part must hold: each at its own level, while "not reproduced" by the worst of k parts is held to level 1 - (1 - level) / k (Holm's first step). */
export function allOf(id: string, text: string, parts: readonly Part[], options: ClaimOptions): ClaimResult {
  const { level = LEVEL } = options;
  const judged = judgeParts(id, text, parts, options, { pro: level, contra: 1 - (1 - level) / parts.length });
  const verdicts = judged.map((j) => j.result.verdict);
  const weakest = judged.reduce((a, b) => (b.clearance < a.clearance ? b : a)).result;
  const open = judged.filter((j) => j.result.verdict === 'undecided').map((j) => j.result.needs);
  return {
    ...weakest,
    verdict: verdicts.includes('not-reproduced')
      ? 'not-reproduced'
      : verdicts.every((v) => v === 'reproduced')
        ? 'reproduced'
        : 'undecided',
    points: joined(judged, 'against', 'for'),
    needs: open.some((n) => n === null || n === undefined)
      ? null
      : open.length
        ? Math.max(...(open as number[]))
        : null,
    parts: parts.length,
  };
}

/** One part is enough: the best of k is held to level 1 - (1 - level) / k (Bonferroni); not reproduced only when every part is. */
export function bestOf(id: string, text: string, parts: readonly Part[], options: ClaimOptions): ClaimResult {
  const { level = LEVEL } = options;
  const judged = judgeParts(id, text, parts, options, { pro: 1 - (1 - level) / parts.length, contra: level });
  const verdicts = judged.map((j) => j.result.verdict);
  const strongest = judged.reduce((a, b) => (b.clearance > a.clearance ? b : a)).result;
  const needs = judged.flatMap((j) => j.result.needs ?? []);
  const verdict: Verdict = verdicts.includes('reproduced')
    ? 'reproduced'
    : verdicts.every((v) => v === 'not-reproduced')
      ? 'not-reproduced'
      : 'undecided';
  return {
    ...strongest,
    verdict,
    points: joined(judged, 'for', 'against'),
    needs: verdict === 'undecided' && needs.length ? Math.min(...needs) : null,
    parts: parts.length,
  };
}

function judgeParts(
  id: string,
  text: string,
  parts: readonly Part[],
  options: ClaimOptions,
  levels: Case['levels'],
): Judged[] {
  return parts.map(({ name, effect, margin }) => {
    const judged = judge({ id, text, effect, margin, options, levels });
    const note = [`shown: ${name}`, judged.result.note].filter(Boolean).join('; ');
    return { ...judged, result: { ...judged.result, note, part: name } };
  });
}

/** `one` where any part points there, else `other` where all do. */
function joined(judged: readonly Judged[], one: 'for' | 'against', other: 'for' | 'against') {
  const points = judged.map((j) => j.result.points);
  return points.includes(one) ? one : points.every((p) => p === other) ? other : null;
}
