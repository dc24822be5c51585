// The page's side of the runtime: owns the workers, gives a run to one of them or to several, and replaces those that crash or
// hold too much.
import type { Knobs } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { defaultWorkers } from './default-workers.ts';
import { runInProgress } from './check-request.ts';
import { Connection, type WorkerLike } from './connection.ts';
import { kindOf } from './errors.ts';
import { PoolRun } from './pool-run.ts';
import type { LabWorkerApi, RunEvent, RunRequest, WorkerApi } from './protocol.ts';
import { registerErrorTransfer } from './transfer.ts';
import { WorkerSlot } from './worker-slot.ts';
import type * as comlink from 'comlink';

export interface LabClient extends LabWorkerApi {
  /** Ends the workers for good; a run in progress gives null. */
  dispose(): void;
}
export interface ClientOptions {
  /** Pause while the tab is hidden, go on when it is seen again. */
  pauseWhenHidden?: boolean;
  /** Between runs, a worker that holds more memory than this and cannot give it back is replaced. */
  heldBudgetBytes?: number;
  /** How long a worker may take to obey `stop` before it is ended. */
  stopMs?: number;
  pingMs?: number;
  /** Unanswered pings after which a worker counts as crashed, while it prepares and while it trains. */
  deadAfter?: number;
  deadInTraining?: number;
  checkpointMs?: number;
  /** Most workers that share a run on WebAssembly, where the request names no number. */
  workers?: number;
  /** Threads of each worker's engine; 1 unless a single worker is allowed. */
  threads?: number;
  /** How long workers that helped with a run are kept for the next one. */
  idleMs?: number;
  /** Where the page lies. */
  base?: string;
  spawn?: () => WorkerLike;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../../workers/lab-worker.ts', import.meta.url), { type: 'module' });

export function createLabClient(options: ClientOptions = {}): LabClient {
  return new Client(options);
}

class Client implements LabClient {
  private readonly options: ClientOptions;
  private readonly workers: number;
  /** The first leads runs and answers queries. */
  private readonly slots: WorkerSlot[] = [];
  private current: PoolRun | null = null;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private isDisposed = false;

  constructor(options: ClientOptions) {
    this.options = options;
    this.workers = options.workers ?? defaultWorkers();
    registerErrorTransfer();
    if (options.pauseWhenHidden !== false) this.document?.addEventListener('visibilitychange', this.onVisibility);
  }

  probe() {
    return this.call((api) => api.probe());
  }
  query(slug: string, knobs: Knobs, name: string, payload: unknown): Promise<unknown> {
    return this.call((api) => api.query(slug, knobs, name, payload));
  }
  graphs() {
    return this.call((api) => api.graphs());
  }
  loseDevice() {
    return this.call((api) => api.loseDevice());
  }

  async run(request: RunRequest, onEvent: (event: RunEvent) => void): Promise<RunResult | null> {
    if (this.current) throw runInProgress();
    const asked = { ...request, workers: request.workers ?? this.workers };
    clearTimeout(this.idle);
    for (const slot of this.slots) slot.refresh();
    const run = (this.current = new PoolRun(asked, onEvent, (i) => this.slot(i), this.options.stopMs ?? 5000));
    try {
      return await run.run();
    } finally {
      this.current = null;
      await Promise.all(this.slots.map((slot) => slot.weigh(this.options.heldBudgetBytes ?? 2 ** 30)));
      this.rest();
    }
  }
  async pause() {
    await this.current?.pause();
  }
  async resume() {
    await this.current?.resume();
  }
  async step() {
    await this.current?.step();
  }
  async stop() {
    await this.current?.stop();
  }

  dispose(): void {
    this.document?.removeEventListener('visibilitychange', this.onVisibility);
    clearTimeout(this.idle);
    this.isDisposed = true;
    if (this.current) this.current.isStopped = true;
    for (const slot of this.slots) slot.clear();
  }

  private slot(index: number): WorkerSlot {
    return (this.slots[index] ??= new WorkerSlot(() => this.connect()));
  }
  private call<T>(task: (api: comlink.Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return this.slot(0)
      .call(task)
      .catch((error) => {
        // files that could not be fetched stay missing in the worker that asked for them
        if (kindOf(error) === 'data' && !this.current) this.slot(0).clear();
        throw error;
      });
  }

  private connect(): Connection {
    if (this.isDisposed) throw new Error('lab client: expected one in use; got a disposed one');
    const { spawn = spawnWorker, pingMs = 2500, deadAfter = 24, deadInTraining = 5, checkpointMs } = this.options;
    const { base = document.baseURI } = this.options;
    return new Connection(spawn(), {
      pingMs,
      deadAfter,
      deadInTraining,
      // several workers make better use of the cores than several threads of one, and numbers must not depend on either
      configure: { base, checkpointMs, threads: this.options.threads ?? (this.workers > 1 ? 1 : undefined) },
    });
  }

  /** Helpers give their memory back when no run follows. */
  private rest(): void {
    if (this.isDisposed) return;
    this.idle = setTimeout(() => {
      for (const slot of this.slots.slice(1)) slot.clear();
    }, this.options.idleMs ?? 30_000);
  }

  private get document() {
    return this.options.document ?? globalThis.document;
  }
  private readonly onVisibility = () => void this.current?.hide(this.document.visibilityState === 'hidden');
}
