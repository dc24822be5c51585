// A lab with a loop of its own: the kit pauses, steps and stops it between two yields.
import type { CustomRun } from '../contract/lab.ts';
import { Pace } from './pace.ts';
import { Run } from './run-base.ts';
import type { RunJob, RunState } from './job.ts';

export class LoopRun extends Run {
  private readonly work: CustomRun;
  private readonly pace = new Pace(1);
  private done = 0;
  private loop: AsyncGenerator<{ done: number }> | null = null;
  constructor(job: RunJob, work: CustomRun) {
    // a loop that cannot load starts over, and its points with it
    super(work.load ? job : { ...job, from: undefined });
    this.work = work;
  }

  async drive(): Promise<boolean> {
    const { from, env } = this.job;
    const saved = from?.trials[0];
    if (saved && this.work.load) {
      await this.work.load(saved);
      this.done = from!.done;
    }
    this.loop = this.work.loop({
      point: (arm, seed, metric, step, value) => this.point({ arm, seed, metric, step, value }),
      examples: (arm, seed, values) => this.examples.add({ arm, seed, values }),
    });
    while ((await this.gate()) !== 'stop') {
      const start = env.now();
      const { value, done } = await this.loop.next();
      if (done) {
        this.done = this.work.total;
        return true;
      }
      this.pace.trained(0, env.now() - start, Math.max(1, value.done - this.done));
      this.done = value.done;
      this.provisional();
    }
    return false;
  }

  async close(): Promise<void> {
    await this.loop?.return(undefined);
  }

  protected progress() {
    const { total } = this.work;
    return {
      done: this.done,
      total,
      stepMs: this.pace.stepMs,
      leftMs: this.pace.left([{ steps: Math.max(0, total - this.done), evaluations: 0 }]),
    };
  }

  protected async state(): Promise<RunState | null> {
    if (!this.work.save || !this.work.load) return null;
    return {
      done: this.done,
      positions: [],
      trials: [await this.work.save()],
      points: [...this.points],
      examples: this.examples.saved,
      wallMs: this.wallMs(),
    };
  }
}
