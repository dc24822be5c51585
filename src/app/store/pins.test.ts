import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { knobDiff, loadPins, savePins } from './pins.ts';

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
function memory(text?: string) {
  let held = text ?? null;
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value;
    },
  };
}

describe('pins', () => {
  it('come back as they were kept, without pictures, the newest twelve', () => {
    const storage = memory();
    const { pictures: _, ...plain } = run;
    expect(
      savePins(
        storage,
        'a',
        Array.from({ length: 20 }, (_, i) => ({ id: `r${i}`, name: `n${i}`, result: run })),
      ),
    ).toBe(true);
    const read = loadPins(storage, 'a');
    expect(read.map((pin) => pin.id)).toEqual(Array.from({ length: 12 }, (_, i) => `r${i + 8}`));
    expect(read[0].result).toEqual(plain);
  });
  it.each([
    '',
    'null',
    '{',
    '[1]',
    '[{"id":"r1","name":"x","result":{"version":2}}]',
    JSON.stringify([{ id: 'r1', name: 'x', result: { ...run, slug: 'other' } }]),
  ])('forget what they cannot read: %.30s', (text) => {
    expect(loadPins(memory(text), 'a')).toEqual([]);
  });
  it('say when there is no room', () => {
    expect(
      savePins(
        {
          setItem: () => {
            throw new DOMException('full', 'QuotaExceededError');
          },
        },
        'a',
        [],
      ),
    ).toBe(false);
  });
});

describe('knobDiff', () => {
  it('names what differs, on either side', () =>
    expect(knobDiff({ a: 1, b: 2, c: 3 }, { a: 1, b: 4, d: 5 })).toEqual(['b', 'c', 'd']));
});
