// Chooses one value for each arm of a lab with equal effort: every arm tries the same values on the same seeds for the same steps,
// judged on validation data. Values that were chosen hold for the arms after.
import type { Experiment, LabContext, Tuning } from '../src/labs/_kit/contract/lab.ts';
import type { Knobs } from '../src/labs/_kit/contract/meta.ts';
import { deviation, mean } from '../src/util/stats.ts';

/** Visitors' seeds end before, recordings count from 1: no run shares a seed with tuning. */
export const FIRST_TUNING_SEED = 1_000_001;
export const tuningSeeds = (count: number): number[] => Array.from({ length: count }, (_, i) => FIRST_TUNING_SEED + i);

export interface TriedValue {
  /** Null for an arm without anything to tune. */
  value: number | null;
  /** The metric of each seed, on validation data. */
  scores: number[];
}
export interface TunedArm {
  id: string;
  label: string;
  knob: string | null;
  chosen: number | null;
  tried: TriedValue[];
}
export interface TuningReport {
  /** Writes this file again. */
  command: string;
  metric: string;
  better: 'up' | 'down';
  seeds: number[];
  grid: readonly number[];
  steps: number;
  arms: TunedArm[];
}

/** One value of one arm. */
export interface TuneTask {
  arm: string;
  knobs: Knobs;
  rate?: number;
}
export interface TuneScores {
  steps: number;
  /** The metric of each seed. */
  scores: number[];
}
/** Trains a task to its end on every seed. */
export type Scorer = (task: TuneTask) => Promise<TuneScores>;

export interface TuneRequest {
  tuning: Pick<Tuning, 'metric' | 'better' | 'arms'>;
  command: string;
  grid: readonly number[];
  knobs: Knobs;
  /** Those of the scorer. */
  seeds: number[];
  score: Scorer;
}

/** The values of an arm are tried at once, as far as the scorer goes. @throws Error when an arm would get another effort than the others, or its metric is missing. */
export async function tuneArms(
  { tuning, command, grid, knobs: given, seeds, score }: TuneRequest,
  say: (line: string) => void,
): Promise<TuningReport> {
  const { metric, better } = tuning;
  const knobs: Knobs = { ...given };
  const arms: TunedArm[] = [];
  const lengths = new Set<number>();
  for (const { id, label, knob } of tuning.arms) {
    const attempt = async (value: number | null): Promise<TriedValue> => {
      const { steps, scores } = await score(taskOf(id, knob, value, knobs));
      lengths.add(steps);
      say(`${id}${value === null ? '' : ` ${knob} = ${value}`}: ${show(scores)}`);
      return { value, scores };
    };
    const tried = await Promise.all((knob === null ? [null] : grid).map(attempt));
    const chosen = best(tried, better).value;
    if (knob !== null && knob !== 'rate') knobs[knob] = chosen!;
    arms.push({ id, label, knob, chosen, tried });
  }
  if (lengths.size > 1) throw new Error(`tune: expected equal steps for every arm; got ${[...lengths].join(', ')}`);
  return { command, metric, better, seeds, grid, steps: [...lengths][0], arms };
}

function taskOf(arm: string, knob: string | null, value: number | null, knobs: Knobs): TuneTask {
  if (knob === null || value === null) return { arm, knobs: { ...knobs } };
  return knob === 'rate' ? { arm, knobs: { ...knobs }, rate: value } : { arm, knobs: { ...knobs, [knob]: value } };
}

/** Scores on the engine of `ctx`, whose seeds are tuning seeds. */
export const scorerOf =
  (tuning: Tuning, ctx: LabContext): Scorer =>
  async ({ arm, knobs, rate }) => {
    const experiment = await tuning.experiment({ ...ctx, knobs }, arm, rate);
    return { steps: experiment.steps, scores: await scoresOf(experiment, ctx.seeds, arm, tuning.metric) };
  };

/** One task at a time on each of the scorers; the next one goes to whichever is free. */
export function spread(scorers: readonly Scorer[]): Scorer {
  const free = [...scorers].reverse();
  const waiting: ((scorer: Scorer) => void)[] = [];
  const taken = () =>
    new Promise<Scorer>((resolve) => {
      waiting.push(resolve);
    });
  return async (task) => {
    const scorer = free.pop() ?? (await taken());
    try {
      return await scorer(task);
    } finally {
      const next = waiting.shift();
      if (next) next(scorer);
      else free.push(scorer);
    }
  };
}

/** Trains every trial to its end, one after the other. */
async function scoresOf(experiment: Experiment, seeds: number[], arm: string, metric: string): Promise<number[]> {
  const scores = new Map<number, number>();
  for (const open of experiment.trials) {
    const trial = await open();
    try {
      await trial.advance(experiment.steps);
      const values = await trial.evaluate(experiment.steps);
      trial.cells.forEach((cell, i) => {
        if (cell.arm === arm) scores.set(cell.seed, values[i][metric]);
      });
    } finally {
      await trial.dispose();
    }
  }
  return seeds.map((seed) => {
    const score = scores.get(seed);
    if (score === undefined)
      throw new Error(`tune: expected metric "${metric}" of arm "${arm}", seed ${seed}; got none`);
    return score;
  });
}

/** The best mean; of equals the first. A value that diverged in any seed is not chosen. */
export function best(tried: readonly TriedValue[], better: 'up' | 'down'): TriedValue {
  const worst = better === 'up' ? -Infinity : Infinity;
  const score = ({ scores }: TriedValue) => (scores.every(Number.isFinite) ? mean(scores) : worst);
  const isBetter = (a: number, b: number) => (better === 'up' ? a > b + 1e-9 : a < b - 1e-9);
  return tried.reduce((a, b) => (isBetter(score(b), score(a)) ? b : a));
}

/** Markdown for the README: arms in rows, values in columns. */
export function tuningTable({ arms, grid, metric, seeds, steps, command }: TuningReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = arms.map(({ label, knob, chosen, tried }) =>
    knob === null
      ? [label, ...grid.map((_, i) => (i === 0 ? show(tried[0].scores) : '')), 'not tuned']
      : [`${label} (${knob})`, ...tried.map(({ scores }) => show(scores)), String(chosen)],
  );
  const head = ['arm', ...grid.map(String), 'chosen'];
  const text = `\`${command}\`: ${metric} on validation data, mean ± deviation of ${seeds.length} tuning seeds, ${steps} steps.`;
  return [text, '', row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
const show = (scores: readonly number[]): string =>
  scores.length > 1 ? `${mean(scores).toFixed(4)} ± ${deviation(scores).toFixed(4)}` : mean(scores).toFixed(4);
