// Schedules (how many image tokens each decoder layer sees) and the paper's cost formula.
// Symbols: L layers, S stages, lambda kept share per stage, V0 image tokens, d width, m feed-forward width (arXiv 2410.17247, section 3.3).

/** After `layer` layers (so before the 0-based layer `layer`), `keep` image tokens stay. */
export interface Cut {
  layer: number;
  keep: number;
}
export interface Schedule {
  /** L */
  layers: number;
  /** V0 */
  image: number;
  /** Ascending in `layer`, descending in `keep`. */
  cuts: readonly Cut[];
}
/** Widths that the cost depends on. */
export interface Widths {
  d: number;
  m: number;
}
/** A schedule, and what had to be changed to make it possible. */
export interface Planned {
  schedule: Schedule;
  notice?: string;
}

/** Image tokens that each layer sees. */
export function tokensPerLayer({ layers, image, cuts }: Schedule): number[] {
  return Array.from({ length: layers }, (_, l) =>
    cuts.reduce((n, cut) => (cut.layer <= l ? Math.min(n, cut.keep) : n), image),
  );
}
/** Mean over the layers. */
export const meanTokens = (schedule: Schedule): number =>
  tokensPerLayer(schedule).reduce((a, b) => a + b, 0) / schedule.layers;

/** Multiply-accumulates of one layer over n image tokens: 4 n d^2 + 2 n^2 d + 3 n d m. The paper calls them FLOPs. */
export const layerCost = (n: number, { d, m }: Widths): number => 4 * n * d * d + 2 * n * n * d + 3 * n * d * m;
/** The paper's cost of a schedule: its layers' costs, image tokens only, ranking not counted. */
export const scheduleCost = (schedule: Schedule, widths: Widths): number =>
  tokensPerLayer(schedule).reduce((sum, n) => sum + layerCost(n, widths), 0);

/** V_s = int(V0 lambda^s), at least 1. */
export const stageTokens = (image: number, lambda: number, stage: number): number =>
  Math.max(1, Math.floor(image * lambda ** stage + 1e-9));

/** `stages - 1` cuts from `firstCut` on, evenly spread over the layers that are left: 8, 16, 24 of 32. */
export function cutLayers(layers: number, stages: number, firstCut: number): number[] {
  return Array.from({ length: stages - 1 }, (_, i) => firstCut + Math.round((i * (layers - firstCut)) / (stages - 1)));
}
const cutsOf = (image: number, at: readonly number[], lambda: number): Cut[] =>
  at.map((layer, i) => ({ layer, keep: stageTokens(image, lambda, i + 1) }));

export interface PyramidKnobs {
  stages: number;
  lambda: number;
  firstCut: number;
}

/** PyramidDrop's schedule. What cannot be done is clamped, and the notice says what. */
export function pyramid({ layers, image }: { layers: number; image: number }, knobs: PyramidKnobs): Planned {
  const notes: string[] = [];
  const fit = (what: string, value: number, low: number, high: number, why: string) => {
    const fitted = Math.min(Math.max(Math.round(value), low), high);
    if (fitted !== value) notes.push(`${what} ${value} became ${fitted}: ${why}`);
    return fitted;
  };
  const firstCut = fit(
    'first cut',
    knobs.firstCut,
    1,
    layers - 1,
    `the decoder has ${layers} layers and the last one must see what a cut leaves`,
  );
  const stages = fit(
    'stages',
    knobs.stages,
    1,
    layers - firstCut + 1,
    `only ${layers - firstCut} layers can begin with a cut`,
  );
  const lambda = Math.min(Math.max(knobs.lambda, 0), 1);
  if (lambda !== knobs.lambda) notes.push(`lambda ${knobs.lambda} became ${lambda}: a share lies in 0..1`);
  const cuts = cutsOf(image, cutLayers(layers, stages, firstCut), lambda);
  if (image * lambda ** (stages - 1) < 1 - 1e-9)
    notes.push(`the last stages keep 1 token: ${image} tokens cannot be cut by ${lambda} ${stages - 1} times`);
  return {
    schedule: { layers, image, cuts: cuts.filter((c, i) => c.keep < (i ? cuts[i - 1].keep : image)) },
    notice: notes.length ? `${notes.join('; ')}.` : undefined,
  };
}

/** The whole number in low..high whose cost is nearest to `target`; `cost` must not fall. */
function nearest(low: number, high: number, target: number, cost: (x: number) => number): number {
  let a = low;
  let b = high;
  while (b - a > 1) {
    const middle = (a + b) >> 1;
    if (cost(middle) <= target) a = middle;
    else b = middle;
  }
  return Math.abs(cost(a) - target) <= Math.abs(cost(b) - target) ? a : b;
}
const reach = (got: number, target: number) =>
  Math.abs(got - target) / target > 0.1
    ? `the nearest possible cost is ${((100 * got) / target).toFixed(0)} % of the pyramid's`
    : undefined;

/** One cut before `layer` that costs as much as `target`. */
export function singleCut(
  { layers, image }: { layers: number; image: number },
  layer: number,
  target: number,
  widths: Widths,
): Planned {
  const make = (keep: number): Schedule => ({ layers, image, cuts: keep < image ? [{ layer, keep }] : [] });
  const schedule = make(nearest(1, image, target, (keep) => scheduleCost(make(keep), widths)));
  return { schedule, notice: reach(scheduleCost(schedule, widths), target) };
}

/** Cuts before the given layers with the lambda that costs as much as `target`. */
export function solveLambda(
  { layers, image }: { layers: number; image: number },
  at: readonly number[],
  target: number,
  widths: Widths,
): Planned & { lambda: number } {
  const steps = 10_000;
  const make = (i: number): Schedule => ({ layers, image, cuts: cutsOf(image, at, i / steps) });
  const best = nearest(1, steps, target, (i) => scheduleCost(make(i), widths));
  const schedule = make(best);
  return { schedule, lambda: best / steps, notice: reach(scheduleCost(schedule, widths), target) };
}

export type ScheduleShape = 'full' | 'pyramid' | 'early' | 'uniform' | 'front';
export const SCHEDULE_SHAPES: Record<ScheduleShape, string> = {
  full: 'all tokens in all layers',
  pyramid: 'PyramidDrop: equal shares at evenly spread depths',
  early: 'one cut after two layers (as FastV does)',
  uniform: 'an even grid of tokens before the first layer',
  front: 'the pyramid pushed to the front: a cut before each of the first layers',
};
/** FastV's K: layers before its only cut. */
export const EARLY_LAYER = 2;

/** The schedules that are compared, all but `full` at the pyramid's cost by the formula. */
export function equalCost(
  model: { layers: number; image: number },
  knobs: PyramidKnobs,
  widths: Widths,
): Record<ScheduleShape, Planned> {
  const own = pyramid(model, knobs);
  const target = scheduleCost(own.schedule, widths);
  const count = Math.max(1, own.schedule.cuts.length);
  const front = Array.from({ length: Math.min(count, model.layers - 1) }, (_, i) => i + 1);
  return {
    full: { schedule: { ...model, cuts: [] } },
    pyramid: own,
    early: singleCut(model, Math.min(EARLY_LAYER, model.layers - 1), target, widths),
    uniform: singleCut(model, 0, target, widths),
    front: solveLambda(model, front, target, widths),
  };
}
