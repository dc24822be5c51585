// The arms of a run: model, schedule and ranking rule of each, all but "full" at the cost of the chosen pyramid.
import { RULES, type PositionMode, type Rule } from './drop.ts';
import { SHAPE, WIDTHS, type ModelId } from './models.ts';
import { EARLY_LAYER, equalCost, type Schedule } from '../../own-model/schedule.ts';

export interface ArmPlan {
  id: string;
  label: string;
  model: ModelId;
  schedule: Schedule;
  rule: Rule;
  positions: PositionMode;
}
export interface PlanKnobs {
  stages: number;
  lambda: number;
  firstCut: number;
  rule: string;
  positions: string;
}

/** Tells settings apart whose arms differ. */
export const planKey = ({ stages, lambda, firstCut, rule, positions }: PlanKnobs): string =>
  [stages, lambda, firstCut, rule, positions].join();
/** The settings behind a key. */
export function planFrom(key: string): PlanKnobs {
  const [stages, lambda, firstCut, rule, positions] = key.split(',');
  return { stages: Number(stages), lambda: Number(lambda), firstCut: Number(firstCut), rule, positions };
}
const isRule = (name: string): name is Rule => Object.hasOwn(RULES, name);

/** Every arm under these knobs, in the page's order, and what had to be changed to make the schedules possible. */
export function plansOf(knobs: PlanKnobs): { plans: ArmPlan[]; notices: string[] } {
  const shapes = equalCost(SHAPE, knobs, WIDTHS);
  const rule: Rule = isRule(knobs.rule) ? knobs.rule : 'attention';
  const positions: PositionMode = knobs.positions === 'original' ? 'original' : 'renumber';
  const plan = (
    id: string,
    label: string,
    shape: keyof typeof shapes,
    own: Rule = rule,
    model: ModelId = 'vanilla',
  ): ArmPlan => ({ id, label, model, schedule: shapes[shape].schedule, rule: own, positions });
  const plans = [
    plan('full', 'all tokens', 'full'),
    plan('pyramid', 'PyramidDrop', 'pyramid'),
    plan('early', `one early cut (K = ${EARLY_LAYER})`, 'early'),
    plan('random', 'random pyramid', 'pyramid', 'random'),
    plan('uniform', 'even grid before layer 1', 'uniform', 'grid'),
    plan('front', 'pyramid at the front', 'front'),
    plan('norm', 'pyramid by length', 'pyramid', 'norm'),
    plan('diversity', 'pyramid by diversity', 'pyramid', 'diversity'),
    plan('twin', 'trained with PyramidDrop', 'pyramid', rule, 'pdrop'),
    plan('twin-early', 'its twin, one early cut', 'early', rule, 'pdrop'),
    plan('twin-random', 'its twin, random pyramid', 'pyramid', 'random', 'pdrop'),
  ];
  const notices = Object.entries(shapes).flatMap(([shape, { notice }]) =>
    notice ? [shape === 'pyramid' ? notice : `${shape}: ${notice}`] : [],
  );
  return { plans, notices };
}
