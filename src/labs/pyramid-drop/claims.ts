// The claim check. The lab ships one pair of models, trained once: claims about these two generalise over test questions
// (`replicates: 'test'`), and the one about training stays open until more pairs are trained. Margins are those of the README's plan.
import { mean, spearman } from '../../util/stats.ts';
import { claim } from '../_kit/claims/claim.ts';
import { paired, perSeed, ratio, type Effect } from '../_kit/claims/effect.ts';
import type { ArmResult, ClaimResult, Series } from '../_kit/contract/result.ts';
import { SHAPE } from './models.ts';

/** L / 8 and 3 L / 4 layers of 8: where the two cuts of part 1 lie. */
export const EARLY_CUT = 1;
export const LATE_CUT = 6;
/** An exchange of two neighbours among the layers that are cut after. */
const RANK_STEP = 12 / ((SHAPE.layers - 1) * ((SHAPE.layers - 1) ** 2 - 1));

const REQUIRED = { required: true, replicates: 'test' } as const;
const REPORTED = { required: false, replicates: 'test' } as const;
const ONE_TRAINING = 'one pair, trained once: only pairs trained from other seeds can decide, not more test seeds';

export function checkClaims(arms: readonly ArmResult[]): ClaimResult[] {
  const accuracy = (a: string, b: string): Effect => paired(arms, a, b, 'accuracy');
  return [
    claim(
      'redundancy',
      'Redundancy grows with depth in the shipped model: keep 12.5 % of the image; accuracy with the cut after 6 of 8 layers minus the cut after 1',
      byDepth(arms, rise),
      { atLeast: 0.1 },
      REQUIRED,
    ),
    claim(
      'redundancy-rank',
      'Its accuracy rises with the layer of the cut: rank correlation',
      byDepth(arms, rank, RANK_STEP),
      { atLeast: 0.8 },
      REQUIRED,
    ),
    claim(
      'pyramid',
      'The pyramid pays without training in the shipped model: accuracy of PyramidDrop minus one early cut at equal cost',
      accuracy('pyramid', 'early'),
      { atLeast: 0.02 },
      REQUIRED,
    ),
    claim(
      'training',
      'Trained with PyramidDrop, nothing is lost, whichever pair is trained: accuracy of the twin with drops minus the vanilla model',
      onePair(accuracy('twin', 'full')),
      { atLeast: -0.01 },
      { required: true, replicates: 'training', note: ONE_TRAINING },
    ),
    claim(
      'training-pair',
      'For this pair, trained with PyramidDrop nothing is lost: accuracy of the twin with drops minus the vanilla model of the same steps with all tokens',
      accuracy('twin', 'full'),
      { atLeast: -0.01 },
      REPORTED,
    ),
    claim(
      'training-free',
      'Without training nothing is lost either: PyramidDrop minus all tokens on the vanilla model',
      accuracy('pyramid', 'full'),
      { atLeast: -0.01 },
      REPORTED,
    ),
    claim(
      'attention',
      'Before training with drops, attention ranks better than chance: PyramidDrop minus the random pyramid',
      accuracy('pyramid', 'random'),
      { atLeast: 0 },
      REPORTED,
    ),
    claim(
      'attention-trained',
      'After training with drops, attention ranks better than chance: the twin minus its random pyramid',
      accuracy('twin', 'twin-random'),
      { atLeast: 0 },
      REPORTED,
    ),
    claim(
      'step-time',
      'A training step with drops takes about a third less time: over one with all tokens, measured on this device',
      ratio(arms, 'twin', 'full', 'stepMs'),
      { below: 0.7 },
      REPORTED,
    ),
  ];
}

/** However many test seeds there are, a claim about training has one value for each pair that was trained. */
const onePair = ({ values, missing }: Effect): Effect => ({
  ...perSeed(missing.length ? [NaN] : [mean(values)]),
  missing,
});

// ---------------------------------------------------------------- cuts by depth

/** One number a seed from the vanilla model's accuracy by layer of a single cut; NaN where a seed's curve lacks a layer. */
function byDepth(arms: readonly ArmResult[], measure: (curve: Series) => number, resolution = 0): Effect {
  const curves = (arms.find((arm) => arm.id === 'cut-vanilla')?.series ?? []).map(
    (metrics) => metrics.cutAccuracy ?? [],
  );
  const values = curves.map((curve) => (curve.length === SHAPE.layers - 1 ? measure(curve) : NaN));
  return { ...perSeed(values, resolution), ...(values.length ? {} : { missing: ['accuracy by layer of the cut'] }) };
}

const rise = (curve: Series): number => accuracyAt(curve, LATE_CUT) - accuracyAt(curve, EARLY_CUT);

const accuracyAt = (curve: Series, layer: number): number => curve.find(([at]) => at === layer)?.[1] ?? NaN;

const rank = (curve: Series): number =>
  spearman(
    curve.map(([layer]) => layer),
    curve.map(([, accuracy]) => accuracy),
  );
