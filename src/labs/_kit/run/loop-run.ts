// Labs with a loop of their own, one for all seeds or one for each: the kit pauses, steps and stops them between two yields,
// and lets the one that lags most go next.
import type { StepperState } from '../../../engine/engine.ts';
import type { CustomRun } from '../contract/lab.ts';
import { Pace } from './pace.ts';
import { Run } from './run-base.ts';
import type { Loops, RunJob, RunState } from './job.ts';

interface Open {
  work: CustomRun;
  loop: AsyncGenerator<{ done: number }>;
}

export class LoopRun extends Run {
  private readonly loops: Loops['loops'];
  private readonly pace: Pace;
  private readonly positions: number[];
  private readonly open: (Open | null)[];
  private readonly finished: boolean[];
  /** Units of each loop, known once it is open. */
  private readonly totals: (number | null)[];
  constructor(job: RunJob, work: Loops) {
    super(job, work, work.loops.length);
    this.loops = work.loops;
    this.pace = new Pace(this.count);
    this.positions = work.loops.map((_, i) => Math.max(0, job.from?.positions[i] ?? 0));
    this.open = work.loops.map(() => null);
    this.totals = work.loops.map(() => null);
    this.finished = work.loops.map(() => false);
  }

  async drive(): Promise<boolean> {
    for (let i = this.next(); i !== null; i = this.next()) {
      if ((await this.gate()) === 'stop') return false;
      if (this.mayDivide) await this.begin();
      else await this.unit(i);
    }
    return true;
  }
  /** The run is divided once its first loop shows what it needs. */
  private async begin(): Promise<void> {
    if (!this.finished[0]) await this.unit(0);
    await this.divide();
  }

  async close(): Promise<void> {
    for (const open of this.open) await open?.loop.return(undefined);
  }

  /** The unfinished loop that lags most. */
  private next(): number | null {
    const left = this.units.filter((i) => !this.finished[i]);
    if (!left.length) return null;
    return left.reduce((a, b) => (this.positions[b] < this.positions[a] ? b : a));
  }

  private async unit(i: number): Promise<void> {
    const { env } = this.job;
    const open = (this.open[i] ??= await this.openLoop(i));
    if (!open) return this.end(i);
    const start = env.now();
    const { value, done } = await open.loop.next();
    if (done) return this.end(i);
    this.pace.trained(i, env.now() - start, Math.max(1, value.done - this.positions[i]));
    this.positions[i] = value.done;
    this.provisional();
  }

  private end(i: number): void {
    this.finished[i] = true;
    this.positions[i] = this.totalOf(i);
    this.open[i] = null;
  }

  /** Null when the loop had come to its end before. */
  private async openLoop(i: number): Promise<Open | null> {
    const work = await this.loops[i]();
    this.totals[i] = work.total;
    const saved = this.job.from?.trials[i];
    if (!saved && this.positions[i] >= work.total) return null;
    if (saved && work.load) await work.load(saved);
    else this.startOver(i);
    const loop = work.loop({
      point: (arm, seed, metric, step, value) => this.point({ arm, seed, metric, step, value }),
      examples: (arm, seed, values) => this.examples.add({ arm, seed, values }),
    });
    return { work, loop };
  }

  /** A loop that cannot load starts from its beginning, and its points with it. */
  private startOver(i: number): void {
    const { seeds } = this.job.header;
    this.positions[i] = 0;
    this.drop((point) => this.count === 1 || point.seed === seeds[i]);
  }

  /** A loop that is not open yet is taken to be as long as one that is. */
  private totalOf(i: number): number {
    return this.totals[i] ?? this.totals.findLast((total) => total !== null) ?? 0;
  }

  protected progress() {
    const rest = this.positions.map((p, i) => ({
      steps: this.units.includes(i) ? Math.max(0, this.totalOf(i) - p) : 0,
      evaluations: 0,
    }));
    return {
      done: this.units.reduce((sum, i) => sum + this.positions[i], 0),
      total: this.units.reduce((sum, i) => sum + this.totalOf(i), 0),
      stepMs: this.pace.stepMs,
      leftMs: this.pace.left(rest),
    };
  }

  protected async state(): Promise<RunState | null> {
    const trials: (StepperState | null)[] = [];
    for (const [i, open] of this.open.entries()) {
      if (open && !(open.work.save && open.work.load)) return null;
      const kept = this.finished[i] ? null : (this.job.from?.trials[i] ?? null);
      trials.push(open ? await open.work.save!() : kept);
    }
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
