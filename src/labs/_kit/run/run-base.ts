// What experiments and labs with a loop of their own share while they run: the clock, the points, the events, the gate.
import { collectArms, type RunPoint } from './collect.ts';
import type { ArmResult, ClaimResult, RunResult } from '../contract/result.ts';
import type { RunJob, RunState } from './job.ts';
import { overallVerdict, settle } from '../claims/verdict.ts';
import { ExampleStore } from './example-store.ts';

export abstract class Run {
  protected readonly job: RunJob;
  protected readonly points: RunPoint[];
  protected readonly examples: ExampleStore;
  private readonly fresh: RunPoint[] = [];
  private readonly began: number;
  private pausedMs = 0;
  private lastEmit = -Infinity;
  private lastClaims = -Infinity;
  private lastBreath: number;
  private lastCheckpoint: number;

  constructor(job: RunJob) {
    this.job = job;
    this.points = [...(job.from?.points ?? [])];
    this.examples = new ExampleStore(job.from?.examples);
    this.began = this.lastCheckpoint = this.lastBreath = job.env.now();
  }

  /** True at the end, false when stopped. */
  abstract drive(): Promise<boolean>;
  abstract close(): Promise<void>;
  /** Null when the run cannot be resumed. */
  protected abstract state(): Promise<RunState | null>;
  protected abstract progress(): { done: number; total: number; stepMs: number; leftMs: number };
  protected finish?(arms: ArmResult[]): Promise<void>;

  async result(): Promise<RunResult> {
    const { header, work, env, pictures } = this.job;
    const arms = this.arms();
    await this.finish?.(arms);
    const claims = this.claims(arms);
    const verdict = overallVerdict(claims);
    const { shortfall } = work;
    this.flush(true);
    env.emit({ type: 'claims', claims, verdict, shortfall, provisional: false });
    const drawn = pictures?.() ?? {};
    return {
      version: 1,
      ...header,
      arms,
      claims,
      verdict,
      ...(shortfall === null ? {} : { shortfall }),
      wallMs: this.wallMs(),
      stepMs: this.progress().stepMs,
      ...(Object.keys(drawn).length ? { pictures: drawn } : {}),
    };
  }

  protected arms() {
    return collectArms(this.job.work.arms, this.job.header.seeds, this.points);
  }
  /** The lab's claims, which see values per example too; undecided where this run cannot decide them. */
  private claims(arms: readonly ArmResult[]): ClaimResult[] {
    const { header, work } = this.job;
    const { seeds } = header;
    return settle(work.claims(this.examples.joinTo(arms, seeds)), {
      shortfall: work.shortfall,
      seeds: seeds.length,
    });
  }
  protected wallMs(): number {
    return (this.job.from?.wallMs ?? 0) + this.job.env.now() - this.began - this.pausedMs;
  }

  protected point(point: RunPoint): void {
    this.points.push(point);
    this.fresh.push(point);
  }

  /** Claims as they stand; a claim that cannot be computed yet keeps them back. */
  protected provisional(): void {
    const { env } = this.job;
    if (env.now() - this.lastClaims < (env.claimsMs ?? 400)) return;
    this.lastClaims = env.now();
    let claims: ClaimResult[];
    try {
      claims = this.claims(this.arms());
    } catch {
      return;
    }
    this.flush(true);
    const { shortfall } = this.job.work;
    env.emit({ type: 'claims', claims, verdict: 'undecided', shortfall, provisional: true });
  }

  /** Between two units of work: sends events, saves, lets messages in, waits while paused. */
  protected async gate(): Promise<'run' | 'step' | 'stop'> {
    const { control, env } = this.job;
    this.flush(control.waits);
    if (env.now() - this.lastBreath >= 8) {
      await env.breathe();
      this.lastBreath = env.now();
    }
    if (control.waits || env.now() - this.lastCheckpoint >= (env.checkpointMs ?? 15_000)) await this.checkpoint();
    if (!control.waits) return control.gate();
    this.flush(true);
    env.emit({ type: 'paused', paused: true });
    const since = env.now();
    const pass = await control.gate();
    this.pausedMs += env.now() - since;
    if (pass === 'run') env.emit({ type: 'paused', paused: false });
    return pass;
  }

  protected flush(isForced: boolean): void {
    const { env } = this.job;
    if (!isForced && env.now() - this.lastEmit < (env.emitMs ?? 80)) return;
    this.lastEmit = env.now();
    if (this.fresh.length) env.emit({ type: 'points', points: this.fresh.splice(0) });
    env.emit({ type: 'progress', ...this.progress() });
  }

  private async checkpoint(): Promise<void> {
    const state = await this.state();
    this.flush(true); // what a checkpoint holds has been sent
    if (state) this.job.env.emit({ type: 'checkpoint', state });
    this.lastCheckpoint = this.job.env.now();
  }
}
