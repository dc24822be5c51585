// How long things take, per trial: moving medians, from which come chunk sizes, and means over the whole run, from which comes the time left.
import { median } from '../../../util/stats.ts';

const WINDOW = 15;

/** Median of the last values; the first one (it holds the compiling) counts only while it is alone. */
export class MovingMedian {
  private readonly values: number[] = [];
  private seen = 0;
  add(value: number): void {
    if (this.seen++ === 1) this.values.length = 0;
    this.values.push(value);
    if (this.values.length > WINDOW) this.values.shift();
  }
  get value(): number | null {
    return this.values.length ? median(this.values) : null;
  }
}

/** Mean over the whole run; the first entry (it holds the compiling) counts only while it is alone. */
class Mean {
  private ms = 0;
  private count = 0;
  private seen = 0;
  add(ms: number, count = 1): void {
    if (this.seen++ === 1) this.ms = this.count = 0;
    this.ms += ms;
    this.count += count;
  }
  get value(): number | null {
    return this.count ? this.ms / this.count : null;
  }
}

/**
 * Milliseconds per step and per evaluation of each trial. A GPU takes many steps at once and then lets one chunk wait for all of them,
 * and the units of a lab's own loop come in quick and slow spells: medians know the usual chunk, only means add up to the time left.
 */
export class Pace {
  private readonly step: MovingMedian[];
  private readonly steps: Mean[];
  private readonly evaluations: Mean[];
  private readonly warm: number[] = [];
  private readonly started = new Set<number>();
  constructor(trials: number) {
    this.step = Array.from({ length: trials }, () => new MovingMedian());
    this.steps = Array.from({ length: trials }, () => new Mean());
    this.evaluations = Array.from({ length: trials }, () => new Mean());
  }
  trained(trial: number, ms: number, steps: number): void {
    this.step[trial].add(ms / steps);
    this.steps[trial].add(ms, steps);
    if (this.started.has(trial)) this.warm.push(ms / steps);
    this.started.add(trial);
  }
  evaluated(trial: number, ms: number): void {
    this.evaluations[trial].add(ms);
  }

  stepMsOf(trial: number): number | null {
    return this.step[trial].value;
  }
  /** Median over all warm chunks; before there are any, over what there is. */
  get stepMs(): number {
    const values = this.warm.length ? this.warm : known(this.step);
    return values.length ? median(values) : 0;
  }
  /** Time for the given rest, a trial that has not begun taking as long as the others. */
  left(rest: readonly { steps: number; evaluations: number }[]): number {
    const step = known(this.steps);
    const evaluation = known(this.evaluations);
    const usualStep = step.length ? median(step) : 0;
    const usualEvaluation = evaluation.length ? median(evaluation) : 0;
    return rest.reduce(
      (sum, r, i) =>
        sum +
        r.steps * (this.steps[i].value ?? usualStep) +
        r.evaluations * (this.evaluations[i].value ?? usualEvaluation),
      0,
    );
  }
}
const known = (all: readonly { value: number | null }[]): number[] => all.flatMap((m) => m.value ?? []);
