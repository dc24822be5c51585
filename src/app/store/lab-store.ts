// The state of one lab page: settings, the run under way or last made, what it found. Framework-free; the run goes
// through the client that is handed in, and everything that streams is let through a few times a second.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ArmInfo, Knobs, KnobValue, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult, ClaimResult, RunResult, Verdict } from '../../labs/_kit/contract/result.ts';
import { defaultKnobs, fitKnob } from '../../labs/_kit/contract/knobs.ts';
import { MAX_SEED, MAX_SEEDS, seedList, type LabAddress } from '../link.ts';
import type {
  BackendChoice,
  DeviceReport,
  LabWorkerApi,
  RunCheckpoint,
  RunEvent,
  RunRequest,
  WireError,
} from '../../runtime/wire/protocol.ts';
import { createRunCurves, type RunCurves } from './run-curves.ts';
import { runId, runName, type PinnedRun } from './pins.ts';
import { can, isActive, move, type RunPhase, type RunSignal } from './run-machine.ts';

export type Client = Omit<LabWorkerApi, 'loseDevice'>;
type EventOf<T extends RunEvent['type']> = Omit<Extract<RunEvent, { type: T }>, 'type'>;

export interface LabState extends LabAddress {
  meta: LabMeta;
  recorded: RunResult | null;
  phase: RunPhase;
  /** Stop was asked for and the run has not ended yet. */
  stopping: boolean;
  /** One unit of work was asked for and is not done yet. */
  stepping: boolean;
  status: EventOf<'status'> | null;
  progress: EventOf<'progress'> | null;
  /** The backend in use, and why. */
  chosen: EventOf<'backend'> | null;
  /** Most workers that may share a run on WASM; null leaves it to the page. */
  workers: number | null;
  /** Into how many workers the run on screen is divided, and why. */
  divided: EventOf<'workers'> | null;
  /** A worker has not answered for a while. */
  silent: boolean;
  /** Settings of the run on screen. */
  used: { knobs: Knobs; seeds: number[]; backend: BackendChoice } | null;
  armInfos: readonly ArmInfo[];
  /** Curves of the visitor's run; empty before the first. */
  arms: ArmResult[];
  pictures: Record<string, unknown>;
  /** `provisional` while the run goes on. */
  claims: { claims: ClaimResult[]; verdict: Verdict; shortfall: string | null; provisional: boolean } | null;
  result: RunResult | null;
  graphs: EventOf<'graphs'>['graphs'];
  checkpoint: RunCheckpoint | null;
  failure: WireError | null;
  notices: string[];
  pins: PinnedRun[];
  /** The run drawn behind the visitor's: the recording, a pin's id, or none. */
  ghost: string | null;
  hovered: string | null;
  /** An arm that stays in front until it is chosen again. */
  locked: string | null;
  device: DeviceReport | null;
  /** Counts settled changes, so that the address can tell a drag from a choice. */
  settled: number;
}

export interface LabStore extends StoreApi<LabState> {
  setKnob(name: string, value: KnobValue, settled?: boolean): void;
  resetKnobs(names?: string[]): void;
  setSeed(seed: number): void;
  setSeeds(count: number): void;
  setBackend(backend: BackendChoice): void;
  setWorkers(workers: number | null): void;
  /** Takes over an experiment (from a link, a pin, a suggestion). */
  apply(experiment: Partial<LabAddress>, notices?: string[]): void;
  run(): Promise<void>;
  /** From the last checkpoint of a failed or stopped run. */
  goOn(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** One unit of work; starts a run where none is under way. */
  step(): Promise<void>;
  stop(): Promise<void>;
  /** Back to the recording; the settings stay. */
  reset(): Promise<void>;
  pin(): void;
  /** Shows a run from outside and draws it behind the visitor's; it is kept on this device unless it only passes. */
  addRun(run: RunResult, name: string, isPassing?: boolean): void;
  /** Keeps a run that only passed. */
  keepRun(id: string): void;
  unpin(id: string): void;
  setGhost(id: string | null): void;
  hover(arm: string | null): void;
  lock(arm: string | null): void;
  dismiss(notice: string): void;
  query(name: string, payload: unknown): Promise<unknown>;
  graphFiles(): Promise<{ name: string; bytes: Uint8Array }[]>;
  /** Asks once what this device can do. */
  probe(): Promise<void>;
  dispose(): Promise<void>;
}

export const RECORDED = 'recorded';

export interface LabStoreOptions {
  meta: LabMeta;
  recorded: RunResult | null;
  experiment: LabAddress;
  notices?: string[];
  pins?: PinnedRun[];
  /** The last result: on screen again where the settings are still its own, else among the runs. */
  last?: RunResult | null;
  /** Called when a worker is first needed. */
  client: () => Promise<Client>;
  /** Milliseconds between updates while results stream in. */
  flushMs?: number;
}

const CLEAR = {
  status: null,
  progress: null,
  chosen: null,
  divided: null,
  silent: false,
  used: null,
  arms: [],
  pictures: {},
  claims: null,
  result: null,
  checkpoint: null,
  failure: null,
  stopping: false,
  stepping: false,
} satisfies Partial<LabState>;

export function createLabStore(options: LabStoreOptions): LabStore {
  const { meta, flushMs = 250 } = options;
  const store = createStore<LabState>(() => ({
    ...CLEAR,
    ...options.experiment,
    meta,
    recorded: options.recorded,
    phase: 'idle',
    armInfos: meta.arms,
    workers: null,
    graphs: [],
    notices: options.notices ?? [],
    pins: options.pins ?? [],
    ghost: RECORDED,
    hovered: null,
    locked: null,
    device: null,
    settled: 0,
    ...takeUp(options),
  }));
  const { getState: get, setState: set } = store;

  let client: Promise<Client> | null = null;
  const worker = () =>
    (client ??= options.client().catch((error) => {
      client = null;
      throw error;
    }));
  /** Raised by every start and reset: events of an older run no longer count. */
  let generation = 0;
  let ended: Promise<void> = Promise.resolve();
  let curves: RunCurves = createRunCurves([]);
  let pending: Partial<LabState> = {};
  let dirty = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseAfterUnit = false;

  const signal = (name: RunSignal, more: Partial<LabState> = {}) => set({ ...more, phase: move(get().phase, name) });

  // ------------------------------------------------------------ streaming

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const update = dirty ? { ...pending, arms: curves.arms(get().armInfos) } : pending;
    pending = {};
    dirty = false;
    if (Object.keys(update).length) set(update);
  }
  const soon = (update: Partial<LabState>) => {
    pending = { ...pending, ...update };
    timer ??= setTimeout(flush, flushMs);
  };

  function onEvent(event: RunEvent): void {
    switch (event.type) {
      case 'status':
        return onStatus(event);
      case 'progress':
        onProgress(event.done);
        return soon({ progress: event });
      case 'points':
        curves.add(event.points);
        dirty = true;
        return soon({});
      case 'picture':
        return soon({ pictures: { ...(pending.pictures ?? get().pictures), [event.id]: event.payload } });
      case 'checkpoint':
        return set({ checkpoint: event.checkpoint });
      case 'claims':
        return set({
          claims: {
            claims: event.claims,
            verdict: event.verdict,
            shortfall: event.shortfall,
            provisional: event.provisional,
          },
        });
      case 'backend':
        return set({ chosen: event });
      case 'workers':
        return set({ divided: event });
      case 'silent':
        return set({ silent: event.silent });
      case 'arms':
        return set({ armInfos: event.arms });
      case 'graphs':
        return set({ graphs: event.graphs });
      case 'notice':
        return addNotices([event.text]);
      case 'paused':
        return signal(event.paused ? 'pause' : 'resume', { stepping: false });
    }
  }
  function onStatus(status: EventOf<'status'>): void {
    set({ status });
    if (status.phase === 'train' || status.phase === 'evaluate') signal('train');
  }
  /** Progress is reported while models are made ready too: a unit is done when the count has moved. */
  function onProgress(done: number): void {
    if (done <= (get().checkpoint?.done ?? 0)) return;
    if (get().phase === 'preparing') signal('train');
    if (pauseAfterUnit) {
      pauseAfterUnit = false;
      void pause();
    }
  }
  const addNotices = (texts: string[]) => set({ notices: [...new Set([...get().notices, ...texts])] });

  // ------------------------------------------------------------ running

  async function start(checkpoint: RunCheckpoint | null): Promise<void> {
    if (!can(get().phase, 'start')) return;
    const { knobs, backend, workers } = get();
    const own = ++generation;
    const request: RunRequest = {
      slug: meta.slug,
      backend,
      ...(checkpoint
        ? { knobs: checkpoint.knobs, seeds: checkpoint.seeds, checkpoint }
        : { knobs: { ...knobs }, seeds: seedList(get()) }),
      ...(workers === null ? {} : { workers }),
    };
    curves = createRunCurves(request.seeds, checkpoint?.points);
    signal('start', {
      ...CLEAR,
      used: { knobs: request.knobs, seeds: request.seeds, backend },
      armInfos: checkpoint ? get().armInfos : meta.arms,
      checkpoint,
      ...(checkpoint && { arms: curves.arms(get().armInfos), pictures: get().pictures }),
      status: { phase: 'engine', text: 'Starting' },
    });
    const before = ended;
    const run = perform(request, own, before);
    ended = run;
    await run;
  }

  async function perform(request: RunRequest, own: number, before: Promise<void>): Promise<void> {
    await before;
    if (own !== generation) return;
    try {
      const result = await (
        await worker()
      ).run(request, (event) => {
        if (own === generation) onEvent(event);
      });
      if (own === generation) finish(result);
    } catch (error) {
      if (own !== generation) return;
      flush();
      signal('fail', { failure: wireOf(error), stopping: false, stepping: false });
    } finally {
      if (own === generation) pauseAfterUnit = false;
    }
  }

  function finish(result: RunResult | null): void {
    flush();
    if (!result) return signal('stop', { stopping: false, stepping: false });
    signal('finish', {
      result,
      stopping: false,
      stepping: false,
      arms: result.arms,
      claims: {
        claims: result.claims,
        verdict: result.verdict,
        shortfall: result.shortfall ?? null,
        provisional: false,
      },
      pictures: { ...get().pictures, ...result.pictures },
      checkpoint: null,
    });
  }

  /** Sends a command to the worker; what goes wrong becomes a notice. */
  const tell = (command: (api: Client) => Promise<void>): Promise<void> =>
    worker()
      .then(command)
      .catch((error) => addNotices([wireOf(error).message]));

  async function pause(): Promise<void> {
    if (!can(get().phase, 'pause') || get().stopping) return;
    await tell(async (api) => {
      await api.pause();
      signal('pause');
    });
  }
  async function resume(): Promise<void> {
    if (!can(get().phase, 'resume')) return;
    await tell(async (api) => {
      await api.resume();
      signal('resume');
    });
  }
  async function step(): Promise<void> {
    if (get().phase === 'paused') {
      set({ stepping: true });
      return tell((api) => api.step());
    }
    if (!can(get().phase, 'start')) return;
    pauseAfterUnit = true;
    await start(null);
  }
  async function stop(): Promise<void> {
    if (!isActive(get().phase) || get().stopping) return;
    set({ stopping: true });
    pauseAfterUnit = false;
    await tell((api) => api.stop());
  }
  async function reset(): Promise<void> {
    const busy = isActive(get().phase);
    generation++;
    clearTimeout(timer);
    timer = undefined;
    pending = {};
    dirty = pauseAfterUnit = false;
    signal('reset', { ...CLEAR, armInfos: meta.arms });
    if (busy) await tell((api) => api.stop());
  }

  // ------------------------------------------------------------ settings

  const settle = (update: Partial<LabState>, settled = true) =>
    set({ ...update, settled: get().settled + (settled ? 1 : 0) });
  const whole = (value: number, low: number, high: number) =>
    Math.min(high, Math.max(low, Math.round(Number.isFinite(value) ? value : low)));

  function setKnob(name: string, value: KnobValue, settled = true): void {
    const control = meta.controls[name];
    if (control) settle({ knobs: { ...get().knobs, [name]: fitKnob(control, value) } }, settled);
  }
  function resetKnobs(names = Object.keys(meta.controls)): void {
    const defaults = defaultKnobs(meta);
    settle({ knobs: { ...get().knobs, ...Object.fromEntries(names.map((name) => [name, defaults[name]])) } });
  }
  function apply(experiment: Partial<LabAddress>, notices: string[] = []): void {
    settle(experiment);
    if (notices.length) addNotices(notices);
  }

  // ------------------------------------------------------------ kept runs

  function pin(): void {
    const { result } = get();
    if (result) keep({ id: runId(result), name: runName(meta, result), result });
  }
  function keep(pin: PinnedRun): void {
    const others = get().pins.filter(({ id, isPassing }) => !(id === pin.id && isPassing));
    if (!others.some(({ id }) => id === pin.id)) set({ pins: [...others, pin] });
  }
  function addRun(result: RunResult, name: string, isPassing = false): void {
    const pin: PinnedRun = { id: runId(result), name, result, ...(isPassing && { isPassing }) };
    if (!isPassing) keep(pin);
    else if (!get().pins.some(({ id }) => id === pin.id)) set({ pins: [...get().pins, pin] });
    set({ ghost: pin.id });
  }
  function keepRun(id: string): void {
    set({
      pins: get().pins.map(({ isPassing, ...pin }) =>
        pin.id === id ? pin : { ...pin, ...(isPassing && { isPassing }) },
      ),
    });
  }
  function unpin(id: string): void {
    const { pins, ghost } = get();
    set({ pins: pins.filter((kept) => kept.id !== id), ghost: ghost === id ? RECORDED : ghost });
  }

  return {
    ...store,
    setKnob,
    resetKnobs,
    apply,
    pause,
    resume,
    step,
    stop,
    reset,
    pin,
    addRun,
    keepRun,
    unpin,
    setSeed: (seed) => settle({ seed: whole(seed, 0, MAX_SEED) }),
    setSeeds: (seeds) => settle({ seeds: whole(seeds, 1, MAX_SEEDS) }),
    setBackend: (backend) => settle({ backend }),
    setWorkers: (workers) => set({ workers }),
    run: () => start(null),
    goOn: () => start(get().checkpoint),
    setGhost: (ghost) => set({ ghost }),
    hover: (hovered) => {
      if (get().hovered !== hovered) set({ hovered });
    },
    lock: (locked) => set({ locked: get().locked === locked ? null : locked }),
    dismiss: (notice) => set({ notices: get().notices.filter((text) => text !== notice) }),
    query: async (name, payload) => (await worker()).query(meta.slug, get().knobs, name, payload),
    graphFiles: async () => (await worker()).graphs(),
    probe: async () => {
      if (get().device) return;
      const device = await worker()
        .then((api) => api.probe())
        .catch(() => null);
      if (device) set({ device });
    },
    dispose: async () => {
      await reset();
    },
  };
}

/** How the page starts when a last result is there. */
function takeUp({ meta, last, experiment, pins = [] }: LabStoreOptions): Partial<LabState> {
  if (!last) return {};
  const isSame =
    last.labVersion === meta.version &&
    JSON.stringify(last.seeds) === JSON.stringify(seedList(experiment)) &&
    Object.keys(meta.controls).every((name) => last.knobs[name] === experiment.knobs[name]);
  const id = runId(last);
  if (!isSame)
    return pins.some((pin) => pin.id === id)
      ? {}
      : { pins: [...pins, { id, name: `${runName(meta, last)}, last run`, result: last, isPassing: true }] };
  return {
    phase: 'finished',
    used: { knobs: last.knobs, seeds: last.seeds, backend: experiment.backend },
    result: pins.find((pin) => pin.id === id)?.result ?? last,
    arms: last.arms,
    claims: { claims: last.claims, verdict: last.verdict, shortfall: last.shortfall ?? null, provisional: false },
    pictures: last.pictures ?? {},
  };
}

/** A failure as the page shows it, whatever was thrown. */
function wireOf(error: unknown): WireError {
  const wire = (error as { wire?: WireError } | null)?.wire;
  if (wire) return wire;
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    name,
    message,
    stack,
    kind: 'internal',
    resumable: true,
    remedy: 'Run it again; if it fails again, reload the page.',
  };
}
