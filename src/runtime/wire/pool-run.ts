// A run as the page asked for it, on one worker or several: the first one leads and draws the conclusions, the others do their
// shares; what they find is told to the page as one run, and to the lead.
import type { PicturePart, ShareOutcome } from '../../labs/_kit/run/share.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { mergeCheckpoints, mergeProgress, type Progress } from './merge-shares.ts';
import type { Point, RunEvent, RunRequest, ShareEvent, ShareRequest } from './protocol.ts';
import { ShareRun } from './share-run.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** What a share that does not lead has found so far, to be told again to a lead that was replaced. */
interface Found {
  points: Point[];
  parts: Map<string, PicturePart>;
  outcome: ShareOutcome | null;
}

export class PoolRun {
  isPaused = false;
  isHidden = false;
  isStopped = false;
  private readonly request: RunRequest;
  private readonly onEvent: (event: RunEvent) => void;
  private readonly slot: (index: number) => WorkerSlot;
  private readonly stopMs: number;
  private readonly shares: ShareRun<unknown>[] = [];
  private readonly found: Found[] = [];
  private readonly progress: Progress[] = [];
  private readonly running: Promise<unknown>[] = [];
  private readonly silent = new Set<number>();
  private of = 0;
  private isHeld = false;
  private total = 0;
  private fail: (error: unknown) => void = () => undefined;

  /** `slot(0)` is the lead's. */
  constructor(
    request: RunRequest,
    onEvent: (event: RunEvent) => void,
    slot: (index: number) => WorkerSlot,
    stopMs: number,
  ) {
    this.request = request;
    this.onEvent = onEvent;
    this.slot = slot;
    this.stopMs = stopMs;
  }

  /** Null when it was stopped. @throws RunError */
  async run(): Promise<RunResult | null> {
    const failure = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    try {
      const lead = this.add<RunResult>(0, (api, request, onEvent) => api.run(request, onEvent));
      return await Promise.race([lead, failure]);
    } finally {
      await this.stop();
    }
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.all((share) => share.slot.tell((api) => api.pause()));
  }
  async resume(): Promise<void> {
    this.isPaused = this.isHidden = false;
    await this.all((share) => share.slot.tell((api) => api.resume()));
  }
  async step(): Promise<void> {
    this.isPaused = true;
    await this.all((share) => {
      share.isHeld = false;
      return share.slot.tell((api) => api.step());
    });
  }
  /** While the tab is hidden, unless the visitor has paused the run. */
  async hide(isHidden: boolean): Promise<void> {
    if (this.isPaused || this.isHidden === isHidden) return;
    this.isHidden = isHidden;
    await this.all((share) => share.slot.tell((api) => (isHidden ? api.pause() : api.resume())));
  }

  /** Stops every share; a worker that does not obey in time is ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const timer = setTimeout(() => void this.all(async (share) => share.slot.clear()), this.stopMs);
    void this.all((share) => share.slot.tell((api) => api.stop()));
    await Promise.allSettled(this.running);
    clearTimeout(timer);
  }

  private async all(task: (share: ShareRun<unknown>) => Promise<void>): Promise<void> {
    await Promise.all(this.shares.filter((share) => !share.isEnded).map(task));
  }

  private add<T>(index: number, start: ConstructorParameters<typeof ShareRun<T>>[0]['start']): Promise<T | null> {
    const { checkpoint } = this.request;
    const slot = this.slot(index);
    slot.onSilence = (isSilent) => this.silence(index, isSilent);
    const share = new ShareRun<T>({
      slot,
      request: () => this.asked(index),
      // the lead has what was found so far
      checkpoint: checkpoint && index > 0 ? { ...checkpoint, points: [], examples: [] } : (checkpoint ?? null),
      start,
      started: () => this.started(index),
      emit: (event) => this.receive(index, event),
      isStopped: () => this.isStopped,
    });
    this.shares[index] = share;
    this.found[index] = { points: [], parts: new Map(), outcome: null };
    const run = share.run().finally(() => this.settle());
    this.running.push(run);
    return run;
  }

  private asked(index: number): ShareRequest {
    if (this.of === 0) return this.request;
    const share = { index, of: this.of };
    return index === 0 ? { ...this.request, share } : { ...this.request, backend: 'wasm', share };
  }

  /** A worker that was given its share is told what it missed. */
  private started(index: number): void {
    const { slot } = this.shares[index];
    if (this.isPaused || this.isHidden) void slot.tell((api) => api.pause());
    if (index > 0) return;
    for (const [i, { points, parts, outcome }] of this.found.entries()) {
      if (outcome) void slot.tell((api) => api.deliver(i, outcome));
      else if (points.length || parts.size) void slot.tell((api) => api.hear(i, points, [...parts.values()]));
    }
  }

  private receive(index: number, event: ShareEvent): void {
    switch (event.type) {
      case 'points':
        if (index > 0) this.toLead(index, event.points, []);
        return this.onEvent(event);
      case 'part':
        return this.toLead(index, [], [event.part]);
      case 'progress':
        this.progress[index] = event;
        this.total = Math.max(this.total, event.total);
        return this.onEvent({ type: 'progress', ...mergeProgress(this.progress.filter(Boolean), this.total) });
      case 'checkpoint':
        return this.save();
      case 'paused':
        return this.hold(index, event.paused);
      case 'workers':
        return this.divide(event);
      case 'picture':
      case 'notice':
        return this.onEvent(event);
      default:
        if (index === 0) this.onEvent(event);
    }
  }

  private toLead(index: number, points: Point[], parts: PicturePart[]): void {
    const found = this.found[index];
    found.points.push(...points);
    for (const part of parts) found.parts.set(JSON.stringify([part.id, part.key]), part);
    void this.shares[0].slot.tell((api) => api.hear(index, points, parts));
  }

  /** Starts the other shares, once. */
  private divide(event: Extract<RunEvent, { type: 'workers' }>): void {
    if (this.of > 0) return;
    this.of = event.of;
    this.onEvent(event);
    for (let i = 1; i < this.of && !this.isStopped; i++)
      this.add<ShareOutcome>(i, (api, request, onEvent) => api.runShare(request, onEvent)).then(
        (outcome) => outcome && this.deliver(i, outcome),
        (error) => this.fail(error),
      );
  }
  private deliver(index: number, outcome: ShareOutcome): void {
    this.found[index].outcome = outcome;
    void this.shares[0].slot.tell((api) => api.deliver(index, outcome));
  }

  private save(): void {
    const checkpoint = mergeCheckpoints(this.shares.map((share) => share.checkpoint));
    if (checkpoint) this.onEvent({ type: 'checkpoint', checkpoint });
  }

  /** The run is paused when every share that goes on is. */
  private hold(index: number, isHeld: boolean): void {
    this.shares[index].isHeld = isHeld;
    if (isHeld) return this.settle(true);
    if (this.isHeld) this.onEvent({ type: 'paused', paused: false });
    this.isHeld = false;
  }
  private settle(isNews = !this.isHeld): void {
    const open = this.shares.filter((share) => !share.isEnded);
    if (!isNews || !open.length || !open.every((share) => share.isHeld)) return;
    this.isHeld = true;
    this.onEvent({ type: 'paused', paused: true });
  }

  private silence(index: number, isSilent: boolean): void {
    const before = this.silent.size > 0;
    if (isSilent) this.silent.add(index);
    else this.silent.delete(index);
    if (before !== this.silent.size > 0) this.onEvent({ type: 'silent', silent: !before });
  }
}
