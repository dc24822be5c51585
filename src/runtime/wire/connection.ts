// One worker and the calls in flight to it: when the worker dies, every call fails at once instead of waiting for ever.
import * as comlink from 'comlink';
import { EngineError, RunError, toWire } from './errors.ts';
import type { WorkerApi } from './protocol.ts';

/** What is needed of a Worker. */
export interface WorkerLike extends comlink.Endpoint {
  terminate(): void;
  onerror: ((event: ErrorEvent) => unknown) | null;
}
export interface ConnectionOptions {
  pingMs: number;
  /** Unanswered pings after which the worker counts as dead: while it prepares (large calls block it), and while it trains. */
  deadAfter: number;
  deadInTraining: number;
  /** Unanswered pings after which it counts as silent. */
  silentAfter?: number;
  configure: Omit<Parameters<WorkerApi['configure']>[0], 'life'>;
}

export class Connection {
  /** Told when the worker falls silent, and when it answers again. */
  onSilence: (isSilent: boolean) => void = () => undefined;
  /** Short units of work are under way: a long silence means death. */
  isTraining = false;
  private readonly worker: WorkerLike;
  private readonly remote: comlink.Remote<WorkerApi>;
  private readonly options: ConnectionOptions;
  private readonly inFlight = new Set<(error: Error) => void>();
  private readonly end = new AbortController();
  private readonly pulse: ReturnType<typeof setInterval>;
  private death: Error | null = null;
  private missed = 0;
  /** The longest silence after which the worker answered again, in pings. */
  private longest = 0;

  constructor(worker: WorkerLike, options: ConnectionOptions) {
    this.worker = worker;
    this.options = options;
    this.remote = comlink.wrap<WorkerApi>(worker);
    worker.onerror = (event) => this.die(crash(event.message || 'the worker could not be started'));
    this.pulse = setInterval(() => this.ping(), options.pingMs);
    void this.configure();
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
    this.end.abort();
    this.worker.onerror = null;
    this.worker.terminate();
    for (const reject of [...this.inFlight]) reject(error);
  }

  private ping(): void {
    const { silentAfter = 2 } = this.options;
    if (++this.missed > this.patience) return this.die(crash('the worker stopped answering'));
    if (this.missed === silentAfter + 1) this.onSilence(true);
    void this.remote.ping().then(
      () => {
        if (this.missed > silentAfter) this.onSilence(false);
        this.longest = Math.max(this.longest, this.missed);
        this.missed = 0;
      },
      () => undefined,
    );
  }
  /** A slow machine has shown how long it may be busy. */
  private get patience(): number {
    const { deadAfter, deadInTraining } = this.options;
    return this.isTraining ? Math.min(deadAfter, Math.max(deadInTraining, 3 * this.longest)) : deadAfter;
  }

  /** Where the browser has locks, the worker holds one for life: getting it means that the worker is gone, however it went. */
  private async configure(): Promise<void> {
    const locks = globalThis.navigator?.locks;
    const life = locks && `lab-worker-${crypto.randomUUID()}`;
    const done = this.call((api) => api.configure({ ...this.options.configure, life }));
    try {
      await done;
      if (life) await locks.request(life, { signal: this.end.signal }, () => this.die(crash('the worker ended')));
    } catch {
      // a worker that dies meanwhile is found out by the calls to it
    }
  }
}

const crash = (message: string) =>
  new RunError(toWire(new EngineError('crash', `the lab's worker crashed (${message})`)));
