// Runs that several workers share. The workers live in this thread; what counts is that nothing depends on how many there are.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LabModule, Trial } from '../../labs/_kit/contract/lab.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { createLabClient, type ClientOptions, type LabClient } from './client.ts';
import { defaultWorkers } from './default-workers.ts';
import { Connection, type WorkerLike } from './connection.ts';
import { EngineError } from './errors.ts';
import type { RunEvent, RunRequest } from './protocol.ts';
import { serve } from './serve.ts';
import { fixtureLab, loopingLab } from '../testing/fixture-lab.ts';

const request: RunRequest = { slug: 'fixture', knobs: { steps: 60 }, seeds: [1, 2], backend: 'wasm', workers: 3 };
const opened: LabClient[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.dispose();
});

class Pool {
  spawned = 0;
  terminated = 0;
  /** Called before each chunk of worker number `spawned`, counting from 1. */
  onAdvance: (worker: number, die: () => void) => void = () => undefined;
  readonly client: LabClient;
  private readonly loaded: typeof fixtureLab;
  constructor(options: ClientOptions = {}, loaded = fixtureLab) {
    this.loaded = loaded;
    this.client = createLabClient({
      base: 'http://localhost/',
      checkpointMs: 0,
      spawn: () => this.spawn(),
      ...options,
    });
    opened.push(this.client);
  }
  async record(asked: Partial<RunRequest> = {}, listen: (event: RunEvent) => void = () => undefined) {
    const events: RunEvent[] = [];
    const result = await this.client.run({ ...request, ...asked }, (event) => {
      events.push(structuredClone(event));
      listen(event);
    });
    const of = <T extends RunEvent['type']>(type: T) =>
      events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
    return { result: result!, events, of };
  }
  private spawn(): WorkerLike {
    const number = ++this.spawned;
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
    const die = () => worker.onerror?.({ message: 'told to die' } as ErrorEvent);
    const lab = watched(this.loaded.lab, () => this.onAdvance(number, die));
    const memory = { budgetBytes: 100, ownBytes: async () => 25 };
    const end = serve({ slugs: () => ['fixture'], load: async () => ({ ...this.loaded, lab }), memory }, port2);
    return worker;
  }
}
/** The lab, telling of each chunk, which takes a millisecond more. */
function watched(lab: LabModule, onAdvance: () => void): LabModule {
  const slow = (trial: Trial): Trial => ({
    ...trial,
    advance: async (count) => {
      onAdvance();
      await trial.advance(count);
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    },
  });
  if (!lab.experiment) return lab;
  return {
    ...lab,
    experiment: async (ctx) => {
      const made = await lab.experiment!(ctx);
      return { ...made, trials: made.trials.map((open) => async () => slow(await open())) };
    },
  };
}
let known: Promise<RunResult> | undefined;
const alone = () => (known ??= new Pool().record({ workers: 1 }).then(({ result }) => result));
const same = async (result: RunResult) => {
  const one = await alone();
  expect(result.arms).toEqual(one.arms);
  expect(result.claims).toEqual(one.claims);
  expect(result.pictures).toEqual(one.pictures);
};

describe('a run that workers share', () => {
  it.each([2, 3, 4, 9])('gives with up to %i workers the numbers of one, to the last digit', async (workers) => {
    const pool = new Pool();
    const { result, of } = await pool.record({ workers });
    await same(result);
    const used = Math.min(4, workers); // two arms of two seeds
    expect(of('workers')).toMatchObject([{ of: used }]);
    expect(pool.spawned).toBe(used);
    const keys = of('points').flatMap((e) => e.points.map((p) => `${p.arm} ${p.seed} ${p.step}`));
    expect(keys).toHaveLength(28);
    expect(new Set(keys).size).toBe(28);
    expect(of('progress').at(-1)).toMatchObject({ done: 240, total: 240 });
    expect(of('claims').at(-1)).toMatchObject({ provisional: false });
    expect(of('claims').filter((e) => !e.provisional)).toHaveLength(1);
  });

  it('runs the loops of a lab by seed', async () => {
    const one = await new Pool({}, loopingLab).record({ workers: 1, seeds: [1, 2, 3] });
    const pool = new Pool({}, loopingLab);
    const three = await pool.record({ workers: 8, seeds: [1, 2, 3] });
    expect(pool.spawned).toBe(3);
    expect(three.result.arms).toEqual(one.result.arms);
    expect(three.result.arms[0].series[2].gap).toHaveLength(60);
  });

  it('takes no more workers than memory holds', async () => {
    const pool = new Pool();
    const { of } = await pool.record({ workers: 9, seeds: [1, 2, 3] });
    expect(of('workers')).toMatchObject([{ of: 4, reason: expect.stringContaining('memory holds 4') }]);
  });

  it.each([
    ['a helper', 2],
    ['the lead', 1],
  ])('loses nothing but the time since its checkpoint when %s dies', async (_, victim) => {
    const pool = new Pool();
    let calls = 0;
    pool.onAdvance = (worker, die) => {
      if (worker === victim && ++calls === (victim === 1 ? 9 : 4)) die();
    };
    const { result, of } = await pool.record();
    await same(result);
    expect(of('notice').map((e) => e.text)).toEqual([
      expect.stringMatching(/^The lab's worker crashed \(told to die\)\. Going on from step \d+\.$/),
    ]);
    expect(pool.spawned).toBe(4);
    const keys = of('points').flatMap((e) => e.points.map((p) => `${p.arm} ${p.seed} ${p.step}`));
    expect(new Set(keys).size).toBe(28);
    expect(keys).toHaveLength(28);
  });

  it('goes on from a checkpoint with another number of workers', async () => {
    for (const [first, second] of [
      [3, 1],
      [1, 3],
      [2, 4],
    ]) {
      const { of } = await new Pool().record({ workers: first });
      const saved = of('checkpoint').map((e) => e.checkpoint);
      const middle = saved.find((c) => c.done > 100)!;
      await same((await new Pool().record({ workers: second, checkpoint: middle })).result);
    }
  });

  it('goes on from a checkpoint at the very end', async () => {
    const { of, result } = await new Pool().record();
    const last = of('checkpoint').at(-1)!.checkpoint;
    const checkpoint = {
      ...last,
      positions: last.positions.map(() => 60),
      points: of('points').flatMap((e) => e.points),
    };
    const resumed = (await new Pool().record({ checkpoint })).result;
    expect(resumed.arms).toEqual(result.arms);
    expect(resumed.claims).toEqual(result.claims);
  });

  it('pauses, steps, resumes and stops as one', async () => {
    const pool = new Pool();
    const seen: boolean[] = [];
    let presses = 0;
    let isAsked = false;
    const { result } = await pool.record({}, (e) => {
      if (e.type === 'progress' && e.done >= 40 && !isAsked) {
        isAsked = true;
        void pool.client.pause();
      }
      if (e.type !== 'paused') return;
      seen.push(e.paused);
      if (e.paused) setTimeout(() => void (presses++ < 2 ? pool.client.step() : pool.client.resume()), 5);
    });
    expect(seen).toEqual([true, true, true, false]);
    await same(result);
    const stopped = await pool.client.run({ ...request, knobs: { steps: 5000 } }, (e) => {
      if (e.type === 'progress' && e.done > 50) void pool.client.stop();
    });
    expect(stopped).toBeNull();
    await same((await pool.record()).result);
    expect(pool.spawned).toBe(3);
  });

  it('fails as a whole with the fault of one share, and runs again', async () => {
    const pool = new Pool();
    let calls = 0;
    pool.onAdvance = (worker) => {
      if (worker === 3 && ++calls === 3) throw new EngineError('internal', 'a fault in worker 3');
    };
    await expect(pool.record()).rejects.toMatchObject({ wire: { kind: 'internal', message: 'a fault in worker 3' } });
    await same((await pool.record()).result);
  });

  it('gives the helpers back after a while, and keeps the lead', async () => {
    const pool = new Pool({ idleMs: 20 });
    await pool.record();
    expect(pool.terminated).toBe(0);
    await vi.waitFor(() => expect(pool.terminated).toBe(2));
    expect(await pool.client.query('fixture', {}, 'double', 4)).toBe(8);
    await same((await pool.record()).result);
    expect(pool.spawned).toBe(5);
  });

  it('is one at a time', async () => {
    const pool = new Pool();
    const first = pool.record();
    await expect(pool.record()).rejects.toMatchObject({ wire: { remedy: 'Stop the present run first.' } });
    await same((await first).result);
  });

  it('leaves a core to the page where there are many', () => {
    expect([1, 2, 4, 8, 64].map(defaultWorkers)).toEqual([1, 2, 4, 7, 16]);
  });
});

describe('a worker that is not what it was', () => {
  it('is called silent, then dead; sooner in training than in preparation', async () => {
    vi.useFakeTimers();
    try {
      const dead = async (isTraining: boolean) => {
        const { port1 } = new MessageChannel();
        const mute = Object.assign(port1, { onerror: null, terminate: () => port1.close() }) as unknown as WorkerLike;
        const connection = new Connection(mute, {
          pingMs: 2500,
          deadAfter: 24,
          deadInTraining: 5,
          configure: { base: '' },
        });
        connection.isTraining = isTraining;
        const seen: [number, string][] = [];
        connection.onSilence = () => seen.push([Date.now() - start, 'silent']);
        const start = Date.now();
        const call = connection
          .call((api) => api.probe())
          .catch((e: Error) => seen.push([Date.now() - start, e.message]));
        await vi.advanceTimersByTimeAsync(70_000);
        await call;
        return seen;
      };
      const text = expect.stringContaining('stopped answering');
      expect(await dead(true)).toEqual([
        [7500, 'silent'],
        [15_000, text],
      ]);
      expect(await dead(false)).toEqual([
        [7500, 'silent'],
        [62_500, text],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is replaced after a download that was cut off, so that files are asked for again', async () => {
    const pool = new Pool();
    let isCut = true;
    pool.onAdvance = () => {
      if (isCut) throw new EngineError('data', 'data/fashion.bin was cut off');
    };
    await expect(pool.record({ workers: 1 })).rejects.toMatchObject({ wire: { kind: 'data' } });
    isCut = false;
    await same((await pool.record({ workers: 1 })).result);
    expect([pool.spawned, pool.terminated]).toEqual([2, 1]);
  });
});
