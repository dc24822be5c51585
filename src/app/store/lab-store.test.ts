import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { decodeLink, defaultExperiment, encodeLink } from '../link.ts';
import type { RunCheckpoint, RunEvent, RunRequest, WireError } from '../../runtime/wire/protocol.ts';
import { createLabStore, RECORDED, type Client, type LabStore } from './lab-store.ts';
import { can, move, type RunPhase, type RunSignal } from './run-machine.ts';

const meta: LabMeta = {
  slug: 'sample',
  version: 1,
  family: 'theory',
  title: 'Sample',
  claim: '',
  question: '',
  caption: '',
  method: [],
  equations: [],
  paper: { number: 1, title: '', authors: '', venue: '', year: 2020 },
  controls: {
    rate: { kind: 'number', label: 'Rate', help: '', min: 0, max: 1, step: 0.1, default: 0.5 },
    loss: {
      kind: 'choice',
      label: 'Loss',
      help: '',
      options: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
      default: 'a',
    },
  },
  arms: [
    { id: 'm', label: 'Method', role: 'method' },
    { id: 'b', label: 'Base', role: 'baseline' },
  ],
  metrics: { acc: { label: 'Accuracy', better: 'up', help: '' } },
  views: [],
  deviations: [],
  tryThis: [],
  data: [],
  seeds: 2,
  cost: { cpuSeconds: 1, steps: 1 },
};
const result = (slug = 'sample'): RunResult => ({
  version: 1,
  slug,
  labVersion: 1,
  backend: 'wasm',
  seeds: [1, 2],
  knobs: { rate: 0.5, loss: 'a' },
  verdict: 'reproduced',
  wallMs: 1,
  stepMs: 1,
  claims: [],
  arms: [{ id: 'm', label: 'Method', series: [{ acc: [[0, 0.1]] }, { acc: [[0, 0.2]] }], final: { acc: [0.1, 0.2] } }],
});
const checkpoint: RunCheckpoint = {
  slug: 'sample',
  knobs: { rate: 0.2, loss: 'b' },
  seeds: [4, 5],
  backend: 'wasm',
  done: 7,
  trials: [],
  positions: [],
  wallMs: 0,
  examples: [],
  points: [{ arm: 'm', seed: 4, metric: 'acc', step: 0, value: 0.3 }],
};
const point = (step: number, value: number, seed = 1, arm = 'm') => ({ arm, seed, metric: 'acc', step, value });
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A client whose runs the test steers by hand. */
function fakeClient() {
  const runs: {
    request: RunRequest;
    emit: (event: RunEvent) => void;
    end: (result: RunResult | null) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const calls: string[] = [];
  const last = () => runs[runs.length - 1];
  const client: Client = {
    run: (request, emit) =>
      new Promise((end, fail) => {
        calls.push('run');
        runs.push({ request, emit, end, fail });
      }),
    pause: async () => {
      calls.push('pause');
      last().emit({ type: 'paused', paused: true });
    },
    resume: async () => {
      calls.push('resume');
      last().emit({ type: 'paused', paused: false });
    },
    step: async () => {
      calls.push('step');
    },
    stop: async () => {
      calls.push('stop');
      last().end(null);
    },
    query: async (_slug, knobs, name, payload) => ({ knobs, name, payload }),
    graphs: async () => [],
    probe: async () => ({
      webgpu: { available: false, reason: 'no adapter' },
      jspi: true,
      threads: 1,
      crossOriginIsolated: false,
    }),
  };
  return { client, runs, calls, last };
}

let fake: ReturnType<typeof fakeClient>;
let store: LabStore;
const phase = () => store.getState().phase;
const train = () => fake.last().emit({ type: 'status', phase: 'train', text: 'Training' });
const progress = (done: number) => fake.last().emit({ type: 'progress', done, total: 10, stepMs: 1, leftMs: 10 });
async function begin() {
  void store.run();
  await tick();
  train();
}

beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeClient();
  store = createLabStore({
    meta,
    recorded: result(),
    experiment: defaultExperiment(meta),
    client: async () => fake.client,
  });
});

describe('run machine', () => {
  it('allows exactly the moves of the page', () => {
    const phases: RunPhase[] = ['idle', 'preparing', 'running', 'paused', 'finished', 'stopped', 'failed'];
    const signals: RunSignal[] = ['start', 'train', 'pause', 'resume', 'finish', 'stop', 'fail', 'reset'];
    const table = phases.map(
      (from) =>
        `${from}: ${signals
          .filter((s) => can(from, s))
          .map((s) => `${s}>${move(from, s)}`)
          .join(' ')}`,
    );
    expect(table).toEqual([
      'idle: start>preparing',
      'preparing: train>running pause>paused finish>finished stop>stopped fail>failed reset>idle',
      'running: pause>paused finish>finished stop>stopped fail>failed reset>idle',
      'paused: resume>running finish>finished stop>stopped fail>failed reset>idle',
      'finished: start>preparing reset>idle',
      'stopped: start>preparing reset>idle',
      'failed: start>preparing reset>idle',
    ]);
    expect(move('idle', 'finish')).toBe('idle');
  });
});

describe('a run', () => {
  it('goes from idle through preparing and running to finished, and keeps the result', async () => {
    void store.run();
    expect(phase()).toBe('preparing');
    await tick();
    expect(fake.last().request).toMatchObject({
      slug: 'sample',
      knobs: { rate: 0.5, loss: 'a' },
      seeds: [1, 2],
      backend: 'auto',
    });
    train();
    expect(phase()).toBe('running');
    const done = result();
    fake.last().end(done);
    await tick();
    expect(phase()).toBe('finished');
    expect(store.getState()).toMatchObject({
      result: done,
      arms: done.arms,
      claims: { verdict: 'reproduced' },
      checkpoint: null,
      failure: null,
    });
  });
  it('lets results through a few times a second, in order, and at once when it ends', async () => {
    await begin();
    let updates = 0;
    store.subscribe((now, before) => {
      if (now.arms !== before.arms) updates++;
    });
    for (let i = 0; i < 100; i++) {
      fake.last().emit({ type: 'points', points: [point(i, i)] });
      await tick(10);
    }
    expect(updates).toBeGreaterThanOrEqual(3);
    expect(updates).toBeLessThanOrEqual(4);
    fake.last().emit({ type: 'points', points: [point(100, 100), point(50, -1), point(0, 5, 2), point(0, 1, 99)] });
    fake.last().end(null);
    await tick();
    const [arm] = store.getState().arms;
    expect(arm.label).toBe('Method');
    expect(arm.series[0].acc.map(([step]) => step)).toEqual(Array.from({ length: 101 }, (_, i) => i));
    expect(arm.series[0].acc[50]).toEqual([50, -1]);
    expect(arm.series[1].acc).toEqual([[0, 5]]);
    expect(arm.final.acc).toEqual([100, 5]);
  });
  it('names arms that the run announces', async () => {
    await begin();
    fake.last().emit({ type: 'arms', arms: [{ id: 'extra', label: 'Extra arm', role: 'method', x: 3 }] });
    fake.last().emit({ type: 'points', points: [point(0, 1, 1, 'extra')] });
    await tick(300);
    expect(store.getState().arms[0]).toMatchObject({ id: 'extra', label: 'Extra arm', x: 3 });
  });
  it('pauses, steps and resumes', async () => {
    await begin();
    await store.pause();
    expect(phase()).toBe('paused');
    await store.step();
    expect(store.getState().stepping).toBe(true);
    fake.last().emit({ type: 'paused', paused: true });
    expect(store.getState()).toMatchObject({ stepping: false, phase: 'paused' });
    await store.resume();
    expect(phase()).toBe('running');
    expect(fake.calls).toEqual(['run', 'pause', 'step', 'resume']);
  });
  it('stops without losing the curves', async () => {
    await begin();
    fake.last().emit({ type: 'points', points: [point(0, 1)] });
    void store.stop();
    expect(store.getState().stopping).toBe(true);
    await tick();
    expect(phase()).toBe('stopped');
    expect(store.getState().arms).toHaveLength(1);
    expect(store.getState().stopping).toBe(false);
  });
  it('Step from idle starts a run and pauses after its first unit', async () => {
    void store.step();
    await tick();
    train();
    expect(phase()).toBe('running');
    progress(1);
    await tick();
    expect(phase()).toBe('paused');
    expect(fake.calls).toEqual(['run', 'pause']);
  });
  it('a second Run while one is under way does nothing', async () => {
    await begin();
    await store.run();
    expect(fake.runs).toHaveLength(1);
  });
  it('reset forgets the run, and its late events', async () => {
    await begin();
    const old = fake.last();
    await store.reset();
    old.emit({ type: 'points', points: [point(0, 1)] });
    old.emit({ type: 'status', phase: 'train', text: 'late' });
    await tick(1000);
    expect(store.getState()).toMatchObject({ phase: 'idle', arms: [], status: null, used: null });
    void store.run();
    await tick();
    expect(fake.runs).toHaveLength(2);
  });
});

describe('failure', () => {
  const wire: WireError = {
    name: 'DeviceLost',
    message: 'The graphics device was lost.',
    remedy: 'Go on from the last checkpoint.',
    kind: 'device-lost',
    resumable: true,
  };
  const lost = Object.assign(new Error(wire.message), { wire });

  it('keeps curves and checkpoint, and goes on from there with the settings of that run', async () => {
    await begin();
    fake.last().emit({ type: 'checkpoint', checkpoint });
    fake.last().emit({ type: 'points', points: [point(1, 0.9)] });
    fake.last().fail(lost);
    await tick();
    expect(store.getState()).toMatchObject({ phase: 'failed', failure: wire, checkpoint });
    expect(store.getState().arms).toHaveLength(1);
    store.setKnob('rate', 0.9);
    void store.goOn();
    await tick();
    expect(fake.last().request).toMatchObject({ knobs: { rate: 0.2, loss: 'b' }, seeds: [4, 5], checkpoint });
    expect(store.getState().arms[0].series[0].acc).toEqual([[0, 0.3]]);
    expect(store.getState().failure).toBeNull();
  });
  it('shows any thrown thing with something to do', async () => {
    await begin();
    fake.last().fail('boom');
    await tick();
    expect(store.getState().failure).toMatchObject({ message: 'boom', kind: 'internal' });
    expect(store.getState().failure!.remedy).not.toBe('');
  });
  it('a client that cannot be loaded fails the run, and the next Run tries again', async () => {
    let tries = 0;
    store = createLabStore({
      meta,
      recorded: null,
      experiment: defaultExperiment(meta),
      client: async () => {
        if (++tries === 1) throw new Error('offline');
        return fake.client;
      },
    });
    await store.run();
    expect(store.getState()).toMatchObject({ phase: 'failed', failure: { message: 'offline' } });
    void store.run();
    await tick();
    expect(fake.runs).toHaveLength(1);
  });
});

describe('settings', () => {
  it('fits knobs, counts settled changes, and resets to defaults', () => {
    store.setKnob('rate', 7, false);
    expect(store.getState()).toMatchObject({ knobs: { rate: 1 }, settled: 0 });
    store.setKnob('loss', 'zzz');
    store.setKnob('unknown', 1);
    expect(store.getState()).toMatchObject({ knobs: { rate: 1, loss: 'a' }, settled: 1 });
    store.setSeed(-4.2);
    store.setSeeds(99);
    expect(store.getState()).toMatchObject({ seed: 0, seeds: 10 });
    store.resetKnobs();
    expect(store.getState().knobs).toEqual({ rate: 0.5, loss: 'a' });
  });
  it('survives the way into a link and back', () => {
    store.setKnob('rate', 0.3);
    store.setBackend('wasm');
    const link = decodeLink(meta, encodeLink(meta, store.getState()));
    store.apply(link, ['told']);
    expect(store.getState()).toMatchObject({ knobs: { rate: 0.3, loss: 'a' }, backend: 'wasm', notices: ['told'] });
  });
  it('keeps finished runs once, under a telling name', async () => {
    store.pin();
    expect(store.getState().pins).toEqual([]);
    await begin();
    fake.last().end({ ...result(), knobs: { rate: 0.2, loss: 'a' } });
    await tick();
    store.pin();
    store.pin();
    expect(store.getState().pins.map((pin) => pin.name)).toEqual(['Rate 0.2 · seeds 1–2']);
    const [{ id }] = store.getState().pins;
    store.setGhost(id);
    store.unpin(id);
    expect(store.getState()).toMatchObject({ pins: [], ghost: RECORDED });
  });

  it('a run from a link only passes until it is kept, and a run is there once', () => {
    store.addRun({ ...result(), wallMs: 7 }, 'from a link', true);
    store.addRun({ ...result(), wallMs: 7 }, 'again', true);
    expect(store.getState().pins).toMatchObject([{ name: 'from a link', isPassing: true }]);
    store.keepRun(store.getState().pins[0].id);
    expect(store.getState().pins[0].isPassing).toBeUndefined();
  });
});

describe('the last result', () => {
  const open = (last: RunResult, knobs = {}) => {
    const experiment = defaultExperiment(meta);
    return createLabStore({
      meta,
      recorded: result(),
      experiment: { ...experiment, knobs: { ...experiment.knobs, ...knobs } },
      last,
      client: async () => fake.client,
    }).getState();
  };
  it('is on screen again where the settings are its own', () =>
    expect(open(result())).toMatchObject({ phase: 'finished', result: { seeds: [1, 2] }, pins: [] }));
  it('stands among the runs where they are not', () => {
    const state = open(result(), { rate: 0.3 });
    expect(state).toMatchObject({ phase: 'idle', result: null });
    expect(state.pins).toMatchObject([{ name: 'defaults · seeds 1–2, last run', isPassing: true }]);
  });
});
