// The worker's side: opens a lab, chooses its backend, drives its run, answers its queries. Also drives runs in Node.
import type { DataStore } from '../../data/types.ts';
import type { Experiment, CustomRun, LabContext, LabModule } from '../../labs/_kit/contract/lab.ts';
import type { Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { Backend } from '../../engine/engine.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { RunGate } from '../../labs/_kit/run/run-gate.ts';
import { defaultKnobs, fitKnob } from '../../labs/_kit/contract/knobs.ts';
import type { RunnerEvent } from '../../labs/_kit/run/job.ts';
import { RunPictures } from '../../labs/_kit/run/run-pictures.ts';
import { runLab } from '../../labs/_kit/run/runner.ts';
import { prng } from '../../util/prng.ts';
import { chooseBackend, type Choice, type TimedTrial } from '../device/choose.ts';
import { loseDevice } from '../device/device.ts';
import { openEngine, type RuntimeEngine } from '../engine/engine.ts';
import { during, EngineError, kindOf, RunError, toWire } from './errors.ts';
import { probe } from '../device/probe.ts';
import type { DeviceReport, LabWorkerApi, Phase, RunCheckpoint, RunEvent, RunRequest } from './protocol.ts';

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

  async run(request: RunRequest, onEvent: Emit): Promise<RunResult | null> {
    if (this.control)
      throw new RunError(
        toWire(
          new EngineError('bad-input', 'run: expected the run before to have ended; got one in progress', {
            remedy: 'Stop the present run first.',
          }),
        ),
      );
    const control = (this.control = new RunGate());
    try {
      return await this.drive(request, control, onEvent);
    } catch (error) {
      await this.closeSession();
      if (control.stopped) return null;
      throw new RunError(toWire(error));
    } finally {
      this.control = null;
    }
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

  private async drive(request: RunRequest, control: RunGate, emit: Emit): Promise<RunResult | null> {
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

    status(`starting the engine (${choice.backend})`);
    const engine = await this.openSession(request.slug, choice.backend, seeds);
    engine.onGraph = () =>
      emit({ type: 'graphs', graphs: engine.graphs().map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.length })) });
    const pictures = new RunPictures((id, payload) => emit({ type: 'picture', id, payload }));
    const ctx = this.context({
      knobs,
      seeds,
      engine,
      signal: control.signal,
      status: (text) => status(text),
      notice: (text) => emit({ type: 'notice', text }),
      picture: (id, payload) => pictures.picture(id, payload),
      part: (id, key, value) => pictures.part(id, key, value),
    });
    status('loading data', 'data');
    const work = await openWork(lab, ctx);
    if ('compose' in work) pictures.joinWith(work.compose);
    if (control.stopped) return null;

    const header = { slug: meta.slug, labVersion: meta.version, backend: choice.backend, seeds, knobs };
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
    const env = { now: this.now, breathe: this.parts.breathe, emit: forward, checkpointMs: this.parts.checkpointMs };
    const result = await runLab({
      header,
      work,
      control,
      env,
      from: request.checkpoint,
      pictures: () => pictures.payloads,
    });
    if (result) status('done', 'done');
    return result;
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
      report: await this.probe(),
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
    this.choices.set(key, choice);
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
    this.session = { slug, backend, seeds, engine: openEngine(backend) };
    return this.session.engine;
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

async function openWork(lab: LabModule, ctx: LabContext): Promise<Experiment | CustomRun> {
  if (lab.experiment) return lab.experiment(ctx);
  if (lab.custom) return lab.custom(ctx);
  throw new EngineError('internal', 'lab: expected an experiment or a loop of its own; got neither');
}

/** Every control's value, brought into its range. */
function knobsOf(meta: LabMeta, knobs: Knobs): Knobs {
  const defaults = defaultKnobs(meta);
  return Object.fromEntries(
    Object.entries(meta.controls).map(([name, control]) => [name, fitKnob(control, knobs[name] ?? defaults[name])]),
  );
}

function checkCheckpoint(saved: RunCheckpoint, run: { slug: string; knobs: Knobs; seeds: number[] }): void {
  const [has, wants] = [saved, run].map(({ slug, knobs, seeds }) =>
    JSON.stringify([slug, Object.entries(knobs).sort(), seeds]),
  );
  if (has !== wants)
    throw new EngineError('bad-input', `checkpoint: expected one of ${wants}; got one of ${has}`, {
      remedy: 'Start the run from the beginning.',
    });
}

function seedsOf(seeds: number[]): number[] {
  const isFine =
    Array.isArray(seeds) &&
    seeds.length > 0 &&
    seeds.every((s) => Number.isInteger(s)) &&
    new Set(seeds).size === seeds.length;
  if (!isFine) throw new EngineError('bad-input', `seeds: expected different whole numbers; got [${seeds}]`);
  return seeds;
}
