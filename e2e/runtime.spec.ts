// The runtime in a real browser: state on the GPU, recovery, and no growth over many runs.
import { expect, test, type Page } from '@playwright/test';
import type { RunResult } from '../src/labs/_kit/contract/result.ts';
import type { RunRequest, WireError } from '../src/runtime/wire/protocol.ts';
import type { Harness } from './harness.ts';

declare const harness: Harness;
const hasWebgpu = () => test.info().project.name === 'webgpu';

test.beforeEach(async ({ page }) => {
  page.on('pageerror', (error) => console.log('page error:', error.message));
  await page.goto('/e2e/harness.html');
  await page.waitForFunction(() => 'harness' in globalThis);
});

interface Outcome {
  result: RunResult | null;
  error: WireError | null;
  notices: string[];
  backend: string;
  reason: string;
  paused: boolean[];
  events: number;
}

/** Runs the fixture lab; `meddle` is called on every progress with the steps done, once it reaches each number in `at`. */
function runFixture(
  page: Page,
  request: Partial<RunRequest>,
  what: 'nothing' | 'lose' | 'crash' | 'hide' = 'nothing',
  at: number[] = [],
): Promise<Outcome> {
  return page.evaluate(
    async ([asked, deed, marks]) => {
      const client = harness.client({ checkpointMs: 0 });
      const out: Outcome = { result: null, error: null, notices: [], backend: '', reason: '', paused: [], events: 0 };
      const show = (state: string) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      const meddle = () => {
        if (deed === 'lose') void client.loseDevice();
        if (deed === 'crash') void client.query('fixture', {}, 'crash', null).catch(() => undefined);
        if (deed === 'hide') show('hidden');
      };
      try {
        out.result = await client.run(
          { slug: 'fixture', knobs: { steps: 60 }, seeds: [1], backend: 'webgpu', ...asked },
          (event) => {
            out.events++;
            if (event.type === 'progress' && marks.length && event.done >= marks[0]) {
              marks.shift();
              meddle();
            }
            if (event.type === 'notice') out.notices.push(event.text);
            if (event.type === 'backend') Object.assign(out, { backend: event.backend, reason: event.reason });
            if (event.type === 'paused') {
              out.paused.push(event.paused);
              if (event.paused) setTimeout(() => show('visible'), 200);
            }
          },
        );
      } catch (error) {
        out.error = (error as { wire: WireError }).wire;
      }
      client.dispose();
      return out;
    },
    [request, what, at] as const,
  ) as Promise<Outcome>;
}
const finals = (result: RunResult | null) => result!.arms.map((arm) => arm.series.map((s) => s.gap));

test('a run gives a verdict on WASM and, where there is WebGPU, the same numbers on the GPU', async ({ page }) => {
  const wasm = await runFixture(page, { backend: 'wasm' });
  expect(wasm.result).toMatchObject({ backend: 'wasm', verdict: 'reproduced' });
  const auto = await runFixture(page, { backend: 'auto' });
  expect(auto.backend).toBe('wasm');
  if (!hasWebgpu()) {
    expect(auto.reason).toMatch(/no WebGPU|no graphics adapter/);
    const asked = await runFixture(page, { backend: 'webgpu' });
    expect(asked).toMatchObject({ backend: 'wasm', reason: expect.stringContaining('WebGPU was asked for') });
    expect(finals(asked.result)).toEqual(finals(wasm.result));
    return;
  }
  const first = await runFixture(page, {});
  const again = await runFixture(page, {});
  expect(first.result).toMatchObject({ backend: 'webgpu', verdict: 'reproduced' });
  expect(finals(again.result)).toEqual(finals(first.result)); // to the last digit
  finals(first.result)
    .flat(2)
    .forEach(([step, value], i) => {
      const [sameStep, other] = finals(wasm.result).flat(2)[i];
      expect(step).toBe(sameStep);
      expect(Math.abs(value - other)).toBeLessThan(1e-5 * Math.max(1, Math.abs(other)));
    });
});

test('a software adapter is told from a real one', async ({ page }) => {
  const report = await page.evaluate(() => harness.probe());
  expect(report.webgpu.available).toBe(hasWebgpu());
  expect(report.webgpu.reason.length).toBeGreaterThan(10);
  if (hasWebgpu() && /swiftshader/i.test(report.webgpu.adapter!)) {
    expect(report.webgpu.isFallback).toBe(true);
    expect((await runFixture(page, { backend: 'auto' })).reason).toContain('software');
  }
});

test('where there is a GPU, a short trial of the first step decides, and is not made twice', async ({ page }) => {
  test.skip(!hasWebgpu(), 'needs WebGPU');
  const runs = await page.evaluate(async () => {
    const client = harness.trialClient();
    const runs: { backend: string; reason: string; trialMs: { wasm?: number; webgpu?: number }; trials: number }[] = [];
    for (let i = 0; i < 2; i++) {
      let trials = 0;
      await client.run({ slug: 'fixture', knobs: { steps: 4 }, seeds: [1], backend: 'auto' }, (event) => {
        if (event.type === 'status' && event.text.startsWith('trying')) trials++;
        if (event.type === 'backend')
          runs.push({ backend: event.backend, reason: event.reason, trialMs: event.trialMs, trials });
      });
    }
    client.dispose();
    return runs;
  });
  const [first, second] = runs;
  expect(first.trials).toBe(2);
  expect(first.trialMs.webgpu!).toBeGreaterThan(0);
  expect(first.backend).toBe(first.trialMs.webgpu! < first.trialMs.wasm! ? 'webgpu' : 'wasm');
  expect(first.reason).toMatch(/WASM [\d.]+ ms, WebGPU [\d.]+ ms a step/);
  expect(second).toEqual({ ...first, trials: 0 });
});

/** A run in a browser that misbehaves as stubborn-gpu.ts says, then the same run once more. */
function runStubborn(page: Page, name: string, backend: RunRequest['backend']) {
  return page.evaluate(
    async ([worker, wish]) => {
      const client = harness.stubbornClient(worker);
      const out: { backend: string; reason: string; error: string; ms: number }[] = [];
      for (let i = 0; i < 2; i++) {
        const run = { backend: '', reason: '', error: '', ms: 0 };
        const began = performance.now();
        await client
          .run({ slug: 'fixture', knobs: { steps: 4 }, seeds: [1], backend: wish }, (event) => {
            if (event.type === 'backend') Object.assign(run, { backend: event.backend, reason: event.reason });
          })
          .catch((error: Error) => (run.error = error.message));
        out.push({ ...run, ms: performance.now() - began });
      }
      client.dispose();
      return out;
    },
    [name, backend] as const,
  );
}
for (const [name, reason] of [
  ['adapter-silent', /did not answer within \d s when asked for a graphics adapter/],
  ['info-silent', /did not answer within \d s when asked for the graphics adapter's name/],
  ['device-silent', /did not answer within \d s when asked for a graphics device/],
  ['device-refused', /refused a graphics device \(no device today\)/],
] as const)
  test(`WebGPU that misbehaves (${name}): the run goes on with WASM, says why, and so does the next one`, async ({
    page,
  }) => {
    test.skip(!hasWebgpu(), 'needs WebGPU');
    for (const wish of ['auto', 'webgpu'] as const)
      for (const run of await runStubborn(page, name, wish))
        expect(run).toMatchObject({ backend: 'wasm', error: '', reason: expect.stringMatching(reason) });
    const [chosen] = await runStubborn(page, name, 'wasm');
    expect(chosen).toMatchObject({ backend: 'wasm', error: '', reason: 'chosen by you' });
  });

test('a device that onnxruntime alone is refused: WASM where the page may choose, words where WebGPU was chosen', async ({
  page,
}) => {
  test.skip(!hasWebgpu(), 'needs WebGPU');
  const name = 'trial device-refused-to-onnxruntime';
  for (const run of await runStubborn(page, name, 'auto'))
    expect(run).toMatchObject({
      backend: 'wasm',
      error: '',
      reason: expect.stringContaining('trial on WebGPU failed'),
    });
  for (const { error } of await runStubborn(page, name, 'webgpu'))
    expect(error).toMatch(/^the engine could not start on the GPU \(Failed to get a WebGPU device: no device today\)$/);
});

test('an engine that cannot be fetched is told from a fault, and the next run works', async ({ page, context }) => {
  await context.route('**/*.wasm', (route) => route.abort());
  const failed = await runFixture(page, { backend: 'wasm' });
  expect(failed.error).toMatchObject({ kind: 'data', remedy: expect.stringContaining('connection') });
  await context.unroute('**/*.wasm');
  expect((await runFixture(page, { backend: 'wasm' })).result).toMatchObject({ verdict: 'reproduced' });
});

test('an engine that came half is fetched again by the next run of the same page', async ({ page, context }) => {
  let isCut = true;
  let asked = 0;
  await context.route('**/*.wasm', async (route) => {
    asked++;
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ response, body: isCut ? body.subarray(0, body.length / 2) : body });
  });
  await page.evaluate(() => Object.assign(globalThis, { kept: harness.client() }));
  const run = () =>
    page.evaluate(() =>
      (globalThis as unknown as { kept: ReturnType<Harness['client']> }).kept
        .run({ slug: 'fixture', knobs: { steps: 4 }, seeds: [1], backend: 'wasm' }, () => undefined)
        .then(
          (result) => result?.verdict ?? '',
          (error: { wire: WireError }) => `${error.wire.kind}: ${error.wire.message}`,
        ),
    );
  expect(await run()).toMatch(/^data: /);
  const before = asked;
  isCut = false;
  expect(await run()).toBe('reproduced');
  expect(asked).toBeGreaterThan(before);
});

test('state stays in two sets of buffers on the GPU, and comes back exactly', async ({ page }) => {
  test.skip(!hasWebgpu(), 'needs WebGPU');
  const found = await page.evaluate(async () => {
    const points = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));
    const rows = (i: number) => Int32Array.from({ length: 8 }, (_, r) => (i * 5 + r * 7) % 64);
    const trajectory = async (backend: 'wasm' | 'webgpu') => {
      const engine = await harness.openEngine(backend);
      const open = () =>
        engine.stepper(harness.meanProgram(engine.residency), { w: Float32Array.of(1, 2, 3, 4) }, { points });
      const whole = await open();
      const part = await open();
      for (let i = 0; i < 7; i++) await whole.step({ rows: rows(i), rate: 0.2 });
      for (let i = 0; i < 3; i++) await part.step({ rows: rows(i), rate: 0.2 });
      const saved = await part.save();
      await part.step({ rows: rows(9), rate: 0.9 });
      const resumed = await open();
      await resumed.load(saved);
      for (let i = 3; i < 7; i++) await resumed.step({ rows: rows(i), rate: 0.2 });
      const out = {
        whole: [...(await whole.read('w'))],
        resumed: [...(await resumed.read('w'))],
        metrics: [...(await whole.metrics())],
      };
      await engine.dispose();
      return out;
    };
    const gpu = await trajectory('webgpu');
    const wasm = await trajectory('wasm');
    const engine = await harness.openEngine('webgpu');
    const before = await harness.bufferCount();
    const stepper = await engine.stepper(harness.meanProgram('device'), { w: new Float32Array(4) }, { points });
    const open = (await harness.bufferCount()) - before;
    const twin = await engine.stepper(harness.meanProgram('device'), { w: new Float32Array(4) }, { points });
    const both = (await harness.bufferCount()) - before;
    await stepper.dispose();
    await twin.dispose();
    const left = (await harness.bufferCount()) - before;
    const tooBig = await engine.stepper(harness.meanProgram('device'), { w: new Float32Array(3) }, { points }).then(
      () => '',
      (e: Error) => e.message,
    );
    const { createBuffer } = GPUDevice.prototype;
    let made = 0;
    GPUDevice.prototype.createBuffer = function fail(this: GPUDevice, descriptor) {
      if (++made === 4) throw new RangeError('Array buffer allocation failed');
      return createBuffer.call(this, descriptor);
    };
    const failed = await engine.stepper(harness.meanProgram('device'), { w: new Float32Array(4) }, { points }).then(
      () => '',
      (e: { kind: string }) => e.kind,
    );
    GPUDevice.prototype.createBuffer = createBuffer;
    const afterwards = (await harness.bufferCount()) - before;
    return { gpu, wasm, open, both, left, tooBig, failed, afterwards };
  });
  expect(found.gpu.resumed).toEqual(found.gpu.whole);
  found.gpu.whole.forEach((v, i) => expect(v).toBeCloseTo(found.wasm.whole[i], 5));
  expect(found.gpu.metrics[0]).toBeCloseTo(found.wasm.metrics[0], 5);
  expect(found.open).toBe(6); // two of w, rate, rows, metrics, and the points
  expect(found.both).toBe(11); // the points are shared
  expect(found.left).toBe(0);
  expect([found.failed, found.afterwards]).toEqual(['out-of-memory', 0]); // a failed opening gives back what it took
  expect(found.tooBig).toMatch(/state w: expected 4 values; got 3/);
});

test('a device lost in mid-run is replaced, and the run goes on to the same numbers', async ({ page }) => {
  test.skip(!hasWebgpu(), 'needs WebGPU');
  const straight = await runFixture(page, {});
  const lost = await runFixture(page, {}, 'lose', [50]);
  expect(lost.error).toBeNull();
  expect(lost.notices).toEqual([
    expect.stringMatching(/^The graphics device was lost .*(Going on from step \d+|Starting the run again)\.$/s),
  ]);
  expect(finals(lost.result)).toEqual(finals(straight.result));
});

test('a device lost during inference and between runs does no harm', async ({ page }) => {
  test.skip(!hasWebgpu(), 'needs WebGPU');
  const out = await page.evaluate(async () => {
    const client = harness.client();
    const request = { slug: 'fixture', knobs: { steps: 4 }, seeds: [1], backend: 'webgpu' as const };
    const first = await client.run(request, () => undefined);
    await client.loseDevice();
    const query = await client.query('fixture', {}, 'double', 2);
    const second = await client.run(request, () => undefined);
    const answer = await client.query('fixture', {}, 'double', 3);
    client.dispose();
    return { same: JSON.stringify(first!.arms) === JSON.stringify(second!.arms), query, answer };
  });
  expect(out).toEqual({ same: true, query: 4, answer: 6 });
});

test('a worker that crashes in mid-run is replaced, and the run goes on to the same numbers', async ({ page }) => {
  const straight = await runFixture(page, { backend: 'wasm', knobs: { steps: 4000 } });
  const crashed = await runFixture(page, { backend: 'wasm', knobs: { steps: 4000 } }, 'crash', [400]);
  expect(crashed.error).toBeNull();
  expect(crashed.notices).toEqual([
    expect.stringMatching(/worker crashed .*told to crash.*Going on from step \d+\.$/s),
  ]);
  expect(finals(crashed.result)).toEqual(finals(straight.result));
});

/** A run of two arms and two seeds on up to `workers` workers; worker `victim` ends without a word once `at` steps are done. */
const runShared = (page: Page, workers: number, victim = -1, at = Infinity) =>
  page.evaluate(
    async ([most, killed, mark]) => {
      const client = harness.client({ checkpointMs: 0, idleMs: 50 });
      const first = harness.workers.length;
      const out = { result: null as RunResult | null, notices: [] as string[], used: 0, noticedMs: 0 };
      let killedAt = 0;
      out.result = await client.run(
        { slug: 'fixture', knobs: { steps: 6000, evalEvery: 50 }, seeds: [1, 2], backend: 'wasm', workers: most },
        (event) => {
          if (event.type === 'workers') out.used = event.of;
          if (event.type === 'progress' && event.done >= mark && !killedAt) {
            killedAt = performance.now();
            harness.workers[first + killed].terminate();
          }
          if (event.type !== 'notice') return;
          out.notices.push(event.text);
          out.noticedMs = performance.now() - killedAt;
        },
      );
      client.dispose();
      return out;
    },
    [workers, victim, Math.min(at, 1e9)] as const,
  );

test('workers that share a run give the numbers of one, to the last digit', async ({ page }) => {
  const one = await runShared(page, 1);
  const two = await runShared(page, 2);
  const all = await runShared(page, 8);
  expect([one.used, two.used, all.used]).toEqual([1, 2, 4]);
  for (const { result } of [two, all]) {
    expect(result!.arms).toEqual(one.result!.arms);
    expect(result!.claims).toEqual(one.result!.claims);
    expect(result!.pictures).toEqual(one.result!.pictures);
  }
});

for (const [who, victim] of [
  ['a helper', 1],
  ['the lead', 0],
] as const)
  test(`${who} that ends without a word is noticed at once, and only its own steps are done again`, async ({
    page,
  }) => {
    const straight = await runShared(page, 1);
    // each has 12,000 steps to do: both are under way
    const killed = await runShared(page, 2, victim, 13_500);
    expect(killed.notices).toEqual([expect.stringMatching(/worker ended.*Going on from step [1-9]\d*\.$/s)]);
    expect(killed.noticedMs).toBeLessThan(15_000);
    expect(killed.result!.arms).toEqual(straight.result!.arms);
  });

test('a hidden tab pauses the run, and it goes on at the exact step', async ({ page }) => {
  const straight = await runFixture(page, { backend: 'wasm', knobs: { steps: 2000 } });
  const hidden = await runFixture(page, { backend: 'wasm', knobs: { steps: 2000 } }, 'hide', [300]);
  expect(hidden.paused).toEqual([true, false]);
  expect(finals(hidden.result)).toEqual(finals(straight.result));
});

for (const backend of ['webgpu', 'wasm'] as const) {
  test(`200 starts and stops leave nothing behind (${backend})`, async ({ page }) => {
    test.skip(backend === 'webgpu' && !hasWebgpu(), 'needs WebGPU');
    const samples = await page.evaluate(async (wanted) => {
      const client = harness.client();
      const samples: { buffers: number; heap: number }[] = [];
      for (let i = 0; i < 200; i++) {
        const half = i % 2 === 0; // every other run is stopped half-way, the others come to their end
        await client.run(
          { slug: 'fixture', knobs: { steps: half ? 1000 : 4, evalEvery: 2 }, seeds: [1], backend: wanted },
          (event) => {
            if (half && event.type === 'points') void client.stop();
          },
        );
        if (i % 10 === 9)
          samples.push((await client.query('fixture', {}, 'resources', null)) as { buffers: number; heap: number });
      }
      client.dispose();
      return samples;
    }, backend);
    const warm = samples[1];
    const last = samples.at(-1)!;
    expect(samples).toHaveLength(20);
    expect(warm.heap).toBeGreaterThan(1e6);
    expect(last.heap).toBe(warm.heap);
    expect(last.buffers).toBeLessThanOrEqual(warm.buffers);
    if (backend === 'webgpu') expect(warm.buffers).toBeGreaterThan(0);
  });
}
