import { describe, expect, it } from 'vitest';
import { prng } from '../../../util/prng.ts';
import { claim } from '../claims/claim.ts';
import { paired } from '../claims/effect.ts';
import type { StepperState } from '../../../engine/engine.ts';
import type { CustomRun, Experiment, Trial } from '../contract/lab.ts';
import type { ArmResult, ClaimResult } from '../contract/result.ts';
import { RunGate } from './run-gate.ts';
import type { Loops, RunEnv, RunJob, RunnerEvent, RunState } from './job.ts';
import { runLab } from './runner.ts';

const ARMS = [
  { id: 'a', label: 'A', role: 'method' as const },
  { id: 'b', label: 'B', role: 'baseline' as const },
];
const header = { slug: 'fake', labVersion: 1, backend: 'cpu' as const, seeds: [1, 2], knobs: {} };

/** Time that only work moves. */
class World {
  time = 0;
  log: string[] = [];
  open = 0;
  readonly events: RunnerEvent[] = [];
  onEvent: (event: RunnerEvent) => void = () => undefined;
  readonly env: RunEnv = {
    now: () => this.time,
    breathe: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
    emit: (event) => {
      this.events.push(structuredClone(event));
      this.onEvent(event);
    },
    chunkMs: 50,
    checkpointMs: 200,
    emitMs: 0,
    claimsMs: 0,
  };
  of<T extends RunnerEvent['type']>(type: T) {
    return this.events.filter((e): e is Extract<RunnerEvent, { type: T }> => e.type === type);
  }
}

/** A random walk whose next move depends on the state and the step alone. Ten milliseconds a step. */
class Walk implements Trial {
  readonly cells;
  private state: StepperState = { steps: 0, arrays: { w: Float32Array.of(0) } };
  private readonly world: World;
  private readonly name: string;
  private readonly failAt: number;
  constructor(world: World, arm: string, seed: number, failAt = Infinity) {
    this.world = world;
    this.name = `${arm}${seed}`;
    this.cells = [{ arm, seed }];
    this.failAt = failAt;
    world.open++;
  }
  async advance(count: number) {
    for (let i = 0; i < count; i++) {
      const {
        steps,
        arrays: { w },
      } = this.state;
      if (steps === this.failAt) throw new Error(`${this.name} failed`);
      this.state = {
        steps: steps + 1,
        arrays: { w: w.map((v) => v * 0.9 + prng(this.cells[0].seed, this.name, steps).normal()) },
      };
      this.world.time += 10;
    }
    this.world.log.push(`${this.name}+${count}`);
  }
  async evaluate(step: number) {
    expect(step).toBe(this.state.steps);
    this.world.time += 3;
    return [{ loss: this.state.arrays.w[0] }];
  }
  async save() {
    return structuredClone(this.state);
  }
  async load(saved: StepperState) {
    this.state = structuredClone(saved);
  }
  async dispose() {
    this.world.open--;
  }
}

const claims = (arms: ArmResult[]): ClaimResult[] => {
  const gap = { ...paired(arms, 'a', 'b', 'loss') };
  return [
    claim(
      'gap',
      'a is not b',
      { ...gap, values: gap.values.map(Math.abs) },
      { atLeast: 1e-9 },
      { required: true, replicates: 'exact' },
    ),
  ];
};
function race(
  world: World,
  options: { failAt?: number; sequential?: boolean; steps?: number; shortfall?: string } = {},
): Experiment {
  const cells = ARMS.flatMap((arm) => header.seeds.map((seed) => [arm.id, seed] as const));
  return {
    arms: ARMS,
    steps: options.steps ?? 23,
    evalEvery: 10,
    sequential: options.sequential,
    claims,
    shortfall: options.shortfall ?? null,
    trials: cells.map(
      ([arm, seed], i) =>
        async () =>
          new Walk(world, arm, seed, i === 2 ? options.failAt : undefined),
    ),
  };
}
const job = (world: World, rest: Partial<RunJob> = {}): RunJob => ({
  header,
  work: race(world),
  control: new RunGate(),
  env: world.env,
  ...rest,
});

async function whole(options: Parameters<typeof race>[1] = {}) {
  const world = new World();
  const result = await runLab(job(world, { work: race(world, options) }));
  return { world, result: result! };
}

describe('an experiment', () => {
  it('lets the trial that lags most go first, in chunks of the aimed length', async () => {
    const { world } = await whole();
    expect(world.log.slice(0, 12)).toEqual([
      'a1+1',
      'a2+1',
      'b1+1',
      'b2+1',
      'a1+5',
      'a2+5',
      'b1+5',
      'b2+5',
      'a1+4',
      'a2+4',
      'b1+4',
      'b2+4',
    ]);
    expect(world.open).toBe(0);
  });

  it('trains its first trial before the next one is opened', async () => {
    const world = new World();
    const opened: string[][] = [];
    const work = race(world);
    const trials = work.trials.map((open) => async () => {
      opened.push([...world.log]);
      return open();
    });
    await runLab(job(world, { work: { ...work, trials } }));
    expect(opened).toEqual([[], ['a1+1'], ['a1+1', 'a2+1'], ['a1+1', 'a2+1', 'b1+1']]);
  });

  it('shows the first step before it measures the untrained model, which gives the numbers that measuring first would', async () => {
    const { world, result } = await whole();
    const kinds = world.events.map((e) => (e.type === 'progress' && e.done > 0 ? 'trained' : e.type));
    expect(kinds.indexOf('trained')).toBeLessThan(kinds.indexOf('points'));
    for (const arm of result.arms) for (const { loss } of arm.series) expect(loss[0]).toEqual([0, 0]);
    // where a model is measured after every step, its metrics of that step must stand
    const often = new World();
    const every = await runLab(job(often, { work: { ...race(often, { steps: 3 }), evalEvery: 1 } }));
    for (const [a, arm] of every!.arms.entries())
      for (const [i, { loss }] of arm.series.entries()) {
        expect(loss.map(([step]) => step)).toEqual([0, 1, 2, 3]);
        expect(loss[0]).toEqual(result.arms[a].series[i].loss[0]);
      }
  });

  it('evaluates at the start, at every due step and at the end, and reports one series per seed', async () => {
    const { result } = await whole();
    for (const arm of result.arms) {
      expect(arm.series).toHaveLength(2);
      for (const [i, s] of arm.series.entries()) {
        expect(s.loss.map(([step]) => step)).toEqual([0, 10, 20, 23]);
        expect(arm.final.loss[i]).toBe(s.loss.at(-1)![1]);
      }
    }
    expect(result).toMatchObject({
      version: 1,
      slug: 'fake',
      verdict: 'reproduced',
      stepMs: 10,
      wallMs: 4 * (23 * 10 + 4 * 3),
    });
  });

  it('sends arms first, then points, progress to the last step, and claims that stay undecided until the end', async () => {
    const { world, result } = await whole();
    expect(world.events[0]).toEqual({ type: 'arms', arms: ARMS });
    expect(world.of('points').flatMap((e) => e.points)).toHaveLength(16);
    expect(world.of('progress').at(-1)).toMatchObject({ done: 92, total: 92, leftMs: 0 });
    expect(world.of('claims').map((e) => [e.provisional, e.verdict])).toEqual([
      [true, 'undecided'],
      [true, 'undecided'],
      [false, 'reproduced'],
    ]);
    expect(world.of('claims').at(-1)!.claims).toEqual(result.claims);
  });

  it('foretells the time that is left', async () => {
    const { world } = await whole();
    const halfway = world.of('progress').find((e) => e.done === 40)!;
    expect(halfway.leftMs).toBeGreaterThan(52 * 10);
    expect(halfway.leftMs).toBeLessThan(52 * 10 + 12 * 3 + 1);
  });

  it('opens one trial at a time when asked to, with the same numbers', async () => {
    const world = new World();
    let most = 0;
    world.onEvent = () => {
      most = Math.max(most, world.open);
    };
    const result = await runLab(job(world, { work: race(world, { sequential: true }) }));
    expect(most).toBe(1);
    expect(result!.arms).toEqual((await whole()).result.arms);
    expect(world.log.map((l) => l.slice(0, 2)).join('')).toMatch(/^(a1)+(a2)+(b1)+(b2)+$/);
  });

  it.each([false, true])(
    'resumed from any checkpoint gives the very same points (sequential: %s)',
    async (sequential) => {
      const { world, result } = await whole({ sequential });
      const states = world.of('checkpoint').map((e) => e.state);
      expect(states.length).toBeGreaterThan(2);
      for (const from of states) {
        const again = new World();
        const resumed = await runLab(job(again, { work: race(again, { sequential }), from }));
        expect(resumed!.arms).toEqual(result.arms);
        expect(resumed!.wallMs).toBe(result.wallMs);
        expect(again.open).toBe(0);
      }
    },
  );

  it('pauses between chunks, saves there, and goes on to the same end without counting the pause', async () => {
    const world = new World();
    const control = new RunGate();
    let isAsked = false;
    world.onEvent = (e) => {
      if (e.type === 'progress' && e.done > 10 && !isAsked) {
        isAsked = true;
        control.pause();
      }
      if (e.type === 'paused' && e.paused)
        setImmediate(() => {
          world.time += 1e6;
          control.resume();
        });
    };
    const result = await runLab(job(world, { control }));
    expect(world.of('paused').map((e) => e.paused)).toEqual([true, false]);
    const at = world.events.findIndex((e) => e.type === 'paused');
    expect(world.events.slice(0, at).findLast((e) => e.type === 'checkpoint')).toMatchObject({
      state: { positions: expect.arrayContaining([1]) },
    });
    const { result: straight } = await whole();
    expect(result!.arms).toEqual(straight.arms);
    expect(result!.wallMs).toBe(straight.wallMs);
  });

  it('a step moves every trial by one and changes no point', async () => {
    const world = new World();
    const control = new RunGate();
    control.pause();
    let presses = 0;
    world.onEvent = (e) => {
      if (e.type === 'paused' && e.paused)
        setImmediate(() => {
          if (presses++ < 3) control.step();
          else control.resume();
        });
    };
    const result = await runLab(job(world, { control }));
    expect(world.log.slice(0, 12)).toEqual([
      'a1+1',
      'a2+1',
      'b1+1',
      'b2+1',
      'a1+1',
      'a2+1',
      'b1+1',
      'b2+1',
      'a1+1',
      'a2+1',
      'b1+1',
      'b2+1',
    ]);
    expect(result!.arms).toEqual((await whole()).result.arms);
  });

  it.each([0, 2, 9])('stops within a chunk (after %s units), gives null and disposes everything', async (units) => {
    const world = new World();
    const control = new RunGate();
    world.onEvent = (e) => {
      if (e.type === 'progress' && world.log.length >= units) control.stop();
    };
    if (units === 0) control.stop();
    expect(await runLab(job(world, { control }))).toBeNull();
    expect(world.log.length).toBeLessThanOrEqual(units + 1);
    expect(world.open).toBe(0);
  });

  it('disposes everything when a trial fails, and passes its error on', async () => {
    const world = new World();
    await expect(runLab(job(world, { work: race(world, { failAt: 12 }) }))).rejects.toThrow('b1 failed');
    expect(world.open).toBe(0);
  });

  it('disposes everything when a trial cannot be opened or a claim throws', async () => {
    const world = new World();
    const work = race(world);
    work.trials[3] = async () => {
      throw new Error('no memory');
    };
    await expect(runLab(job(world, { work }))).rejects.toThrow('no memory');
    expect(world.open).toBe(0);
    const broken = {
      ...race(world),
      claims: () => {
        throw new Error('no such metric');
      },
    };
    await expect(runLab(job(world, { work: broken }))).rejects.toThrow('no such metric');
    expect(world.open).toBe(0);
  });

  it('refuses a checkpoint of another experiment', async () => {
    const from: RunState = { done: 1, positions: [1], trials: [null], points: [], examples: [], wallMs: 0 };
    await expect(runLab(job(new World(), { from }))).rejects.toThrow(/expected 4 trials; got 1/);
  });

  it('hands the last pictures to the result', async () => {
    const result = await runLab(job(new World(), { pictures: () => ({ globe: [1, 2] }) }));
    expect(result!.pictures).toEqual({ globe: [1, 2] });
  });
});

describe('values per test example', () => {
  /** Four examples whose mean is the loss. */
  class Examined extends Walk {
    asked = 0;
    async examples() {
      this.asked++;
      const [{ loss }] = await super.evaluate(23);
      return [{ loss: Float32Array.of(loss - 1, loss + 1, loss, loss) }];
    }
  }
  function examined(world: World, seen: ArmResult[][], trials: Examined[] = []): Experiment {
    return {
      ...race(world),
      claims: (arms) => {
        seen.push(structuredClone(arms));
        return claims(arms);
      },
      trials: ARMS.flatMap(({ id }) =>
        header.seeds.map((seed) => async () => {
          const trial = new Examined(world, id, seed);
          trials.push(trial);
          return trial;
        }),
      ),
    };
  }

  it('are asked for once, seen by the claims, and left out of the result', async () => {
    const world = new World();
    const seen: ArmResult[][] = [];
    const trials: Examined[] = [];
    const result = await runLab(job(world, { work: examined(world, seen, trials) }));
    expect(trials.map((t) => t.asked)).toEqual([1, 1, 1, 1]);
    for (const arm of seen.at(-1)!) {
      expect(arm.seeds).toEqual([1, 2]);
      arm.examples!.loss.forEach((row, s) => expect(row![2]).toBe(arm.final.loss[s]));
    }
    for (const arm of result!.arms) expect(arm).not.toHaveProperty('examples');
    for (const arm of result!.arms) expect(arm).not.toHaveProperty('seeds');
  });

  it('outlast a checkpoint, through a message', async () => {
    const world = new World();
    world.env.checkpointMs = 0;
    const whole: ArmResult[][] = [];
    await runLab(job(world, { work: examined(world, whole) }));
    const states = world.of('checkpoint').map((e) => e.state);
    expect(states.some((state) => state.examples.length > 0 && state.examples.length < 4)).toBe(true);
    for (const from of states) {
      const seen: ArmResult[][] = [];
      const again = new World();
      await runLab(job(again, { work: examined(again, seen), from: structuredClone(from) }));
      expect(seen.at(-1)).toEqual(whole.at(-1));
    }
  });

  it('whose mean is not the metric are refused', async () => {
    const world = new World();
    const work = race(world);
    work.trials[1] = async () =>
      Object.assign(new Walk(world, 'a', 2), { examples: async () => [{ loss: Float32Array.of(9, 9) }] });
    await expect(runLab(job(world, { work }))).rejects.toThrow(/mean of loss of a, seed 2 to be its metric .*; got 9/);
  });
});

describe('a run that cannot decide', () => {
  it('leaves its claims undecided, says why and which way it points', async () => {
    const { world, result } = await whole({ shortfall: 'too short' });
    expect(result).toMatchObject({ verdict: 'undecided', shortfall: 'too short' });
    expect(result.claims).toMatchObject([{ verdict: 'undecided', points: 'for' }]);
    expect(world.of('claims').at(-1)).toMatchObject({ shortfall: 'too short', provisional: false });
  });
});

const single = (work: CustomRun): Loops => ({
  arms: work.arms,
  claims: work.claims,
  shortfall: work.shortfall,
  loops: [async () => work],
});

describe('a loop of its own', () => {
  function counting(world: World, withState = true): CustomRun {
    let n = 0;
    let sum = 0;
    return {
      arms: ARMS,
      total: 50,
      shortfall: null,
      claims,
      async *loop(sink) {
        world.open++;
        try {
          while (n < 50) {
            sum = sum * 0.5 + prng(7, n).normal();
            n++;
            world.time += 20;
            for (const arm of ARMS)
              for (const seed of header.seeds) sink.point(arm.id, seed, 'loss', n, sum + (arm.id === 'a' ? 1 : 0));
            yield { done: n };
          }
        } finally {
          world.open--;
        }
      },
      ...(withState
        ? {
            save: async () => ({ steps: n, arrays: { sum: Float32Array.of(sum) } }),
            load: async (s: StepperState) => {
              n = s.steps;
              sum = s.arrays.sum[0];
            },
          }
        : {}),
    };
  }

  it('runs to the end with progress and points', async () => {
    const world = new World();
    const result = await runLab(job(world, { work: single(counting(world)) }));
    expect(result).toMatchObject({ stepMs: 20, wallMs: 1000, verdict: 'reproduced' });
    expect(result!.arms[1].series[1].loss).toHaveLength(50);
    expect(world.of('progress').at(-1)).toMatchObject({ done: 50, total: 50 });
    expect(world.of('points').flatMap((e) => e.points)).toHaveLength(200);
  });

  it('foretells the time left from all its units, for quick ones and slow ones come in spells', async () => {
    const world = new World();
    const spells: CustomRun = {
      arms: ARMS,
      total: 60,
      shortfall: null,
      claims: () => [],
      async *loop() {
        for (let n = 1; n <= 60; n++) {
          world.time += n > 20 && n <= 40 ? 1 : 100;
          yield { done: n };
        }
      },
    };
    await runLab(job(world, { work: single(spells) }));
    const { leftMs } = world.of('progress').find((e) => e.done === 40)!;
    expect(leftMs).toBeCloseTo((20 * (19 * 100 + 20)) / 39);
  });

  it('counts loops of different lengths as they are', async () => {
    const world = new World();
    const lasting = (total: number): CustomRun => ({
      arms: ARMS,
      total,
      shortfall: null,
      claims: () => [],
      async *loop() {
        for (let n = 1; n <= total; n++) yield { done: n };
      },
    });
    const work: Loops = { ...single(lasting(12)), loops: [12, 5].map((total) => async () => lasting(total)) };
    await runLab(job(world, { work }));
    const counts = world.of('progress');
    expect(counts.at(-1)).toMatchObject({ done: 17, total: 17 });
    for (const { done, total } of counts) expect(done).toBeLessThanOrEqual(total);
  });

  it('goes on from what it saved, or starts over where it cannot save', async () => {
    const world = new World();
    const result = await runLab(job(world, { work: single(counting(world)) }));
    const from = world.of('checkpoint')[1].state;
    expect(from.done).toBeGreaterThan(0);
    const resumed = await runLab(job(world, { work: single(counting(world)), from }));
    expect(resumed!.arms[0].series[0].loss.map(([s]) => s)).toEqual(result!.arms[0].series[0].loss.map(([s]) => s));
    const blank = new World();
    const restarted = await runLab(job(blank, { work: single(counting(blank, false)), from }));
    expect(blank.of('checkpoint')).toEqual([]);
    expect(restarted!.arms).toEqual(result!.arms);
  });

  it('ends its generator when it is stopped', async () => {
    const world = new World();
    const control = new RunGate();
    world.onEvent = (e) => {
      if (e.type === 'progress' && e.done === 5) control.stop();
    };
    expect(await runLab(job(world, { work: single(counting(world)), control }))).toBeNull();
    expect(world.open).toBe(0);
  });
});
