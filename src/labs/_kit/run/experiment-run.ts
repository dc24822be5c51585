// An experiment: the trial that lags most trains a chunk, is evaluated where that is due, and hands over to the next.
import type { StepperState } from '../../../engine/engine.ts';
import type { Experiment, Trial } from '../contract/lab.ts';
import type { ArmResult } from '../contract/result.ts';
import { Pace } from './pace.ts';
import { Run } from './run-base.ts';
import type { RunJob, RunState } from './job.ts';

/** Not evaluated yet, not even before the first step. */
const UNSEEN = -1;

export class ExperimentRun extends Run {
  private readonly work: Experiment;
  private readonly positions: number[];
  private readonly trials: (Trial | null)[];
  private readonly pace: Pace;
  constructor(job: RunJob, work: Experiment) {
    super(job, work, work.trials.length);
    this.work = work;
    if (job.from && job.from.positions.length !== work.trials.length)
      throw new Error(`checkpoint: expected ${work.trials.length} trials; got ${job.from.positions.length}`);
    this.positions = job.from ? [...job.from.positions] : work.trials.map(() => UNSEEN);
    this.trials = work.trials.map(() => null);
    this.pace = new Pace(work.trials.length);
  }

  async drive(): Promise<boolean> {
    while (this.next() !== null) {
      const pass = await this.gate();
      if (pass === 'stop') return false;
      const target = this.nextStep();
      if (this.mayDivide) await this.begin();
      const i = this.next();
      if (i === null) return true;
      if (pass === 'step') await this.stepAll(target);
      else await this.unit(i, Infinity);
    }
    return true;
  }

  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (let i = 0; i < this.trials.length; i++) await this.closeTrial(i).catch((error) => errors.push(error));
    if (errors.length) throw errors[0];
  }

  protected override async finish(arms: ArmResult[]): Promise<void> {
    await this.work.finish?.(arms);
  }

  /**
   * The trial that lags most; the first unfinished one where they run one after another. A trial that was opened takes its first
   * step before the next one is opened: training shows early.
   */
  private next(): number | null {
    const { steps, sequential } = this.work;
    const left = this.units.filter((i) => this.positions[i] < steps);
    if (!left.length) return null;
    if (sequential) return left[0];
    return left.find((i) => this.positions[i] === 0) ?? left.reduce((a, b) => (this.lag(b) > this.lag(a) ? b : a));
  }
  private lag(i: number): number {
    return this.work.steps - this.positions[i];
  }

  /** The run is divided once its first trial shows what it needs. */
  private async begin(): Promise<void> {
    if (this.positions[0] === UNSEEN) await this.unit(0, 1);
    else if (this.positions[0] < this.work.steps) await this.openTrial(0);
    await this.divide();
  }

  private async openTrial(i: number): Promise<Trial> {
    const { work, job } = this;
    const { env } = job;
    env.emit({
      type: 'status',
      phase: 'compile',
      text: work.trials.length > 1 ? `preparing model ${i + 1} of ${work.trials.length}` : 'preparing the model',
    });
    const trial = await work.trials[i]();
    const saved = job.from?.trials[i];
    this.trials[i] = trial;
    if (saved) await trial.load(saved);
    return trial;
  }
  private async closeTrial(i: number): Promise<void> {
    const trial = this.trials[i];
    this.trials[i] = null;
    await trial?.dispose();
  }

  /** Trains a chunk of at most `most` steps and evaluates where that is due. */
  private async unit(i: number, most: number): Promise<void> {
    const trial = this.trials[i] ?? (await this.openTrial(i));
    const { env, control } = this.job;
    if (this.positions[i] === UNSEEN) return this.firstUnit(i, trial);
    const from = this.positions[i];
    const due = this.due(from);
    const stepMs = this.pace.stepMsOf(i);
    const aimed = stepMs === null ? 1 : Math.max(1, Math.round((env.chunkMs ?? 100) / Math.max(stepMs, 1e-3)));
    const count = Math.min(most, aimed, due - from);
    await this.train(i, trial, count);
    if (control.stopped) return;
    if (from + count === due) await this.evaluate(i, trial, due);
    this.positions[i] = from + count;
    if (this.positions[i] === due) await this.milestone(i, due);
  }

  /**
   * The first step, so that training shows before the untrained model is measured, which may take seconds: what was measured
   * is the saved first state. Where a measurement is due after that very step, its metrics must stand: the model is measured before.
   */
  private async firstUnit(i: number, trial: Trial): Promise<void> {
    if (this.due(0) === 1) {
      await this.evaluate(i, trial, 0);
      this.positions[i] = 0;
      return;
    }
    const first = await trial.save();
    await this.train(i, trial, 1);
    if (this.job.control.stopped) return;
    this.positions[i] = 1;
    this.flush(true);
    const trained = await trial.save();
    await trial.load(first);
    await this.evaluate(i, trial, 0);
    await trial.load(trained);
  }

  private async train(i: number, trial: Trial, count: number): Promise<void> {
    const { env } = this.job;
    const isFirst = this.pace.stepMsOf(i) === null;
    const start = env.now();
    // on a GPU the first step compiles its shaders, which takes seconds
    if (isFirst) env.emit({ type: 'status', phase: 'compile', text: 'warming up: the first training step' });
    await trial.advance(count);
    if (isFirst) env.emit({ type: 'status', phase: 'train', text: 'training' });
    this.pace.trained(i, env.now() - start, count);
  }

  private due(position: number): number {
    const { steps, evalEvery } = this.work;
    return Math.min(steps, (Math.floor(position / evalEvery) + 1) * evalEvery);
  }

  /** The step that the trial which lags most comes to next. */
  private nextStep(): number {
    return Math.min(this.work.steps, Math.max(0, this.positions[this.next()!]) + 1);
  }
  /** Takes every trial in reach to step `target`, and sends their pictures; extra evaluations leave no points. */
  private async stepAll(target: number): Promise<void> {
    const first = this.next()!;
    const group = this.work.sequential ? [first] : this.units;
    for (const i of group) while (this.positions[i] < target) await this.unit(i, 1);
    for (const i of group) {
      const trial = this.trials[i];
      const position = this.positions[i];
      if (!trial?.draw || position % this.work.evalEvery === 0 || position === this.work.steps) continue;
      await trial.evaluate(position);
      await trial.draw(position);
    }
  }

  private async evaluate(i: number, trial: Trial, step: number): Promise<void> {
    const { env } = this.job;
    const start = env.now();
    const values = await trial.evaluate(step);
    if (values.length !== trial.cells.length)
      throw new Error(
        `evaluate: expected one record for each of the ${trial.cells.length} cells; got ${values.length}`,
      );
    trial.cells.forEach(({ arm, seed }, c) => {
      for (const [metric, value] of Object.entries(values[c])) this.point({ arm, seed, metric, step, value });
    });
    if (step === this.work.steps) await this.keepExamples(trial);
    await trial.draw?.(step);
    this.pace.evaluated(i, env.now() - start);
  }

  /** Asked once, at the end: claims compare arms example by example. */
  private async keepExamples(trial: Trial): Promise<void> {
    const values = await trial.examples?.();
    if (!values) return;
    if (values.length !== trial.cells.length)
      throw new Error(
        `examples: expected one record for each of the ${trial.cells.length} cells; got ${values.length}`,
      );
    trial.cells.forEach(({ arm, seed }, c) => this.examples.add({ arm, seed, values: values[c] }));
  }

  /** When every trial in reach has been evaluated at `step`, the claims are worth a look. */
  private async milestone(i: number, step: number): Promise<void> {
    const { sequential, steps } = this.work;
    const isLast = this.next() === null;
    if (sequential && step === steps) await this.closeTrial(i);
    if (!isLast && (sequential ? step === steps : this.units.every((u) => this.positions[u] >= step)))
      this.provisional();
  }

  protected progress() {
    const { steps, evalEvery } = this.work;
    const done = this.positions.map((p) => Math.max(0, p));
    const rest = this.positions.map((p, i) => {
      if (done[i] === steps || !this.units.includes(i)) return { steps: 0, evaluations: 0 };
      const evaluations = Math.ceil(steps / evalEvery) - Math.floor(done[i] / evalEvery) + (p === UNSEEN ? 1 : 0);
      return { steps: steps - done[i], evaluations };
    });
    return {
      done: this.units.reduce((sum, i) => sum + done[i], 0),
      total: steps * this.units.length,
      stepMs: this.pace.stepMs,
      leftMs: this.pace.left(rest),
    };
  }

  /** What was saved of a trial that this run has not opened yet. */
  private unopened(i: number): StepperState | null {
    const { from } = this.job;
    return from?.positions[i] === this.positions[i] && this.units.includes(i) ? from.trials[i] : null;
  }

  protected async state(): Promise<RunState> {
    const trials: (StepperState | null)[] = [];
    for (const [i, trial] of this.trials.entries()) trials.push(trial ? await trial.save() : this.unopened(i));
    return {
      done: this.progress().done,
      positions: [...this.positions],
      trials,
      points: [...this.points],
      examples: this.examples.saved,
      wallMs: this.wallMs(),
    };
  }
}
