import { beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../../engine/engine.ts';
import { askFrozen, FROZEN_BYTES } from './frozen.ts';

let asked = 0;
let isBroken = false;
/** Doubles its input, and repeats every row `wide` times. */
const engineOf = (wide = 1): Engine => ({
  backend: 'cpu',
  residency: 'host',
  stepper: () => Promise.reject(new Error('no stepper')),
  runner: async () => ({
    async run(feeds) {
      asked++;
      if (isBroken) throw new Error('broken');
      const x = feeds.x as Float32Array;
      const y = new Float32Array(x.length * wide);
      x.forEach((v, i) => y.fill(2 * v, i * wide, (i + 1) * wide));
      return { y };
    },
    dispose: async () => undefined,
  }),
});
const abort = new AbortController();
const ask = (values: number[] | Float32Array, { model = 1, wide = 1, signal = abort.signal } = {}) =>
  askFrozen(
    { engine: engineOf(wide), signal, status: () => undefined },
    {
      model: Uint8Array.of(model),
      input: 'x',
      values: Float32Array.from(values),
      rows: values.length,
      chunk: 2,
      what: 'asking',
    },
  );
beforeEach(() => {
  asked = 0;
  isBroken = false;
});

it('asks in chunks, once for each content', async () => {
  expect((await ask([1, 2, 3])).y).toEqual(Float32Array.of(2, 4, 6));
  expect(asked).toBe(2);
  expect((await ask([1, 2, 3])).y).toEqual(Float32Array.of(2, 4, 6));
  expect(asked).toBe(2);
  await ask([1, 2, 4]);
  await ask([1, 2, 3], { model: 2 });
  expect(asked).toBe(6);
});

it('shares an answer that is still on its way', async () => {
  const [a, b] = await Promise.all([ask([5, 6]), ask([5, 6])]);
  expect(a).toBe(b);
  expect(asked).toBe(1);
});

it('does not remember a failure or a stopped run', async () => {
  isBroken = true;
  await expect(ask([7, 8])).rejects.toThrow('broken');
  isBroken = false;
  expect((await ask([7, 8])).y).toEqual(Float32Array.of(14, 16));
  await expect(ask([9, 9], { signal: AbortSignal.abort() })).rejects.toThrow('the run was stopped');
  expect((await ask([9, 9])).y).toEqual(Float32Array.of(18, 18));
});

it('forgets the answers used longest ago when they grow too large', async () => {
  const half = FROZEN_BYTES / 4 / 4; // of float32 values, two rows each: half of what is kept
  await ask([21, 22], { model: 21, wide: half });
  await ask([31, 32], { model: 31, wide: half });
  await ask([21, 22], { model: 21, wide: half });
  await ask([41, 42], { model: 41, wide: half });
  expect(asked).toBe(3);
  await ask([21, 22], { model: 21, wide: half });
  expect(asked).toBe(3);
  await ask([31, 32], { model: 31, wide: half });
  expect(asked).toBe(4);
});
