// Two units through three phases: what is handed on, and that a run saved at any step goes on exactly.
import { describe, expect, it } from 'vitest';
import { prng } from '../../../util/prng.ts';
import type { Trial } from '../contract/lab.ts';
import { phases, type Carry, type Phase } from './phases.ts';

const log: string[] = [];
/** A random walk from what the phase before handed on. */
const walk = (seed: number, name: string, steps: number): Phase => ({
  name,
  steps,
  async open(carry: Carry) {
    log.push(`open ${name} at ${carry.place?.[0] ?? 'the start'}`);
    let place = carry.place?.[0] ?? 0;
    let t = 0;
    return {
      async advance(count) {
        for (let i = 0; i < count; i++) place = Math.fround(place + prng(seed, name).fork(++t).next());
      },
      evaluate: async () => [{ place }],
      carry: async () => ({ place: Float32Array.of(place) }),
      save: async () => ({ steps: t, arrays: { place: Float32Array.of(place) } }),
      async load({ steps: done, arrays }) {
        t = done;
        place = arrays.place[0];
      },
      dispose: async () => void log.push(`close ${name}`),
    };
  },
});
const unit = (seed: number) => ({
  cells: [{ arm: 'walker', seed }],
  phases: [walk(seed, 'first', 4), walk(seed, 'second', 2), walk(seed, 'third', 6)],
});
const abort = new AbortController();
const ctx = { status: () => undefined, signal: abort.signal };
const open = (units = [unit(1), unit(2)], evalEvery = 2) =>
  phases(ctx, { arms: [], evalEvery, units, claims: () => [], shortfall: null });
const placeOf = async (trial: Trial) => (await trial.evaluate(0))[0].place;

describe('phases', () => {
  it('hand on what they made, one after the other', async () => {
    const { trials, steps } = open();
    expect(steps).toBe(12);
    log.length = 0;
    const trial = await trials[0]();
    await trial.advance(4);
    const atEnd = await placeOf(trial);
    expect(log).toEqual(['open first at the start']); // evaluated before the next begins
    await trial.advance(5);
    expect(log).toEqual([
      'open first at the start',
      'close first',
      `open second at ${atEnd}`,
      'close second',
      expect.stringMatching(/^open third at/),
    ]);
    await trial.dispose();
  });

  it('go on exactly from every step, also from between two phases', async () => {
    for (const [index, seed] of [1, 2].entries()) {
      const whole = await open().trials[index]();
      await whole.advance(12);
      const expected = await placeOf(whole);
      expect(expected).toBeGreaterThan(0);
      for (let cut = 0; cut <= 12; cut++) {
        const first = await open().trials[index]();
        await first.advance(cut);
        const second = await open([unit(seed)]).trials[0]();
        await second.load(structuredClone(await first.save()));
        await second.advance(12 - cut);
        expect(await placeOf(second), `seed ${seed}, cut ${cut}`).toBe(expected);
      }
    }
  });

  it('differ between units', async () => {
    const places = [];
    for (const trial of open().trials) {
      const opened = await trial();
      await opened.advance(12);
      places.push(await placeOf(opened));
    }
    expect(places[0]).not.toBe(places[1]);
  });

  it('refuse ends between two evaluations and units of other lengths', () => {
    expect(() => open([unit(1)], 4)).toThrow('phase "second": expected a multiple of 4 steps; got 2');
    const short = { ...unit(2), phases: [walk(2, 'first', 4)] };
    expect(() => open([unit(1), short])).toThrow('phases: expected 12 steps in every unit; got 4');
  });
});
