// The claim check, as fixed before any run: the gain of KD++ over KD, and beside it what the parts of the loss do.
import { mean, standardError } from '../../util/stats.ts';
import type { ArmResult, ClaimResult, Verdict } from '../_kit/contract/result.ts';

/** Gain that counts, in points of test accuracy, and the seeds that it takes to say so. */
const GAIN = 0.3;
const SEEDS = 3;

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  /** Differences seed by seed; null unless every value is there. */
  const paired = (a: string, b: string, metric: string, scale = 1): number[] | null => {
    const [x, y] = [a, b].map((id) => arms.find((arm) => arm.id === id)?.final[metric]);
    if (!x?.length || !y?.length) return null;
    const d = x.map((v, i) => scale * (v - y[i]));
    return d.every(Number.isFinite) ? d : null;
  };
  const points = (a: string, b: string) => paired(a, b, 'accuracy', 100);
  const gain = points('nd', 'kd');
  const isEnough = (gain?.length ?? 0) >= SEEDS;
  const verdict = (passes: boolean | null): Verdict =>
    passes === null ? 'undecided' : passes ? 'reproduced' : 'not-reproduced';
  const required = (
    id: string,
    text: string,
    measured: number | null,
    threshold: string,
    passes: (v: number) => boolean,
  ): ClaimResult => ({
    id,
    text,
    measured,
    threshold,
    required: true,
    verdict: verdict(measured === null || !isEnough ? null : passes(measured)),
    ...(gain && !isEnough ? { note: `Needs ${SEEDS} seeds; this run has ${gain.length}.` } : {}),
  });
  const reported = (id: string, text: string, d: number[] | null, isStrict = false): ClaimResult => {
    const measured = d && mean(d);
    return {
      id,
      text,
      measured,
      threshold: isStrict ? '> 0' : '≥ 0',
      required: false,
      verdict: verdict(measured === null ? null : isStrict ? measured > 0 : measured >= 0),
    };
  };
  return [
    required(
      'gain',
      'KD++ beats KD: mean difference of test accuracy, in points',
      gain && mean(gain),
      `≥ ${GAIN}`,
      (v) => v >= GAIN - 1e-9,
    ),
    required(
      'certain',
      'The gain exceeds its standard error over seeds: paired difference minus standard error, in points',
      gain && isEnough ? mean(gain) - standardError(gain) : null,
      '> 0',
      (v) => v > 0,
    ),
    reported('over-cosine', 'KD++ against direction only, in points', points('nd', 'cosine')),
    reported('over-norm', 'KD++ against norm only, in points', points('nd', 'norm')),
    reported(
      'direction',
      'Mechanism: mean cosine to the class mean, KD++ minus KD',
      paired('nd', 'kd', 'cosine'),
      true,
    ),
    reported('length', 'Mechanism: mean norm ratio, KD++ minus KD', paired('nd', 'kd', 'normRatio'), true),
    reported('teacher-helps', 'KD against no teacher at all, in points', points('kd', 'ce')),
  ];
}
