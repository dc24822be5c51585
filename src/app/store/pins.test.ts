import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { knobDiff, loadLast, loadPins, pinsKey, runId, saveLast, savePins, type PinnedRun } from './pins.ts';
import { lightRun, type RunMeta } from './run-file.ts';

const run: RunResult = {
  version: 1,
  slug: 'a',
  labVersion: 1,
  backend: 'wasm',
  seeds: [1],
  knobs: { tau: 0.1 },
  verdict: 'undecided',
  wallMs: 1,
  stepMs: 1,
  pictures: { big: [1, 2, 3] },
  claims: [{ id: 'c', text: '', measured: null, threshold: '', verdict: 'undecided', required: true }],
  arms: [{ id: 'm', label: 'M', series: [{ loss: [[0, 1]] }], final: { loss: [1] } }],
};
const meta: RunMeta = { slug: 'a', title: 'A', version: 1, controls: {} };
const none: ReadonlySet<string> = new Set();
function memory(text?: string): Storage {
  const held = new Map(text === undefined ? [] : [[pinsKey('a'), text]]);
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      held.set(key, value);
    },
    removeItem: (key: string) => {
      held.delete(key);
    },
  };
  return storage as Storage;
}
const pin = (i: number): PinnedRun => {
  const result = { ...run, wallMs: i };
  return { id: runId(result), name: `n${i}`, result };
};
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => pin(from + i));
const names = (storage: Storage) => loadPins(storage, meta).pins.map(({ name }) => name);

describe('kept runs', () => {
  it('come back as they were kept, without pictures, the newest twelve, and it is said what went', () => {
    const storage = memory();
    const { pictures: _, ...plain } = run;
    const saved = savePins(storage, meta, many(0, 14), none)!;
    expect(saved.pins.map(({ name }) => name)).toEqual(many(2, 14).map(({ name }) => name));
    expect(saved.notices).toEqual(['At most 12 runs are kept for each lab: “n0”, “n1” were dropped, as the oldest.']);
    const { pins, notices } = loadPins(storage, meta);
    expect(pins.map(({ name }) => name)).toEqual(many(2, 14).map(({ name }) => name));
    expect(pins[0].result).toEqual({ ...plain, wallMs: 2 });
    expect(notices).toEqual([]);
  });
  it('of two tabs are put together, and what one removed stays away', () => {
    const storage = memory();
    savePins(storage, meta, many(0, 2), none);
    savePins(storage, meta, [pin(5)], none);
    expect(names(storage)).toEqual(['n0', 'n1', 'n5']);
    savePins(storage, meta, [pin(5)], new Set([pin(0).id]));
    expect(names(storage)).toEqual(['n1', 'n5']);
  });
  it.each(['', '{', '[1]', '[{"id":"r1","name":"x","result":{"version":2}}]', '{}'])(
    'that cannot be read are left out, with a word: %.30s',
    (text) => {
      expect(loadPins(memory(text), meta)).toEqual({
        pins: [],
        notices: ['1 kept run of this lab could not be read and is left out.'],
      });
    },
  );
  it('one bad among good ones costs itself alone; null is no value', () => {
    const odd = { ...run, arms: [{ ...run.arms[0], series: [{ loss: [[0, null]] }], final: { loss: [null] } }] };
    const text = JSON.stringify([
      { id: 'x', name: 'bad', result: { ...run, slug: 'b' } },
      { id: 'y', name: 'odd', result: odd },
    ]);
    const { pins, notices } = loadPins(memory(text), meta);
    expect(pins.map(({ name }) => name)).toEqual(['odd']);
    expect(pins[0].result.arms[0]).toMatchObject({ series: [{ loss: [[0, NaN]] }], final: { loss: [NaN] } });
    expect(notices).toHaveLength(1);
  });
  it('nothing kept is nothing to tell', () => expect(loadPins(memory(), meta)).toEqual({ pins: [], notices: [] }));
  it('long curves are kept thinned', () => {
    const storage = memory();
    const loss = Array.from({ length: 40_000 }, (_, i): [number, number] => [i, 1 / (i + 3)]);
    const long = { ...run, arms: [{ ...run.arms[0], series: [{ loss }] }] };
    savePins(storage, meta, [{ id: 'l', name: 'long', result: long }], none);
    expect(storage.getItem(pinsKey('a'))!.length).toBeLessThan(10_000);
    expect(names(storage)).toEqual(['long']);
  });
  it('say when there is no room', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(savePins(full, meta, [], none)).toBe(null);
  });
});

describe('the id of a run', () => {
  it('is the same whatever the order of its names and the length of its curves', () => {
    expect(runId(lightRun(run))).toBe(runId(run));
    expect(runId({ ...run, knobs: { b: 1, a: 2 } })).toBe(runId({ ...run, knobs: { a: 2, b: 1 } }));
    expect(runId({ ...run, wallMs: 2 })).not.toBe(runId(run));
  });
});

describe('the last run', () => {
  it('comes back, and is forgotten when the lab is reset', () => {
    const storage = memory();
    saveLast(storage, 'a', run);
    expect(loadLast(storage, meta)).toEqual(run);
    saveLast(storage, 'a', null);
    expect(loadLast(storage, meta)).toBe(null);
  });
  it('of another lab makes way where there is no room', () => {
    const storage = memory();
    const key = 'paper-playground/last/b';
    const tight = Object.assign(Object.create(storage), {
      [key]: '',
      setItem: (name: string, text: string) => {
        if (tight.getItem(key)) throw new DOMException('full', 'QuotaExceededError');
        storage.setItem(name, text);
      },
    }) as Storage;
    storage.setItem(key, 'x');
    saveLast(tight, 'a', run);
    expect(storage.getItem(key)).toBe(null);
    expect(storage.getItem('paper-playground/last/a')).toContain('"slug":"a"');
    saveLast(storage, 'a', null);
  });
});

describe('knobDiff', () => {
  it('names what differs, on either side', () =>
    expect(knobDiff({ a: 1, b: 2, c: 3 }, { a: 1, b: 4, d: 5 })).toEqual(['b', 'c', 'd']));
});
