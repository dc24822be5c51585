// One worker and the calls in flight to it: when the worker dies, every call fails at once instead of waiting for ever.
import * as comlink from 'comlink';
import { EngineError, RunError, toWire } from './errors.ts';
import type { WorkerApi } from './protocol.ts';

/** What is needed of a Worker. */
export interface WorkerLike extends comlink.Endpoint {
  terminate(): void;
  onerror: ((event: ErrorEvent) => unknown) | null;
}

export class Connection {
  private readonly worker: WorkerLike;
  private readonly remote: comlink.Remote<WorkerApi>;
  private readonly inFlight = new Set<(error: Error) => void>();
  private death: Error | null = null;
  private readonly pulse: ReturnType<typeof setInterval>;
  private missed = 0;

  /** A worker that leaves `deadAfter` pings in a row unanswered, one every `pingMs`, counts as crashed. */
  constructor(worker: WorkerLike, { pingMs, deadAfter }: { pingMs: number; deadAfter: number }) {
    this.worker = worker;
    this.remote = comlink.wrap<WorkerApi>(worker);
    worker.onerror = (event) => this.die(crash(event.message || 'the worker could not be started'));
    this.pulse = setInterval(() => {
      if (++this.missed > deadAfter) this.die(crash('the worker stopped answering'));
      void this.remote.ping().then(
        () => {
          this.missed = 0;
        },
        () => undefined,
      );
    }, pingMs);
  }

  get isDead(): boolean {
    return this.death !== null;
  }

  /** Calls the worker. @throws RunError what the worker threw, or that it crashed. */
  call<T>(task: (api: comlink.Remote<WorkerApi>) => Promise<T>): Promise<T> {
    if (this.death) return Promise.reject(this.death);
    return new Promise<T>((resolve, reject) => {
      this.inFlight.add(reject);
      task(this.remote)
        .then(resolve, (error) => reject(error instanceof RunError ? error : new RunError(toWire(error))))
        .finally(() => this.inFlight.delete(reject));
    });
  }

  /** Ends the worker; what is in flight fails with `error`. */
  die(error: Error = crash('the worker was ended')): void {
    if (this.death) return;
    this.death = error;
    clearInterval(this.pulse);
    this.worker.onerror = null;
    this.worker.terminate();
    for (const reject of [...this.inFlight]) reject(error);
  }
}

const crash = (message: string) =>
  new RunError(toWire(new EngineError('crash', `the lab's worker crashed (${message})`)));
