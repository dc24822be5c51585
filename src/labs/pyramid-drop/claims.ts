// The claim check, as fixed before any run. Each part must hold in every seed; what is only reported may fail.
import { spearman } from '../../util/stats.ts';
import type { ArmResult, ClaimResult, Series, Verdict } from '../_kit/contract/result.ts';

/** L / 8 and 3 L / 4 layers of 8: where the two cuts of part 1 lie. */
export const EARLY_CUT = 1;
export const LATE_CUT = 6;

const finals = (arms: readonly ArmResult[], id: string, metric: string): number[] =>
  (arms.find((a) => a.id === id)?.final[metric] ?? []).filter(Number.isFinite);
const seriesOf = (arms: readonly ArmResult[], id: string, metric: string): Series[] =>
  (arms.find((a) => a.id === id)?.series ?? []).flatMap((s) => (s[metric] ? [s[metric]] : []));
/** a - b per seed; empty unless both have every seed. */
function gaps(arms: readonly ArmResult[], metric: string, a: string, b: string): number[] {
  const x = finals(arms, a, metric);
  const y = finals(arms, b, metric);
  return x.length === y.length ? x.map((v, i) => v - y[i]) : [];
}
const worst = (values: readonly number[]): number | null => (values.length ? Math.min(...values) : null);
const verdict = (measured: number | null, bound: number): Verdict =>
  measured === null || Number.isNaN(measured) ? 'undecided' : measured >= bound ? 'reproduced' : 'not-reproduced';
const points = (values: readonly number[]): string | undefined =>
  values.length > 1 ? `per seed: ${values.map((v) => (100 * v).toFixed(1)).join(', ')} points` : undefined;

/** Late minus early cut, and the rank correlation of layer and accuracy, per seed whose curve is whole. */
function depth(arms: readonly ArmResult[]): { rise: number[]; rank: number[] } {
  const curves = seriesOf(arms, 'cut-vanilla', 'cutAccuracy').filter(
    (s) => s.some(([l]) => l === EARLY_CUT) && s.some(([l]) => l === LATE_CUT),
  );
  const at = (s: Series, layer: number) => s.findLast(([l]) => l === layer)![1];
  return {
    rise: curves.map((s) => at(s, LATE_CUT) - at(s, EARLY_CUT)),
    rank: curves.map((s) =>
      spearman(
        s.map(([l]) => l),
        s.map(([, v]) => v),
      ),
    ),
  };
}

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const { rise, rank } = depth(arms);
  const lead = gaps(arms, 'accuracy', 'pyramid', 'early');
  const low = finals(arms, 'pyramid', 'leadLow');
  const twin = gaps(arms, 'accuracy', 'twin', 'full');
  const free = gaps(arms, 'accuracy', 'pyramid', 'full');
  const before = gaps(arms, 'accuracy', 'pyramid', 'random');
  const after = gaps(arms, 'accuracy', 'twin', 'twin-random');
  const vanillaMs = finals(arms, 'full', 'stepMs');
  const pdropMs = finals(arms, 'twin', 'stepMs');
  const saved = vanillaMs.length && pdropMs.length ? 1 - Math.min(...pdropMs) / Math.min(...vanillaMs) : null;
  const part = (
    id: string,
    text: string,
    measured: number | null,
    bound: number,
    threshold: string,
    note?: string,
  ): ClaimResult => ({ id, text, measured, threshold, verdict: verdict(measured, bound), required: true, note });
  const told = (...given: Parameters<typeof part>): ClaimResult => ({ ...part(...given), required: false });
  return [
    part(
      'redundancy',
      'Redundancy grows with depth: keep 12.5 % of the image; accuracy with the cut after 6 of 8 layers minus the cut after 1, worst seed',
      worst(rise),
      0.1,
      '≥ 0.10',
      points(rise),
    ),
    part(
      'redundancy-rank',
      'Accuracy rises with the layer of the cut: rank correlation, worst seed',
      worst(rank),
      0.8,
      '≥ 0.8',
    ),
    part(
      'pyramid',
      'The pyramid pays without training: PyramidDrop minus one early cut at equal cost, worst seed',
      worst(lead),
      0.02,
      '≥ 0.02',
      points(lead),
    ),
    {
      ...part(
        'pyramid-interval',
        'That lead is not chance: low end of its 95 % bootstrap interval, worst seed',
        worst(low),
        0,
        '> 0',
      ),
      verdict: verdict(worst(low), Number.MIN_VALUE),
    },
    part(
      'training',
      'Trained with PyramidDrop, nothing is lost: the twin with drops minus the vanilla model of the same steps with all tokens, worst seed',
      worst(twin),
      -0.01,
      '≥ −0.01',
      points(twin),
    ),
    told(
      'training-free',
      'Without training nothing is lost either: PyramidDrop minus all tokens on the vanilla model, worst seed',
      worst(free),
      -0.01,
      '≥ −0.01',
      points(free),
    ),
    told(
      'attention',
      'Before training, attention ranks better than chance: PyramidDrop minus the random pyramid, worst seed',
      worst(before),
      0,
      '≥ 0',
      points(before),
    ),
    told(
      'attention-trained',
      'After training with drops, attention ranks better than chance: twin minus its random pyramid, worst seed',
      worst(after),
      0,
      '≥ 0',
      points(after),
    ),
    told(
      'step-time',
      'A training step with drops takes about a third less time: share saved, measured on this device',
      saved,
      0.3,
      '≥ 0.30',
    ),
  ];
}
