// The page's side of "your own model": one worker, started when it is needed, replaced when it dies or when attention needs it so.
import * as comlink from 'comlink';
import type { ForeignBackend } from '../onnx/rewrite/session.ts';
import type {
  Answer,
  CompareReport,
  CompareRequest,
  GpuFacts,
  OpenedFacts,
  Problem,
  Progress,
  SmolAnswer,
  SmolApi,
  SmolQuestion,
  Source,
} from './protocol.ts';

type Remote = comlink.Remote<SmolApi>;
/** What is open: files, a made decoder, or SmolVLM as loaded for a backend. */
type Opened = Source | { kind: 'smol'; backend: ForeignBackend };
type WithWarning<T> = T & { warning?: string };
const spawnPlain = () => new Worker(new URL('../../workers/own-model-worker.ts', import.meta.url), { type: 'module' });
const spawnWithoutSubgroups = () =>
  new Worker(new URL('../../workers/own-model-worker.ts', import.meta.url), {
    type: 'module',
    name: 'without-subgroups',
  });

/** How long the worker may take to obey `stop` before it is ended. */
const STOP_MS = 5000;

const died = (why: string): Problem => ({
  isClosed: true,
  message: `The worker that held the model ended (${why}).`,
  remedy:
    'Most often memory ran out: close other tabs, or choose a smaller model or fewer image tokens. Then open the model again.',
});
const isFailure = (a: Answer<unknown>): a is { ok: false; problem: Problem } => !a.ok && 'problem' in a;

export class OwnModelClient {
  private worker: Worker | null = null;
  private remote: Remote | null = null;
  private readonly inFlight = new Set<(answer: { ok: false; problem: Problem }) => void>();
  private source: Opened | null = null;
  /** Subgroups are hidden from now on: attention was wrong with them. */
  private isCareful = false;
  /** Attention was compared for the open model. */
  private isChecked = false;

  gpu(): Promise<Answer<GpuFacts>> {
    return this.call((r) => r.gpu());
  }
  /** SmolVLM is downloaded by this: call it only after the visitor agreed. */
  open(source: Opened, progress: Progress): Promise<Answer<OpenedFacts>> {
    this.source = source;
    this.isChecked = false;
    return this.call((r) =>
      source.kind === 'smol'
        ? r.openSmol(source.backend, comlink.proxy(progress))
        : r.open(source, comlink.proxy(progress)),
    );
  }
  /** With a word about attention on this GPU, where one is due. */
  compare(
    request: CompareRequest,
    backend: ForeignBackend,
    progress: Progress,
  ): Promise<Answer<WithWarning<CompareReport>>> {
    return this.checked(backend, progress, (r) => r.compare(request, backend, comlink.proxy(progress)));
  }
  ask(question: SmolQuestion, backend: ForeignBackend, progress: Progress): Promise<Answer<WithWarning<SmolAnswer>>> {
    return this.checked(backend, progress, (r) => r.askSmol(question, backend, comlink.proxy(progress)));
  }
  forget(): Promise<Answer<void>> {
    return this.call(async (r) => ({ ok: true, value: await r.forgetSmol() }));
  }
  /** What is under way ends at its next step; a worker that gives no sign within `STOP_MS` is ended. */
  stop(): void {
    const { remote } = this;
    if (!remote) return;
    const asked = [...this.inFlight];
    setTimeout(() => {
      if (this.remote === remote && asked.some((call) => this.inFlight.has(call)))
        this.end({
          message: `The model did not stop within ${STOP_MS / 1000} seconds, so its worker was ended.`,
          remedy: 'Open the model again.',
          isClosed: true,
        });
    }, STOP_MS);
    void remote.stop().catch(() => undefined);
  }

  /** Ends the worker and frees what it holds. */
  close(): void {
    this.end(died('it was closed'));
  }

  private async checked<T>(
    backend: ForeignBackend,
    progress: Progress,
    task: (remote: Remote) => Promise<Answer<T>>,
  ): Promise<Answer<WithWarning<T>>> {
    const warning = backend === 'webgpu' && !this.isChecked ? await this.check(progress) : undefined;
    if (typeof warning === 'object') return warning;
    const answer = await this.call(task);
    return answer.ok ? { ok: true, value: { ...answer.value, warning } } : answer;
  }
  /** Attention on the GPU against WASM; where it is wrong, the same once more in a worker that hides subgroups. */
  private async check(
    progress: Progress,
  ): Promise<string | undefined | { ok: false; problem: Problem } | { ok: false; stopped: true }> {
    progress('comparing attention on this GPU with WASM', null);
    const answer = await this.call((r) => r.checkAttention());
    if (!answer.ok) return answer;
    this.isChecked = true;
    if (answer.value.isRight)
      return this.isCareful
        ? 'This adapter computes attention wrongly with its subgroups; they are switched off here, and it is right.'
        : undefined;
    if (this.isCareful || !this.source)
      return `Attention on this adapter differs from WASM by ${answer.value.worst.toPrecision(2)}, rewritten or not: take its tokens with care.`;
    this.isCareful = true;
    this.close();
    const again = await this.open(this.source, progress);
    return again.ok ? this.check(progress) : again;
  }

  private call<T>(task: (remote: Remote) => Promise<Answer<T>>): Promise<Answer<T>> {
    const remote = this.connect();
    return new Promise((resolve) => {
      this.inFlight.add(resolve);
      task(remote)
        .catch((error: Error): Answer<T> => ({ ok: false, problem: died(error.message) }))
        .then((answer) => {
          if (isFailure(answer) && /out of memory|bad_alloc|allocation/i.test(answer.problem.message))
            this.end({ ...answer.problem, isClosed: true });
          resolve(answer);
        })
        .finally(() => this.inFlight.delete(resolve));
    });
  }
  private connect(): Remote {
    if (this.remote) return this.remote;
    const worker = (this.worker = this.isCareful ? spawnWithoutSubgroups() : spawnPlain());
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(died(event.message || 'its code could not be loaded'));
    };
    return (this.remote = comlink.wrap<SmolApi>(worker));
  }
  private end(problem: Problem): void {
    this.worker?.terminate();
    this.worker = this.remote = null;
    for (const resolve of [...this.inFlight]) resolve({ ok: false, problem });
    this.inFlight.clear();
  }
}
