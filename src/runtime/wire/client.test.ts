import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LabModule, Trial } from '../../labs/_kit/contract/lab.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { createLabClient, type ClientOptions, type LabClient } from './client.ts';
import type { WorkerLike } from './connection.ts';
import { EngineError, RunError, type ErrorKind } from './errors.ts';
import { fixtureLab } from '../testing/fixture-lab.ts';
import type { RunEvent, RunRequest } from './protocol.ts';
import { serve } from './serve.ts';

const request: RunRequest = { slug: 'fixture', knobs: { steps: 60 }, seeds: [1], backend: 'wasm' };

/** Workers that live in this thread, and the fixture lab with what should befall it. */
class Bench {
  workers = 0;
  terminated = 0;
  /** Called before each chunk with the steps done in the whole run. */
  onAdvance: (worker: WorkerLike) => void = () => undefined;
  visibility: DocumentVisibilityState = 'visible';
  private onChange: () => void = () => undefined;
  readonly client: LabClient;
  constructor(options: ClientOptions = {}) {
    const seen = () => this.visibility;
    const document = {
      get visibilityState() {
        return seen();
      },
      addEventListener: (_: string, listener: () => void) => {
        this.onChange = listener;
      },
      removeEventListener: () => {
        this.onChange = () => undefined;
      },
    } as unknown as Document;
    this.client = createLabClient({
      base: 'http://localhost/',
      checkpointMs: 0,
      spawn: () => this.spawn(),
      document,
      ...options,
    });
    open.push(this.client);
  }
  show(visibility: DocumentVisibilityState) {
    this.visibility = visibility;
    this.onChange();
  }
  private spawn(): WorkerLike {
    this.workers++;
    const { port1, port2 } = new MessageChannel();
    const worker = Object.assign(port1, {
      onerror: null,
      terminate: () => {
        this.terminated++;
        end();
        port1.close();
        port2.close();
      },
    }) as unknown as WorkerLike;
    const end = serve(
      {
        slugs: () => ['fixture'],
        load: async (slug) => (slug === 'fixture' ? { ...fixtureLab, lab: this.lab(worker) } : null),
      },
      port2,
    );
    return worker;
  }
  private lab(worker: WorkerLike): LabModule {
    const watched = (trial: Trial): Trial => ({
      ...trial,
      advance: async (count) => {
        this.onAdvance(worker);
        await trial.advance(count);
        await pause(1);
      },
    });
    return {
      ...fixtureLab.lab,
      experiment: async (ctx) => {
        const made = await fixtureLab.lab.experiment!(ctx);
        return { ...made, trials: made.trials.map((openTrial) => async () => watched(await openTrial())) };
      },
    };
  }
  async record(asked: Partial<RunRequest> = {}) {
    const events: RunEvent[] = [];
    const result = await this.client.run({ ...request, ...asked }, (e) => events.push(e));
    return { result, events, notices: events.flatMap((e) => (e.type === 'notice' ? [e.text] : [])) };
  }
}
const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
const open: LabClient[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.dispose();
});
let known: Promise<RunResult> | undefined;
const straight = () => (known ??= new Bench().record().then(({ result }) => result!));
/** Throws on the given calls. */
const failing = (kind: ErrorKind, calls: number[]) => {
  let n = 0;
  return () => {
    if (calls.includes(++n)) throw new EngineError(kind, `broken at call ${n}`);
  };
};

describe('the lab client', () => {
  it('runs a lab in its worker and passes every event on before the result', async () => {
    const bench = new Bench();
    const { result, events } = await bench.record();
    expect(result!.verdict).toBe('reproduced');
    const points = events.flatMap((e) => (e.type === 'points' ? e.points : []));
    expect(points).toHaveLength(14);
    expect(events.at(-1)).toMatchObject({ type: 'status', phase: 'done' });
    expect(await bench.client.query('fixture', {}, 'double', 21)).toBe(42);
    expect((await bench.client.graphs())[0].bytes.length).toBeGreaterThan(100);
    expect(bench.workers).toBe(1);
  });

  it.each<[ErrorKind, number]>([
    ['device-lost', 1],
    ['out-of-memory', 2],
    ['crash', 2],
  ])('goes on from the checkpoint after %s, with the same points and none twice', async (kind, workers) => {
    const bench = new Bench();
    bench.onAdvance = failing(kind, [6]);
    const { result, events, notices } = await bench.record();
    expect(result!.arms).toEqual((await straight()).arms);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^Broken at call 6\. Going on from step \d+\.$/);
    expect(bench.workers).toBe(workers);
    const keys = events.flatMap((e) => (e.type === 'points' ? e.points.map((p) => `${p.arm} ${p.step}`) : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(14);
  });

  it('starts again when nothing was saved yet', async () => {
    const bench = new Bench({ checkpointMs: 1e9 });
    bench.onAdvance = failing('device-lost', [3]);
    const { result, notices } = await bench.record();
    expect(notices[0]).toMatch(/Starting the run again\.$/);
    expect(result!.arms).toEqual((await straight()).arms);
  });

  it('gives up after a second failure without progress, keeping the checkpoint for later', async () => {
    const bench = new Bench();
    bench.onAdvance = failing('device-lost', [6, 7]);
    const events: RunEvent[] = [];
    const error = await bench.client
      .run(request, (e) => events.push(e))
      .then(
        () => null,
        (e: RunError) => e,
      );
    expect(error).toBeInstanceOf(RunError);
    expect(error!.wire).toMatchObject({
      kind: 'device-lost',
      resumable: true,
      message: 'broken at call 7',
      remedy: expect.stringContaining('WASM'),
    });
    const checkpoint = events.findLast((e) => e.type === 'checkpoint')!.checkpoint;
    const { result } = await bench.record({ checkpoint });
    expect(result!.arms).toEqual((await straight()).arms);
  });

  it('does not try again after a fault of the lab', async () => {
    const bench = new Bench();
    bench.onAdvance = failing('internal', [4]);
    await expect(bench.record()).rejects.toMatchObject({
      wire: {
        kind: 'internal',
        message: 'broken at call 4',
        resumable: false,
        stack: expect.stringContaining('client.test'),
      },
    });
    expect((await bench.record()).result!.verdict).toBe('reproduced');
    expect(bench.workers).toBe(1);
  });

  it('replaces a worker that reports an error, and goes on', async () => {
    const bench = new Bench();
    let calls = 0;
    bench.onAdvance = (worker) => {
      if (++calls === 6) worker.onerror?.({ message: 'unreachable executed' } as ErrorEvent);
    };
    const { result, notices } = await bench.record();
    expect(notices).toEqual([
      expect.stringMatching(/The lab's worker crashed \(unreachable executed\)\. Going on from step \d+\./),
    ]);
    expect(result!.arms).toEqual((await straight()).arms);
    expect([bench.workers, bench.terminated]).toEqual([2, 1]);
  });

  it('replaces a worker that stops answering', async () => {
    const silent = () =>
      Object.assign(new MessageChannel().port1, { onerror: null, terminate: () => undefined }) as unknown as WorkerLike;
    const client = createLabClient({ base: 'http://localhost/', spawn: silent, pingMs: 5, deadAfter: 3 });
    open.push(client);
    await expect(client.probe()).rejects.toMatchObject({
      wire: { kind: 'crash', message: expect.stringContaining('stopped answering') },
    });
  });

  it('stays paused over a recovery', async () => {
    const bench = new Bench();
    const seen: boolean[] = [];
    let calls = 0;
    bench.onAdvance = () => {
      if (++calls === 5) {
        void bench.client.pause();
        throw new EngineError('device-lost', 'gone');
      }
    };
    const result = await bench.client.run(request, (e) => {
      if (e.type !== 'paused') return;
      seen.push(e.paused);
      if (e.paused) setTimeout(() => void bench.client.resume(), 5);
    });
    expect(seen).toEqual([true, false]);
    expect(result!.arms).toEqual((await straight()).arms);
  });

  it.each([
    [true, [true, false]],
    [false, []],
  ])('pauses in a hidden tab (allowed: %s) and goes on to the same end', async (pauseWhenHidden, expected) => {
    const bench = new Bench({ pauseWhenHidden });
    const seen: boolean[] = [];
    const result = await bench.client.run(request, (e) => {
      if (e.type === 'progress' && e.done === 20) bench.show('hidden');
      if (e.type === 'paused') {
        seen.push(e.paused);
        if (e.paused) setTimeout(() => bench.show('visible'), 5);
      }
    });
    expect(seen).toEqual(expected);
    expect(result!.arms).toEqual((await straight()).arms);
  });

  it('leaves a run alone that the visitor paused before hiding the tab', async () => {
    const bench = new Bench();
    const seen: boolean[] = [];
    let isAsked = false;
    const run = bench.client.run(request, (e) => {
      if (e.type === 'progress' && !isAsked) {
        isAsked = true;
        void bench.client.pause();
      }
      if (e.type === 'paused') seen.push(e.paused);
    });
    await vi.waitFor(() => expect(seen).toEqual([true]));
    bench.show('hidden');
    bench.show('visible');
    await pause(30);
    expect(seen).toEqual([true]);
    await bench.client.stop();
    expect(await run).toBeNull();
  });

  it('stops at once, and ends a worker that will not', async () => {
    const bench = new Bench({ stopMs: 200 });
    const stopped = bench.client.run({ ...request, knobs: { steps: 2000 } }, (e) => {
      if (e.type === 'points') void bench.client.stop();
    });
    expect(await stopped).toBeNull();
    expect(bench.terminated).toBe(0);
    bench.onAdvance = () => {
      void bench.client.stop();
    };
    const stuck = new Promise<void>(() => undefined);
    const lab = fixtureLab.lab.experiment!;
    const hanging = vi.spyOn(fixtureLab.lab, 'experiment').mockImplementation(async (ctx) => ({
      ...(await lab(ctx)),
      trials: [
        () => {
          void bench.client.stop();
          return stuck as never;
        },
      ],
    }));
    expect(await bench.client.run(request, () => undefined)).toBeNull();
    hanging.mockRestore();
    expect(bench.terminated).toBe(1);
    bench.onAdvance = () => undefined;
    expect((await bench.record()).result!.verdict).toBe('reproduced');
  });

  it('replaces a worker between runs when its heap has outgrown the budget', async () => {
    const bench = new Bench({ heldBudgetBytes: 1 });
    await bench.record();
    await bench.record();
    expect([bench.workers, bench.terminated]).toEqual([2, 1]);
    const roomy = new Bench();
    await roomy.record();
    await roomy.record();
    expect(roomy.workers).toBe(1);
  });

  it('ends a run in progress when it is disposed, and starts no worker afterwards', async () => {
    const bench = new Bench();
    const run = bench.client.run({ ...request, knobs: { steps: 2000 } }, (e) => {
      if (e.type === 'points') bench.client.dispose();
    });
    expect(await run).toBeNull();
    await expect(bench.client.probe()).rejects.toThrow(/got a disposed one/);
    expect(bench.workers).toBe(1);
  });
});
