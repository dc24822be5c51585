// What experiments and labs with a loop of their own share while they run: the clock, the points, the events, the gate.
import { median } from '../../../util/stats.ts';
import { collectArms, type RunPoint } from './collect.ts';
import type { Experiment } from '../contract/lab.ts';
import type { ArmResult, ClaimResult, RunResult } from '../contract/result.ts';
import type { Loops, RunJob, RunState } from './job.ts';
import { overallVerdict, settle } from '../claims/verdict.ts';
import { ExampleStore } from './example-store.ts';
import type { ShareOutcome } from './share.ts';

export abstract class Run {
  protected readonly job: RunJob;
  /** Units of the whole run, and those of them that are done here. */
  protected readonly count: number;
  protected units: readonly number[];
  protected points: RunPoint[];
  protected readonly examples: ExampleStore;
  private readonly concluded: Experiment | Loops;
  private isDivided = false;
  private readonly fresh: RunPoint[] = [];
  private readonly began: number;
  private pausedMs = 0;
  private lastEmit = -Infinity;
  private lastClaims = -Infinity;
  private lastBreath: number;
  private lastCheckpoint: number;

  constructor(job: RunJob, work: Experiment | Loops, count: number) {
    this.job = job;
    this.concluded = work;
    this.count = count;
    this.units = job.units ?? Array.from({ length: count }, (_, i) => i);
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

  /** Waits for the other shares; null when stopped meanwhile. */
  async result(): Promise<RunResult | null> {
    const others = await this.others();
    if (!others) return null;
    const { header, env, pictures } = this.job;
    const arms = this.arms();
    await this.finish?.(arms);
    const claims = others.find((o) => o.claims)?.claims ?? this.claims(arms);
    const verdict = overallVerdict(claims);
    const { shortfall } = this.concluded;
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
      wallMs: Math.max(this.wallMs(), ...others.map((o) => o.wallMs)),
      stepMs: this.progress().stepMs || median(others.map((o) => o.stepMs).filter((ms) => ms > 0)) || 0,
      ...(Object.keys(drawn).length ? { pictures: drawn } : {}),
    };
  }

  /** What this share came to, for the share that leads. */
  outcome(): Pick<ShareOutcome, 'units' | 'count' | 'points' | 'examples' | 'wallMs' | 'stepMs' | 'claims'> {
    this.flush(true);
    return {
      units: [...this.units],
      count: this.count,
      points: [...this.points],
      examples: this.examples.saved,
      wallMs: this.wallMs(),
      stepMs: this.progress().stepMs,
      ...(this.units.length === this.count ? { claims: this.claims(this.arms()) } : {}),
    };
  }

  protected arms() {
    const { header, fellows } = this.job;
    return collectArms(this.concluded.arms, header.seeds, [...this.points, ...(fellows?.points() ?? [])]);
  }
  /** Units may still be given away; number 0 stays here. */
  protected get mayDivide(): boolean {
    return this.job.divide !== undefined && !this.isDivided;
  }
  protected async divide(): Promise<void> {
    this.isDivided = true;
    this.units = await this.job.divide!(this.count);
  }
  protected drop(isOld: (point: RunPoint) => boolean): void {
    this.points = this.points.filter((point) => !isOld(point));
  }
  /** The lab's claims, which see values per example too; undecided where this run cannot decide them. */
  private claims(arms: readonly ArmResult[]): ClaimResult[] {
    const { header, fellows } = this.job;
    const { seeds } = header;
    const examples = new ExampleStore([...this.examples.saved, ...(fellows?.examples() ?? [])]);
    return settle(this.concluded.claims(examples.joinTo(arms, seeds)), {
      shortfall: this.concluded.shortfall,
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
    const { shortfall } = this.concluded;
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

  /** The outcomes of the other shares; until they are here this run can be paused and stopped. Null when it was stopped. */
  private async others(): Promise<ShareOutcome[] | null> {
    const { fellows, control, env } = this.job;
    // a run that was resumed at its very end was never divided
    if (!fellows || this.mayDivide) return [];
    let outcomes: ShareOutcome[] | null = null;
    const arrival = fellows.outcomes.then((all) => {
      outcomes = all;
    });
    await Promise.race([arrival, env.breathe()]);
    if (!outcomes) env.emit({ type: 'status', phase: 'train', text: 'waiting for the other workers' });
    while (!outcomes) {
      if ((await this.gate()) === 'stop') return null;
      await Promise.race([arrival, control.change()]);
    }
    return outcomes;
  }

  private async checkpoint(): Promise<void> {
    const state = await this.state();
    this.flush(true); // what a checkpoint holds has been sent
    if (state) this.job.env.emit({ type: 'checkpoint', state });
    this.lastCheckpoint = this.job.env.now();
  }
}
