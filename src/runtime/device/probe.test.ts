import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const never = () => new Promise<never>(() => undefined);
const refuse = () => Promise.reject(new Error('no device today'));
const info = { vendor: 'acme', architecture: 'one', device: '', description: '' };
const device = { destroy: vi.fn() };
const adapter = { info, limits: { maxBufferSize: 1 }, requestDevice: async () => device };

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What a fresh worker finds, and how long it waited. */
async function probed(gpu: object | undefined, times = 1) {
  vi.stubGlobal('navigator', { gpu });
  const { probe } = await import('./probe.ts');
  for (let i = 1; i < times; i++) {
    const before = probe();
    await vi.runAllTimersAsync();
    await before;
  }
  const began = Date.now();
  const asked = probe();
  await vi.runAllTimersAsync();
  return { ...(await asked).webgpu, waitedMs: Date.now() - began };
}

it('an adapter counts when it gives a device, which is given back', async () => {
  expect(await probed({ requestAdapter: async () => adapter })).toMatchObject({
    available: true,
    reason: 'graphics adapter acme one',
    waitedMs: 0,
  });
  expect(device.destroy).toHaveBeenCalledOnce();
});

const { info: _, ...older } = adapter;
it.each([
  ['no WebGPU', undefined, /^this browser has no WebGPU$/, 0],
  ['no adapter', { requestAdapter: async () => null }, /offers no graphics adapter/, 0],
  ['adapter refused', { requestAdapter: refuse }, /refused a graphics adapter \(no device today\)/, 0],
  [
    'adapter never comes',
    { requestAdapter: never },
    /did not answer within 6 s when asked for a graphics adapter/,
    6000,
  ],
  [
    'device refused',
    { requestAdapter: async () => ({ ...adapter, requestDevice: refuse }) },
    /refused a graphics device \(no device today\)/,
    0,
  ],
  [
    'device never comes',
    { requestAdapter: async () => ({ ...adapter, requestDevice: never }) },
    /did not answer within 6 s when asked for a graphics device/,
    6000,
  ],
  [
    'an older browser that never tells the name',
    { requestAdapter: async () => ({ ...older, requestAdapterInfo: never }) },
    /did not answer within 6 s when asked for the graphics adapter's name/,
    6000,
  ],
])('%s: said in words, in time', async (_, gpu, reason, waitedMs) => {
  expect(await probed(gpu)).toEqual({ available: false, reason: expect.stringMatching(reason), waitedMs });
});

it('waits less long once a question was left unanswered', async () => {
  expect(await probed({ requestAdapter: never }, 2)).toMatchObject({ available: false, waitedMs: 1000 });
});

it('takes the name from an older browser', async () => {
  const gpu = { requestAdapter: async () => ({ ...older, requestAdapterInfo: async () => info }) };
  expect(await probed(gpu)).toMatchObject({ available: true, adapter: 'acme one' });
});
