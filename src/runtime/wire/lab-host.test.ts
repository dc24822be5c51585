import { describe, expect, it } from 'vitest';
import type { DataStore } from '../../data/types.ts';
import { DataError } from '../../data/data-error.ts';
import { RunError } from './errors.ts';
import { fixtureLab, loopingLab } from '../testing/fixture-lab.ts';
import type { ShareOutcome } from '../../labs/_kit/run/share.ts';
import { LabHost, type HostParts, type LoadedLab } from './lab-host.ts';
import type { ArmResult } from '../../labs/_kit/contract/result.ts';
import type { RunCheckpoint, RunEvent, RunRequest } from './protocol.ts';

const request: RunRequest = { slug: 'fixture', knobs: {}, seeds: [1, 2], backend: 'auto' };
const noData = {
  split: () => Promise.reject(new Error('none')),
  file: () => Promise.reject(new Error('none')),
} as DataStore;
function host(rest: Partial<HostParts> = {}): LabHost {
  return new LabHost({
    load: async (slug) => (slug === 'fixture' ? fixtureLab : null),
    slugs: () => ['fixture'],
    data: noData,
    breathe: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
    checkpointMs: 0,
    ...rest,
  });
}
async function record(made: LabHost, asked: Partial<RunRequest> = {}) {
  const events: RunEvent[] = [];
  const result = await made.run({ ...request, ...asked }, (e) => events.push(structuredClone(e)));
  const of = <T extends RunEvent['type']>(type: T) =>
    events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
  return { result: result!, events, of };
}
const failure = async (promise: Promise<unknown>): Promise<RunError> =>
  promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (e: RunError) => e,
  );

describe('a run in the worker', () => {
  it('goes from the choice of the backend to the verdict', async () => {
    const { result, of } = await record(host());
    expect(of('backend')).toEqual([
      { type: 'backend', backend: 'wasm', reason: 'this browser has no WebGPU', trialMs: {} },
    ]);
    expect(of('status').map((e) => e.phase)).toEqual(expect.arrayContaining(['engine', 'data', 'compile', 'done']));
    expect(of('graphs').at(-1)!.graphs).toMatchObject([
      { name: 'train-step', nodes: expect.any(Number), bytes: expect.any(Number) },
    ]);
    expect(result).toMatchObject({
      slug: 'fixture',
      labVersion: 1,
      backend: 'wasm',
      seeds: [1, 2],
      verdict: 'reproduced',
      knobs: { steps: 40, evalEvery: 10, failAt: 0 },
    });
    expect(result.arms[0].series[0].gap.map(([step]) => step)).toEqual([0, 10, 20, 30, 40]);
    expect(result.pictures).toHaveProperty('where');
    expect(of('picture').length).toBeGreaterThan(10);
  });

  it('gives the same numbers twice and in a fresh host', async () => {
    const one = host();
    const [a, b, c] = [await record(one), await record(one), await record(host())];
    expect(b.result.arms).toEqual(a.result.arms);
    expect(c.result.arms).toEqual(a.result.arms);
  });

  it('goes on from any checkpoint to the same numbers', async () => {
    const { result, of } = await record(host());
    const saved: RunCheckpoint[] = of('checkpoint').map((e) => e.checkpoint);
    expect(saved.length).toBeGreaterThan(4);
    for (const checkpoint of [saved[1], saved[saved.length >> 1], saved.at(-1)!]) {
      expect((await record(host(), { checkpoint })).result.arms).toEqual(result.arms);
    }
  });

  it('pauses, steps, resumes and stops', async () => {
    const made = host();
    const straight = await record(host());
    const seen: string[] = [];
    let presses = 0;
    const paused = await made.run(request, (e) => {
      if (e.type === 'progress' && e.done >= 8 && presses === 0) {
        presses = 1;
        void made.pause();
      }
      if (e.type !== 'paused') return;
      seen.push(String(e.paused));
      if (e.paused) setTimeout(() => void (presses++ < 3 ? made.step() : made.resume()), 1);
    });
    expect(seen).toEqual(['true', 'true', 'true', 'false']);
    expect(paused!.arms).toEqual(straight.result.arms);
    expect(
      await made.run(request, (e) => {
        if (e.type === 'points') void made.stop();
      }),
    ).toBeNull();
    expect((await record(made)).result.arms).toEqual(straight.result.arms);
  });

  it('clamps knobs into their ranges', async () => {
    const { result } = await record(host(), { knobs: { steps: -5, evalEvery: 'often', unknown: 1 } });
    expect(result.knobs).toEqual({ steps: 1, evalEvery: 10, failAt: 0 });
  });

  it('answers queries during a run, between runs and without one', async () => {
    const made = host();
    expect(await made.query('fixture', {}, 'double', 4)).toBe(8);
    const answers: Promise<unknown>[] = [];
    await made.run(request, (e) => {
      if (e.type === 'progress') answers.push(made.query('fixture', {}, 'double', answers.length));
    });
    expect(await Promise.all(answers)).toEqual(answers.map((_, i) => 2 * i));
    expect(answers.length).toBeGreaterThan(2);
    expect(await made.query('fixture', {}, 'double', 5)).toBe(10);
    expect((await failure(made.query('fixture', {}, 'triple', 5))).wire.message).toMatch(
      /expected one of double; got "triple"/,
    );
  });

  it('answers queries in quick succession, and those of another lab without disturbing the run', async () => {
    const made = host({ load: async () => fixtureLab });
    expect(await Promise.all([1, 2, 3].map((x) => made.query('other', {}, 'double', x)))).toEqual([2, 4, 6]);
    const answers: Promise<unknown>[] = [];
    const straight = await record(host());
    const result = await made.run(request, (e) => {
      if (e.type === 'progress') answers.push(made.query(answers.length % 2 ? 'other' : 'third', {}, 'double', 1));
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set([2]));
    expect(result!.arms).toEqual(straight.result.arms);
  });

  it('lists the train graphs of the last run as ONNX files', async () => {
    const made = host();
    expect(await made.graphs()).toEqual([]);
    await record(made);
    const [{ name, bytes }] = await made.graphs();
    expect(name).toBe('train-step');
    expect(new TextDecoder().decode(bytes)).toContain('ReduceMean');
  });
});

describe.each([
  ['an experiment', fixtureLab],
  ['a lab with a loop of its own', loopingLab],
])('%s in shares', (_, lab) => {
  const load = async () => lab;
  const share = async (index: number, of: number, checkpoint?: RunCheckpoint) => {
    const saved: RunCheckpoint[] = [];
    const outcome = await host({ load }).runShare({ ...request, share: { index, of }, checkpoint }, (e) => {
      if (e.type === 'checkpoint') saved.push(structuredClone(e.checkpoint));
    });
    return { outcome: structuredClone(outcome!), saved };
  };

  it.each([1, 2, 3, 8])('divided into %i and merged, equals the whole to the last digit', async (of) => {
    const whole = (await record(host({ load }))).result;
    const outcomes: ShareOutcome[] = [];
    for (let i = 0; i < of; i++) outcomes.push((await share(i, of)).outcome);
    const merged = await host({ load }).merge(request, outcomes, () => undefined);
    expect(merged!.arms).toEqual(whole.arms);
    expect(merged!.claims).toEqual(whole.claims);
    expect(merged!.pictures).toEqual(whole.pictures);
  });

  it('goes on from any checkpoint of a share', async () => {
    const { outcome, saved } = await share(1, 2);
    expect(saved.length).toBeGreaterThan(2);
    for (const checkpoint of [saved[0], saved.at(-1)!])
      expect((await share(1, 2, checkpoint)).outcome.points.toSorted(byKey)).toEqual(outcome.points.toSorted(byKey));
  });

  it('is not merged while a share is missing', async () => {
    const { outcome } = await share(0, 2);
    expect((await failure(host({ load }).merge(request, [outcome], () => undefined))).wire.message).toMatch(
      /expected each of \d units once; got none of unit 1/,
    );
  });
});

it('values per test example travel with the shares, to the claims', async () => {
  const { experiment } = fixtureLab.lab;
  const lab: LoadedLab['lab'] = {
    ...fixtureLab.lab,
    experiment: async (ctx) => {
      const made = await experiment!(ctx);
      const trials = made.trials.map((open) => async () => {
        const trial = await open();
        const examples = async () => (await trial.evaluate(0)).map(({ gap }) => ({ gap: Float32Array.of(gap, gap) }));
        return { ...trial, examples };
      });
      const note = (arms: ArmResult[]) => JSON.stringify(arms.map((arm) => arm.examples?.gap.map((v) => [...v!])));
      return { ...made, trials, claims: (arms) => made.claims(arms).map((c) => ({ ...c, note: note(arms) })) };
    },
  };
  const load = async () => ({ ...fixtureLab, lab });
  const whole = (await record(host({ load }))).result;
  expect(whole.claims[0].note).toMatch(/^\[\[\[[\d.e-]+,/);
  const outcomes: ShareOutcome[] = [];
  for (let index = 0; index < 3; index++)
    outcomes.push((await host({ load }).runShare({ ...request, share: { index, of: 3 } }, () => undefined))!);
  const merged = await host({ load }).merge(request, structuredClone(outcomes), () => undefined);
  expect(merged!.claims).toEqual(whole.claims);
});
const byKey = (a: { arm: string; seed: number; step: number }, b: typeof a) =>
  a.arm.localeCompare(b.arm) || a.seed - b.seed || a.step - b.step;

describe('what can go wrong in a run', () => {
  it.each<[string, Partial<RunRequest>, Partial<HostParts>, object]>([
    ['an unknown lab', { slug: 'nope' }, {}, { kind: 'bad-input', message: 'unknown lab "nope"; known: fixture' }],
    ['seeds that are none', { seeds: [] }, {}, { kind: 'bad-input', resumable: false }],
    [
      'a fault of the lab',
      { knobs: { failAt: 12 } },
      {},
      { kind: 'internal', message: 'the fixture was told to fail' },
    ],
    [
      'a checkpoint of another run',
      {
        checkpoint: {
          slug: 'fixture',
          knobs: {},
          seeds: [1],
          backend: 'wasm',
          done: 1,
          positions: [1],
          trials: [null],
          points: [],
          examples: [],
          wallMs: 0,
        },
      },
      {},
      { kind: 'bad-input' },
    ],
    [
      'missing data',
      {},
      {
        load: async () => {
          throw new DataError('fashion.bin is missing', 'Reload the page');
        },
      },
      { kind: 'data', remedy: expect.any(String) },
    ],
    [
      'WebAssembly without memory',
      {},
      {
        load: async () => {
          throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
        },
      },
      { kind: 'out-of-memory', resumable: true },
    ],
    [
      'a C++ exception',
      {},
      {
        load: async () => {
          throw new Error('std::bad_alloc');
        },
      },
      { kind: 'out-of-memory' },
    ],
    [
      'a module that cannot be fetched',
      {},
      {
        load: async () => {
          throw new TypeError('Failed to fetch dynamically imported module: x.js');
        },
      },
      { kind: 'data' },
    ],
    [
      'an op without a kernel',
      {},
      {
        load: async () => {
          throw new Error(
            "[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : Could not find an implementation for Foo(1) node with name 'Foo_0'",
          );
        },
      },
      { kind: 'unsupported' },
    ],
  ])('%s crosses as a wire error, and the next run works', async (_, asked, parts, expected) => {
    const error = await failure(host(parts).run({ ...request, ...asked }, () => undefined));
    expect(error).toBeInstanceOf(RunError);
    expect(error.wire).toMatchObject(expected);
    expect(error.wire.remedy.length).toBeGreaterThan(20);
    expect(error.wire.stack).toContain('\n');
    const made = host(parts);
    await failure(made.run({ ...request, ...asked }, () => undefined));
    if (!parts.load) expect((await record(made)).result.verdict).toBe('reproduced');
  });

  it('refuses a second run at the same time without harming the first', async () => {
    const made = host();
    const first = made.run(request, () => undefined);
    expect((await failure(made.run(request, () => undefined))).wire).toMatchObject({
      kind: 'bad-input',
      remedy: 'Stop the present run first.',
    });
    expect((await first)!.verdict).toBe('reproduced');
  });
});
