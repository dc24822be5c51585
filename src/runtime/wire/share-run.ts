// A share of a run on one worker: after a lost device, a crash or an exhausted heap it goes on from its last checkpoint.
import * as comlink from 'comlink';
import { RunError } from './errors.ts';
import type { Point, RunCheckpoint, ShareEvent, ShareRequest, WireError, WorkerApi } from './protocol.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** Errors after which a run is worth a second try. */
const RECOVERABLE: readonly WireError['kind'][] = ['device-lost', 'crash', 'out-of-memory'];
/** However much progress lies between them. */
const MOST_RECOVERIES = 5;

export interface ShareParts<T> {
  slot: WorkerSlot;
  /** What to ask of the worker; the newest checkpoint is put in. */
  request(): ShareRequest;
  checkpoint: RunCheckpoint | null;
  start(api: comlink.Remote<WorkerApi>, request: ShareRequest, onEvent: (event: ShareEvent) => void): Promise<T | null>;
  /** Called when a worker has been given the share, at first and after each recovery. */
  started(): void;
  /** Points come once, however often the worker finds them. */
  emit(event: ShareEvent): void;
  isStopped(): boolean;
}

export class ShareRun<T> {
  checkpoint: RunCheckpoint | null;
  readonly slot: WorkerSlot;
  /** It waits at a gate. */
  isHeld = false;
  isEnded = false;
  private readonly parts: ShareParts<T>;
  private readonly seen = new Set<string>();
  private failedAt = -1;
  private recoveries = 0;
  constructor(parts: ShareParts<T>) {
    this.parts = parts;
    this.slot = parts.slot;
    this.checkpoint = parts.checkpoint;
  }

  /** Runs until it ends, or fails twice without progress between; null when it was stopped. */
  async run(): Promise<T | null> {
    try {
      for (;;) {
        try {
          return await this.once();
        } catch (error) {
          if (this.parts.isStopped()) return null;
          this.parts.emit({ type: 'notice', text: this.recover(error as RunError) });
        }
      }
    } finally {
      this.isEnded = true;
    }
  }

  private async once(): Promise<T | null> {
    const connection = this.slot.open();
    const onEvent = comlink.proxy((event: ShareEvent) => {
      if (event.type === 'status') connection.isTraining = event.phase === 'train';
      this.receive(event);
    });
    this.isHeld = false;
    try {
      const request = { ...this.parts.request(), checkpoint: this.checkpoint ?? undefined };
      const result = connection.call((api) => this.parts.start(api, request, onEvent));
      this.parts.started();
      return await result;
    } finally {
      connection.isTraining = false;
    }
  }

  /** Makes ready for another try and says so. @throws RunError when there should be none. */
  private recover(error: RunError): string {
    const { wire } = error;
    const { checkpoint } = this;
    // files that could not be fetched stay missing in the worker that asked for them
    if (wire.kind === 'data') this.slot.clear();
    if (!RECOVERABLE.includes(wire.kind)) throw error;
    if (wire.kind !== 'device-lost') this.slot.clear();
    if (!this.mayRetry()) throw new RunError({ ...wire, resumable: checkpoint !== null });
    return `${sentence(wire.message)} ${checkpoint ? `Going on from step ${checkpoint.done}.` : 'Starting the run again.'}`;
  }

  /** Once for each stretch of progress. */
  private mayRetry(): boolean {
    const at = this.checkpoint?.done ?? 0;
    const isNew = at > this.failedAt;
    this.failedAt = at;
    return isNew && ++this.recoveries <= MOST_RECOVERIES;
  }

  /** A resumed run first gives the points of its checkpoint; those that it repeats are dropped. */
  private receive(event: ShareEvent): void {
    if (event.type === 'points') return this.pass(event.points);
    if (event.type === 'checkpoint') this.checkpoint = event.checkpoint;
    this.parts.emit(event);
    if (event.type === 'arms' && this.checkpoint) this.pass(this.checkpoint.points);
  }

  private pass(all: readonly Point[]): void {
    const points = all.filter(({ arm, seed, metric, step }) => {
      const key = `${arm} ${seed} ${metric} ${step}`;
      const isNew = !this.seen.has(key);
      this.seen.add(key);
      return isNew;
    });
    if (points.length) this.parts.emit({ type: 'points', points });
  }
}

const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
