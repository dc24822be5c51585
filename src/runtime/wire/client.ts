// The page's side of the runtime: owns the worker, replaces it when it crashes or its heap has grown, and takes a run on
// from its last checkpoint after a lost device, a crash or an exhausted heap.
import * as comlink from 'comlink';
import type { Knobs } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { Connection, type WorkerLike } from './connection.ts';
import { RunError } from './errors.ts';
import type { LabWorkerApi, Point, RunCheckpoint, RunEvent, RunRequest, WireError, WorkerApi } from './protocol.ts';
import { registerErrorTransfer } from './transfer.ts';

export interface LabClient extends LabWorkerApi {
  /** Ends the worker for good; a run in progress gives null. */
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
  /** Unanswered pings after which a worker counts as crashed. */
  deadAfter?: number;
  checkpointMs?: number;
  /** Where the page lies. */
  base?: string;
  spawn?: () => WorkerLike;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

/** Errors after which a run is worth a second try. */
const RECOVERABLE: readonly WireError['kind'][] = ['device-lost', 'crash', 'out-of-memory'];
/** However much progress lies between them. */
const MOST_RECOVERIES = 5;

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../../workers/lab-worker.ts', import.meta.url), { type: 'module' });

export function createLabClient(options: ClientOptions = {}): LabClient {
  return new Client(options);
}

class Client implements LabClient {
  private readonly options: ClientOptions;
  private connection: Connection | null = null;
  private current: ActiveRun | null = null;
  private isHeavy = false;
  private isDisposed = false;

  constructor(options: ClientOptions) {
    this.options = options;
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
    if (this.isHeavy && !this.current) this.replace();
    const run = new ActiveRun(request, onEvent);
    if (!this.current) this.current = run;
    try {
      return await this.attempt(run);
    } finally {
      if (this.current === run) this.current = null;
      await this.weigh();
    }
  }
  async pause() {
    await this.steer(
      (run) => {
        run.isPaused = true;
      },
      (api) => api.pause(),
    );
  }
  async resume() {
    await this.steer(
      (run) => {
        run.isPaused = false;
        run.isHidden = false;
      },
      (api) => api.resume(),
    );
  }
  async step() {
    await this.steer(
      (run) => {
        run.isPaused = true;
      },
      (api) => api.step(),
    );
  }

  async stop() {
    const { current, connection } = this;
    if (!current) return;
    current.isStopped = true;
    const timer = setTimeout(() => connection?.die(), this.options.stopMs ?? 5000);
    void current.ended.then(() => clearTimeout(timer));
    await connection?.call((api) => api.stop()).catch(() => undefined);
  }

  dispose(): void {
    this.document?.removeEventListener('visibilitychange', this.onVisibility);
    this.isDisposed = true;
    if (this.current) this.current.isStopped = true;
    this.replace();
  }

  /** Runs until it ends, or fails twice without progress between. */
  private async attempt(run: ActiveRun): Promise<RunResult | null> {
    try {
      for (;;) {
        try {
          return await this.once(run);
        } catch (error) {
          if (run.isStopped) return null;
          run.emit({ type: 'notice', text: this.recover(run, error as RunError) });
        }
      }
    } finally {
      run.end();
    }
  }

  private async once(run: ActiveRun): Promise<RunResult | null> {
    const onEvent = comlink.proxy((event: RunEvent) => run.receive(event));
    const result = this.call((api) => api.run(run.next(), onEvent));
    if (run.isPaused || run.isHidden) await this.call((api) => api.pause()).catch(() => undefined);
    return result;
  }

  /** Makes ready for another try and says so. @throws RunError when there should be none. */
  private recover(run: ActiveRun, error: RunError): string {
    const { wire } = error;
    const { checkpoint } = run;
    if (!RECOVERABLE.includes(wire.kind)) throw error;
    if (wire.kind !== 'device-lost') this.replace();
    if (!run.mayRetry()) throw new RunError({ ...wire, resumable: checkpoint !== null });
    return `${sentence(wire.message)} ${checkpoint ? `Going on from step ${checkpoint.done}.` : 'Starting the run again.'}`;
  }

  private async call<T>(task: (api: comlink.Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return this.connect().call(task);
  }
  private async steer(
    note: (run: ActiveRun) => void,
    task: (api: comlink.Remote<WorkerApi>) => Promise<void>,
  ): Promise<void> {
    if (!this.current) return;
    note(this.current);
    // a worker that dies meanwhile is the run's business, which is told of the wish when it goes on
    await this.call(task).catch(() => undefined);
  }

  private connect(): Connection {
    if (this.isDisposed) throw new Error('lab client: expected one in use; got a disposed one');
    if (this.connection && !this.connection.isDead) return this.connection;
    const { spawn = spawnWorker, pingMs = 5000, deadAfter = 12, checkpointMs, base = document.baseURI } = this.options;
    const made = (this.connection = new Connection(spawn(), { pingMs, deadAfter }));
    void made.call((api) => api.configure({ base, checkpointMs })).catch(() => undefined);
    return made;
  }
  private replace(): void {
    this.connection?.die();
    this.connection = null;
    this.isHeavy = false;
  }
  private async weigh(): Promise<void> {
    if (!this.connection || this.connection.isDead) return;
    const bytes = await this.connection.call((api) => api.heldBytes()).catch(() => 0);
    this.isHeavy = bytes > (this.options.heldBudgetBytes ?? 2 ** 30);
  }

  private get document() {
    return this.options.document ?? globalThis.document;
  }
  private readonly onVisibility = () => {
    const run = this.current;
    const isHidden = this.document.visibilityState === 'hidden';
    if (!run || run.isPaused || run.isHidden === isHidden) return;
    run.isHidden = isHidden;
    void this.call((api) => (isHidden ? api.pause() : api.resume())).catch(() => undefined);
  };
}

/** What the page asked for and how far it came, across workers. */
class ActiveRun {
  isPaused = false;
  isHidden = false;
  isStopped = false;
  checkpoint: RunCheckpoint | null;
  end: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });
  private readonly request: RunRequest;
  private readonly onEvent: (event: RunEvent) => void;
  private readonly seen = new Set<string>();
  private failedAt = -1;
  private recoveries = 0;
  constructor(request: RunRequest, onEvent: (event: RunEvent) => void) {
    this.request = request;
    this.onEvent = onEvent;
    this.checkpoint = request.checkpoint ?? null;
  }

  next(): RunRequest {
    return { ...this.request, checkpoint: this.checkpoint ?? undefined };
  }

  /** Once for each stretch of progress. */
  mayRetry(): boolean {
    const at = this.checkpoint?.done ?? 0;
    const isNew = at > this.failedAt;
    this.failedAt = at;
    return isNew && ++this.recoveries <= MOST_RECOVERIES;
  }

  emit(event: RunEvent): void {
    this.onEvent(event);
  }

  /** A resumed run first gives the points of its checkpoint; those that it repeats are dropped. */
  receive(event: RunEvent): void {
    if (event.type === 'points') return this.pass(event.points);
    if (event.type === 'checkpoint') this.checkpoint = event.checkpoint;
    this.onEvent(event);
    if (event.type === 'arms' && this.checkpoint) this.pass(this.checkpoint.points);
  }

  private pass(all: readonly Point[]): void {
    const points = all.filter(({ arm, seed, metric, step }) => {
      const key = `${arm} ${seed} ${metric} ${step}`;
      const isNew = !this.seen.has(key);
      this.seen.add(key);
      return isNew;
    });
    if (points.length) this.onEvent({ type: 'points', points });
  }
}

const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
