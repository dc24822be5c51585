// How long things take: moving medians per trial, from which come chunk sizes and the time left.
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
  get value(): number | null { return this.values.length ? median(this.values) : null; }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Milliseconds per step and per evaluation of each trial. */
export class Pace {
  private readonly step: MovingMedian[];
  private readonly evaluation: MovingMedian[];
  private readonly warm: number[] = [];
  private readonly started = new Set<number>();
  constructor(trials: number) {
    this.step = Array.from({ length: trials }, () => new MovingMedian());
    this.evaluation = Array.from({ length: trials }, () => new MovingMedian());
  }
  trained(trial: number, ms: number, steps: number): void {
    this.step[trial].add(ms / steps);
    if (this.started.has(trial)) this.warm.push(ms / steps);
    this.started.add(trial);
  }
  evaluated(trial: number, ms: number): void { this.evaluation[trial].add(ms); }

  stepMsOf(trial: number): number | null { return this.step[trial].value; }
  /** Median over all warm chunks; before there are any, over what there is. */
  get stepMs(): number {
    const values = this.warm.length ? this.warm : known(this.step);
    return values.length ? median(values) : 0;
  }
  /** Time for the given rest, a trial that has not begun taking as long as the others. */
  left(rest: readonly { steps: number; evaluations: number }[]): number {
    const step = known(this.step), evaluation = known(this.evaluation);
    const usualStep = step.length ? median(step) : 0, usualEvaluation = evaluation.length ? median(evaluation) : 0;
    return rest.reduce((sum, r, i) => sum + r.steps * (this.step[i].value ?? usualStep) + r.evaluations * (this.evaluation[i].value ?? usualEvaluation), 0);
  }
}
const known = (medians: readonly MovingMedian[]): number[] => medians.flatMap((m) => m.value ?? []);
