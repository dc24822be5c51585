// The worker's side: opens a lab, chooses its backend, drives its run, answers its queries. Also drives runs in Node.
import type { DataStore } from '../../data/types.ts';
import type { LabContext, LabModule } from '../../labs/_kit/contract/lab.ts';
import type { Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { Backend } from '../../engine/engine.ts';
import type { Picture, RunResult } from '../../labs/_kit/contract/result.ts';
import type { RunPoint } from '../../labs/_kit/run/collect.ts';
import { RunGate } from '../../labs/_kit/run/run-gate.ts';
import type { RunJob, RunnerEvent } from '../../labs/_kit/run/job.ts';
import { RunPictures, SharePictures } from '../../labs/_kit/run/run-pictures.ts';
import { runLab, runShare } from '../../labs/_kit/run/runner.ts';
import { checkComplete, Fellows, unitsOf, type PicturePart, type ShareOutcome } from '../../labs/_kit/run/share.ts';
import { prng } from '../../util/prng.ts';
import { chooseBackend, type Choice, type TimedTrial } from '../device/choose.ts';
import { loseDevice } from '../device/device.ts';
import { openEngine, startEngine, type RuntimeEngine } from '../engine/engine.ts';
import { during, EngineError, kindOf, RunError, toWire } from './errors.ts';
import { probe } from '../device/probe.ts';
import type { DeviceReport, LabWorkerApi, Phase, RunEvent, RunRequest, ShareEvent, ShareRequest } from './protocol.ts';
import { checkCheckpoint, knobsOf, runInProgress, seedsOf } from './check-request.ts';
import { countOf, openWork } from './open-work.ts';
import { workersFor, type Memory } from './workers-for.ts';

export interface LoadedLab {
  meta: LabMeta;
  lab: LabModule;
}
export interface HostParts {
  /** Null for a slug that no lab has. */
  load(slug: string): Promise<LoadedLab | null>;
  slugs(): string[];
  data: DataStore;
  breathe(): Promise<void>;
  now?(): number;
  /** Node runs on a backend of its own choosing. */
  backend?: Backend;
  probe?(): Promise<DeviceReport>;
  /** Time between checkpoints. */
  checkpointMs?: number;
  /** What workers may take together; a browser's own idea unless given. */
  memory?: Memory;
}

type Emit = (event: RunEvent) => void;
interface Session {
  slug: string;
  backend: Backend;
  seeds: number[];
  engine: Promise<RuntimeEngine>;
}

export class LabHost implements LabWorkerApi {
  private readonly parts: HostParts;
  private readonly now: () => number;
  private control: RunGate | null = null;
  /** Engine of the present or last run, which queries share. */
  private session: Session | null = null;
  /** Engine of queries to another lab while one runs. */
  private aside: Session | null = null;
  private readonly choices = new Map<string, Choice>();
  /** Of the present or last run. */
  private fellows = new Fellows();
  private pictures = new RunPictures(() => undefined);

  constructor(parts: HostParts) {
    this.parts = parts;
    this.now = parts.now ?? (() => performance.now());
  }

  probe() {
    return (this.parts.probe ?? probe)();
  }
  async pause() {
    this.control?.pause();
  }
  async resume() {
    this.control?.resume();
  }
  async step() {
    this.control?.step();
  }
  async stop() {
    this.control?.stop();
  }
  async loseDevice() {
    await loseDevice();
  }
  async graphs() {
    return (await this.session?.engine)?.graphs().map(({ name, bytes }) => ({ name, bytes })) ?? [];
  }

  /** The run, or the share of it that leads. */
  async run(request: ShareRequest, onEvent: Emit): Promise<RunResult | null> {
    return this.exclusive(onEvent, (control) => this.lead(request, control, onEvent));
  }

  /** A share that does not lead. */
  async runShare(request: ShareRequest, onEvent: (event: ShareEvent) => void): Promise<ShareOutcome | null> {
    return this.exclusive(onEvent, async (control) => {
      const pictures = new SharePictures();
      const open = await this.open(request, control, onEvent, {
        picture: (id, payload) => {
          pictures.picture(id, payload);
          onEvent({ type: 'picture', id, payload });
        },
        part: (part) => {
          pictures.part(part);
          onEvent({ type: 'part', part });
        },
      });
      if (!open) return null;
      const outcome = await runShare(open.job);
      return outcome && { ...outcome, parts: pictures.parts(), pictures: pictures.payloads };
    });
  }

  /** The run that these shares are together: nothing is trained any more. @throws RunError unless they hold all of it */
  async merge(request: RunRequest, outcomes: readonly ShareOutcome[], onEvent: Emit): Promise<RunResult | null> {
    return this.exclusive(onEvent, async (control) => {
      checkComplete(outcomes);
      this.fellows.expect(outcomes.map((_, i) => i));
      const merged = this.lead(request, control, onEvent, []);
      const delivered = outcomes.map((outcome, i) => this.deliver(i, outcome));
      return (await Promise.all([merged, ...delivered]))[0];
    });
  }

  async hear(index: number, points: readonly RunPoint[], parts: readonly PicturePart[]): Promise<void> {
    this.fellows.hear(index, points);
    for (const part of parts) this.pictures.part(part);
  }
  async deliver(index: number, outcome: ShareOutcome): Promise<void> {
    for (const [id, payload] of Object.entries(outcome.pictures)) this.pictures.keep(id, payload);
    for (const part of outcome.parts) this.pictures.part(part);
    this.fellows.deliver(index, outcome);
  }

  async query(slug: string, knobs: Knobs, name: string, payload: unknown): Promise<unknown> {
    try {
      const { meta, lab } = await this.load(slug);
      const queries = lab.queries ?? {};
      if (!Object.hasOwn(queries, name))
        throw new EngineError(
          'internal',
          `query: expected one of ${Object.keys(queries).join(', ') || 'none'}; got "${name}"`,
        );
      const ask = async (session: Session) =>
        queries[name](
          this.context({
            knobs: knobsOf(meta, knobs),
            seeds: session.seeds,
            engine: await session.engine,
            signal: new AbortController().signal,
          }),
          payload,
        );
      const session = this.querySession(slug);
      return await ask(session).catch((error) => {
        // a device that was lost since the last run is replaced here; during a run that is the run's business
        if (kindOf(error) !== 'device-lost' || this.control) throw error;
        return ask(this.reopen(session));
      });
    } catch (error) {
      throw new RunError(toWire(error));
    }
  }

  /** Frees everything. */
  async dispose(): Promise<void> {
    this.control?.stop();
    await this.closeSession();
  }

  /** One run at a time. */
  private async exclusive<T>(emit: Emit, task: (control: RunGate) => Promise<T | null>): Promise<T | null> {
    if (this.control) throw runInProgress();
    const control = (this.control = new RunGate());
    this.fellows = new Fellows();
    this.pictures = new RunPictures((id, payload) => emit({ type: 'picture', id, payload }));
    try {
      return await task(control);
    } catch (error) {
      await this.closeSession();
      if (control.stopped) return null;
      throw new RunError(toWire(error));
    } finally {
      this.control = null;
    }
  }

  private async lead(
    request: ShareRequest,
    control: RunGate,
    emit: Emit,
    units?: readonly number[],
  ): Promise<RunResult | null> {
    const { fellows, pictures } = this;
    const drawing = {
      picture: (id: string, payload: Picture) => pictures.picture(id, payload),
      part: (part: PicturePart) => pictures.part(part),
    };
    const open = await this.open(request, control, emit, drawing);
    if (!open) return null;
    const { job, engine } = open;
    const { work } = job;
    pictures.joinWith('compose' in work ? work.compose : undefined);
    const expect = (of: number) => fellows.expect(Array.from({ length: of - 1 }, (_, i) => i + 1));
    const divide = async (count: number) => {
      const { of, reason } = await workersFor(count, request.workers ?? 1, engine.residency, this.parts.memory);
      expect(of);
      emit({ type: 'workers', of, reason });
      return unitsOf({ index: 0, of }, count);
    };
    if (request.share) expect(request.share.of);
    const result = await runLab({
      ...job,
      fellows,
      pictures: () => pictures.payloads,
      ...(units ? { units } : request.share ? {} : { divide }),
    });
    if (result) emit({ type: 'status', phase: 'done', text: 'done' });
    return result;
  }

  /** Opens the lab and its work on the backend of choice; null when stopped meanwhile. */
  private async open(
    request: ShareRequest,
    control: RunGate,
    emit: Emit,
    { picture, part }: { picture: LabContext['picture']; part: (part: PicturePart) => void },
  ): Promise<{ job: RunJob; engine: RuntimeEngine } | null> {
    let phase: Phase = 'engine';
    const status = (text: string, next = phase) => {
      phase = next;
      emit({ type: 'status', phase, text });
    };
    status('opening the lab');
    const { meta, lab } = await this.load(request.slug);
    const knobs = knobsOf(meta, request.knobs);
    const seeds = seedsOf(request.seeds);
    if (request.checkpoint) checkCheckpoint(request.checkpoint, { slug: meta.slug, knobs, seeds });
    const choice = await this.choose(request, { meta, lab }, knobs, control, status);
    emit({ type: 'backend', ...choice });
    if (control.stopped) return null;

    const engine = await this.openSession(request.slug, choice.backend, seeds);
    engine.onGraph = () =>
      emit({ type: 'graphs', graphs: engine.graphs().map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.length })) });
    const ctx = this.context({
      knobs,
      seeds,
      engine,
      signal: control.signal,
      status: (text) => status(text),
      notice: (text) => emit({ type: 'notice', text }),
      picture,
      part: (id, key, value) => part({ id, key, value }),
    });
    status(`starting the engine (${choice.backend}) and loading data`, 'data');
    const work = await openWork(lab, ctx, request.share);
    if (control.stopped) return null;

    const forward = (event: RunnerEvent) => {
      if (event.type === 'checkpoint')
        emit({
          type: 'checkpoint',
          checkpoint: { slug: meta.slug, knobs, seeds, backend: choice.backend, ...event.state },
        });
      else {
        if (event.type === 'status') phase = event.phase;
        emit(event);
      }
    };
    const job: RunJob = {
      header: { slug: meta.slug, labVersion: meta.version, backend: choice.backend, seeds, knobs },
      work,
      control,
      env: { now: this.now, breathe: this.parts.breathe, emit: forward, checkpointMs: this.parts.checkpointMs },
      from: request.checkpoint,
      units: request.share && unitsOf(request.share, countOf(work)),
    };
    return { job, engine };
  }

  /** A resumed run keeps its backend; a choice once measured is kept for the same knobs. */
  private async choose(
    request: RunRequest,
    loaded: LoadedLab,
    knobs: Knobs,
    control: RunGate,
    status: (text: string) => void,
  ): Promise<Choice> {
    if (this.parts.backend) return { backend: this.parts.backend, reason: 'chosen by the command', trialMs: {} };
    if (request.checkpoint && request.backend === 'auto')
      return { backend: request.checkpoint.backend, reason: 'the run goes on where it was', trialMs: {} };
    const key = JSON.stringify([request.slug, request.backend, knobs]);
    const known = this.choices.get(key);
    if (known) return known;
    const choice = await chooseBackend(request.backend, {
      report: () => this.probe(),
      now: this.now,
      // WebGPU first: its build may serve WASM too
      prepare: async () => {
        status('starting both engines');
        await openEngine('webgpu');
        await openEngine('wasm');
      },
      open: (backend) => {
        status(`trying ${backend === 'wasm' ? 'WASM' : 'WebGPU'}`);
        return this.openTimed(loaded.lab, { knobs, seeds: request.seeds, signal: control.signal }, backend);
      },
    });
    // a GPU that was refused may be given the next time
    if (choice.trialMs.webgpu) this.choices.set(key, choice);
    return choice;
  }

  private async openTimed(
    lab: LabModule,
    rest: Pick<LabContext, 'knobs' | 'seeds' | 'signal'>,
    backend: Backend,
  ): Promise<TimedTrial | null> {
    if (!lab.experiment) return null;
    const engine = await openEngine(backend);
    try {
      const {
        trials: [open],
      } = await lab.experiment(this.context({ ...rest, engine }));
      const trial = await open();
      return {
        advance: async (count) => {
          await trial.advance(count);
          await engine.settle();
        },
        dispose: async () => {
          await trial.dispose();
          await engine.dispose();
        },
      };
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  }

  private context(given: Pick<LabContext, 'knobs' | 'seeds' | 'engine' | 'signal'> & Partial<LabContext>): LabContext {
    const ignore = () => undefined;
    return { data: this.parts.data, prng, status: ignore, notice: ignore, picture: ignore, part: ignore, ...given };
  }

  private async load(slug: string): Promise<LoadedLab> {
    const loaded = await this.parts.load(slug).catch((error) => {
      throw during(`opening the lab "${slug}"`, error);
    });
    if (!loaded)
      throw new EngineError('bad-input', `unknown lab "${slug}"; known: ${this.parts.slugs().join(', ') || 'none'}`, {
        remedy: 'Pick a lab from the gallery.',
      });
    return loaded;
  }

  private async openSession(slug: string, backend: Backend, seeds: number[]): Promise<RuntimeEngine> {
    await this.closeSession();
    const engine = startEngine(backend);
    this.session = { slug, backend, seeds, engine: engine.ready.then(() => engine) };
    this.session.engine.catch(() => undefined);
    return engine;
  }
  private async closeSession(): Promise<void> {
    const open = [this.session, this.aside];
    this.session = this.aside = null;
    for (const session of open)
      await session?.engine.then(
        (engine) => engine.dispose(),
        () => undefined,
      );
  }

  /** The session of the run where it fits, else one of its own, opened at once so that queries in quick succession share it. */
  private querySession(slug: string): Session {
    for (const session of [this.session, this.aside]) if (session?.slug === slug) return session;
    void this.aside?.engine.then(
      (engine) => engine.dispose(),
      () => undefined,
    );
    const backend = this.parts.backend ?? 'wasm';
    return (this.aside = { slug, backend, seeds: [1], engine: openEngine(backend) });
  }
  /** The same session on a new engine, unless another call has seen to that. */
  private reopen(old: Session): Session {
    if (old !== this.session && old !== this.aside) return this.querySession(old.slug);
    const fresh = { ...old, engine: old.engine.then((engine) => engine.dispose()).then(() => openEngine(old.backend)) };
    if (old === this.session) this.session = fresh;
    else this.aside = fresh;
    return fresh;
  }
}
