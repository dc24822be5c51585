import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import { decodeLink } from '../link.ts';
import { createLabStore, type LabStore } from './lab-store.ts';
import { syncLink, type LinkSync } from './link-sync.ts';

const meta: LabMeta = {
  slug: 'sample',
  version: 2,
  family: 'theory',
  title: '',
  claim: '',
  question: '',
  caption: '',
  method: [],
  equations: [],
  paper: { number: 1, title: '', authors: '', venue: '', year: 2020 },
  controls: { rate: { kind: 'number', label: 'Rate', help: '', min: 0, max: 1, step: 0.1, default: 0.5 } },
  arms: [],
  metrics: {},
  views: [],
  deviations: [],
  tryThis: [],
  data: [],
  seeds: 1,
  cost: { cpuSeconds: 1, steps: 1 },
};
let written: string[];
let store: LabStore;
let sync: LinkSync;

function open(query: string) {
  written = [];
  const { notices, ...experiment } = decodeLink(meta, query);
  store = createLabStore({
    meta,
    recorded: null,
    experiment,
    notices,
    client: () => Promise.reject(new Error('none')),
  });
  sync = syncLink(store, (text, how) => written.push(`${how} ${text}`));
}
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

describe('syncLink', () => {
  it('writes the address that it found in its proper form', () => {
    open('rate=0.70&junk=1');
    expect(written).toEqual(['replace v=2&rate=0.7']);
    expect(store.getState().notices[0]).toContain('“junk”');
  });
  it('makes one step of the history of a drag, and one of each choice', () => {
    open('');
    for (let i = 0; i < 20; i++) {
      store.setKnob('rate', i / 20, false);
      vi.advanceTimersByTime(20);
    }
    expect(written).toEqual(['replace v=2']);
    vi.advanceTimersByTime(300);
    store.setKnob('rate', 0.1, false);
    vi.advanceTimersByTime(300);
    store.setKnob('rate', 0, true);
    expect(written.slice(1)).toEqual(['push v=2&rate=0.95', 'replace v=2&rate=0.1', 'replace v=2&rate=0']);
    vi.advanceTimersByTime(1500);
    store.setKnob('rate', 0.2);
    store.setSeed(9);
    expect(written.slice(4)).toEqual(['push v=2&rate=0.2', 'push v=2&seed=9&rate=0.2']);
  });
  it('a settled change ends a drag at once', () => {
    open('');
    store.setKnob('rate', 0.9, false);
    store.setKnob('rate', 0.9, true);
    vi.advanceTimersByTime(1000);
    expect(written).toEqual(['replace v=2', 'push v=2&rate=0.9']);
  });
  it('a held key is one step of the history, and so are quick presses; later or elsewhere it is a new one', () => {
    open('');
    for (let i = 0; i < 31; i++) {
      store.setKnob('rate', i / 50);
      vi.advanceTimersByTime(40);
    }
    expect(written.filter((text) => text.startsWith('push'))).toEqual(['push v=2&rate=0']);
    expect(written.at(-1)).toBe('replace v=2&rate=0.6');
    store.setSeed(3);
    store.setKnob('rate', 0.7);
    vi.advanceTimersByTime(2000);
    store.setKnob('rate', 0.8);
    expect(written.slice(-3).map((text) => text.slice(0, 4))).toEqual(['push', 'push', 'push']);
  });
  it('going back takes the settings along and pushes nothing', () => {
    open('');
    store.setKnob('rate', 0.2);
    sync.arrive('v=2');
    expect(store.getState().knobs.rate).toBe(0.5);
    expect(written.slice(2)).toEqual(['replace v=2']);
    sync.arrive('v=2');
    expect(written).toHaveLength(3);
  });
  it('leaves the address alone while a run goes on', () => {
    open('');
    store.setState({ phase: 'running', arms: [] });
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
  });
});
