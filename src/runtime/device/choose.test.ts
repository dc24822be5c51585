import { expect, it } from 'vitest';
import { chooseBackend, type ChoiceParts, type TimedTrial } from './choose.ts';
import type { DeviceReport } from '../wire/protocol.ts';

const report = (webgpu: Partial<DeviceReport['webgpu']> = {}): DeviceReport => ({
  webgpu: { available: true, isFallback: false, reason: 'graphics adapter X', ...webgpu },
  jspi: true,
  threads: 1,
  crossOriginIsolated: false,
});

/** Trials on a clock that only they move: `first` for the step that compiles, then `step` milliseconds each. */
function machine(cost: Record<'wasm' | 'webgpu', { open?: number; first: number; step: number; fails?: boolean }>) {
  let time = 0;
  let open = 0;
  const log: string[] = [];
  const parts: ChoiceParts = {
    report: async () => report(),
    now: () => time,
    prepare: async () => {
      time += 60_000;
    },
    open: async (backend): Promise<TimedTrial> => {
      const { open: openMs = 0, first, step, fails } = cost[backend];
      time += openMs;
      open++;
      let isWarm = false;
      return {
        advance: async (count) => {
          if (fails) throw new Error('shader error');
          log.push(backend);
          time += isWarm ? step * count : first;
          isWarm = true;
        },
        dispose: async () => {
          open--;
        },
      };
    },
  };
  return { parts, log, open: () => open };
}

it.each([
  ['webgpu', 4, 1],
  ['wasm', 0.3, 2],
] as const)('takes %s where it is the faster one, and says by how much', async (backend, wasm, webgpu) => {
  const { parts, log, open } = machine({ wasm: { first: 100, step: wasm }, webgpu: { first: 1500, step: webgpu } });
  const choice = await chooseBackend('auto', parts);
  expect(choice.backend).toBe(backend);
  expect(choice.trialMs.wasm).toBeCloseTo(wasm);
  expect(choice.trialMs.webgpu).toBeCloseTo(webgpu);
  expect(choice.reason).toMatch(/WASM .* ms, WebGPU .* ms a step/);
  expect(log.slice(-6)).toEqual(['wasm', 'webgpu', 'wasm', 'webgpu', 'wasm', 'webgpu']);
  expect(open()).toBe(0);
});

it('does not try the GPU when preparing the lab takes long already', async () => {
  const { parts, log, open } = machine({ wasm: { open: 3000, first: 10, step: 1 }, webgpu: { first: 10, step: 0.1 } });
  expect(await chooseBackend('auto', parts)).toMatchObject({
    backend: 'wasm',
    reason: expect.stringContaining('too long'),
    trialMs: {},
  });
  expect(log).not.toContain('webgpu');
  expect(open()).toBe(0);
});

it('falls back to WASM when the trial on the GPU fails', async () => {
  const { parts, open } = machine({ wasm: { first: 10, step: 1 }, webgpu: { first: 10, step: 0.1, fails: true } });
  expect(await chooseBackend('auto', parts)).toMatchObject({
    backend: 'wasm',
    reason: expect.stringContaining('shader error'),
  });
  expect(open()).toBe(0);
});

it.each([
  ['auto', { available: false, reason: 'this browser has no WebGPU' }, 'wasm', 'this browser has no WebGPU'],
  ['auto', { isFallback: true, reason: 'a software adapter' }, 'wasm', 'a software adapter'],
  [
    'webgpu',
    { available: false, reason: 'this browser has no WebGPU' },
    'wasm',
    'WebGPU was asked for, but this browser has no WebGPU',
  ],
  ['webgpu', { isFallback: true, reason: 'a software adapter' }, 'webgpu', 'chosen by you; a software adapter'],
  ['wasm', {}, 'wasm', 'chosen by you'],
] as const)('%s with %o gives %s', async (wish, webgpu, backend, reason) => {
  const { parts, log } = machine({ wasm: { first: 1, step: 1 }, webgpu: { first: 1, step: 1 } });
  expect(await chooseBackend(wish, { ...parts, report: async () => report(webgpu) })).toEqual({
    backend,
    reason,
    trialMs: {},
  });
  expect(log).toEqual([]);
});

it('asks the browser nothing about its GPU where WASM was chosen', async () => {
  const { parts } = machine({ wasm: { first: 1, step: 1 }, webgpu: { first: 1, step: 1 } });
  const never = () => new Promise<DeviceReport>(() => undefined);
  expect(await chooseBackend('wasm', { ...parts, report: never })).toMatchObject({ backend: 'wasm' });
});

it('takes WASM for a lab without a train step', async () => {
  const { parts } = machine({ wasm: { first: 1, step: 1 }, webgpu: { first: 1, step: 1 } });
  expect(await chooseBackend('auto', { ...parts, open: async () => null })).toMatchObject({
    backend: 'wasm',
    reason: expect.stringContaining('no train step'),
  });
});
