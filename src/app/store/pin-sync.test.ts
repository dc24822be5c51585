import { beforeEach, describe, expect, it } from 'vitest';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { defaultExperiment } from '../link.ts';
import { createLabStore, type LabStore } from './lab-store.ts';
import { syncPins } from './pin-sync.ts';
import { loadPins, pinsKey } from './pins.ts';

const meta = { slug: 's', title: 'S', version: 1, controls: {}, arms: [], metrics: {}, seeds: 1 } as unknown as LabMeta;
const run = (wallMs: number): RunResult => ({
  version: 1,
  slug: 's',
  labVersion: 1,
  backend: 'wasm',
  seeds: [1],
  knobs: {},
  verdict: 'undecided',
  wallMs,
  stepMs: 1,
  claims: [],
  arms: [],
});

/** One device's storage, whose other tabs hear of every change. */
function device() {
  const held = new Map<string, string>();
  const tabs: ((event: StorageEvent) => void)[] = [];
  const tab = () => {
    let own: (event: StorageEvent) => void = () => undefined;
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, text: string) => {
        held.set(key, text);
        for (const tell of tabs) if (tell !== own) tell({ key } as StorageEvent);
      },
      removeItem: (key: string) => void held.delete(key),
    } as unknown as Storage;
    const store = createLabStore({
      meta,
      recorded: null,
      experiment: defaultExperiment(meta),
      pins: loadPins(storage, meta).pins,
      client: () => Promise.reject(new Error('none')),
    });
    const events = {
      addEventListener: (_: string, listener: (event: StorageEvent) => void) => {
        own = listener;
        tabs.push(listener);
      },
      removeEventListener: () => undefined,
    } as unknown as Window;
    syncPins(store, storage, events);
    return store;
  };
  return { tab, held };
}
const names = (store: LabStore) => store.getState().pins.map(({ name }) => name);

let a: LabStore;
let b: LabStore;
let site: ReturnType<typeof device>;
beforeEach(() => {
  site = device();
  a = site.tab();
  b = site.tab();
});

describe('two tabs of a lab', () => {
  it('show and keep the runs of both', () => {
    a.addRun(run(1), 'one');
    a.addRun(run(2), 'two');
    b.addRun(run(3), 'three');
    expect(names(a)).toEqual(['one', 'two', 'three']);
    expect(names(b)).toEqual(['one', 'two', 'three']);
    expect(names(site.tab())).toEqual(['one', 'two', 'three']);
    expect(b.getState().notices[0]).toMatch(/kept in another tab/);
  });
  it('a run removed in one is gone in both', () => {
    a.addRun(run(1), 'one');
    a.addRun(run(2), 'two');
    b.unpin(b.getState().pins[0].id);
    expect(names(a)).toEqual(['two']);
    expect(names(site.tab())).toEqual(['two']);
  });
  it('a run from a link is written nowhere until it is kept', () => {
    for (let i = 0; i < 14; i++) a.addRun(run(i), `link ${i}`, true);
    expect(site.held.size).toBe(0);
    expect(names(a)).toHaveLength(14);
    a.keepRun(a.getState().pins[3].id);
    expect(JSON.parse(site.held.get(pinsKey('s'))!)).toHaveLength(1);
    expect(names(b)).toEqual(['link 3']);
    expect(names(a)).toHaveLength(14);
  });
  it('of thirteen kept runs the oldest goes, with a word', () => {
    for (let i = 0; i < 13; i++) a.addRun(run(i), `n${i}`);
    expect(names(a)).toHaveLength(12);
    expect(a.getState().notices.join()).toContain('“n0” was dropped');
  });
});
