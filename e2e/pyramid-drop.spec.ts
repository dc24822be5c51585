// The PyramidDrop page: trainer against browser, training live, and "your own model" with decoder files that are right, broken and foreign.
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { eagerDecoder, TINY, tinyDecoder, type TinySpec } from '../src/onnx/rewrite/made-decoder.ts';
import { editedDecoder } from '../src/onnx/rewrite/testing/edit-model.ts';
import { fetchFromDisk } from '../src/data/fetch-disk.ts';
import { openDataStore } from '../src/data/store.ts';
import {
  byTrainer,
  CUTS,
  differenceOf,
  QUESTIONS,
  type Answered,
  type Course,
} from '../src/labs/pyramid-drop/testing/golden.ts';
import { SMOL } from '../src/own-model/smol-files.ts';
import { fakeSmol, listing } from '../src/own-model/testing/fake-smol.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';

declare global {
  interface Window {
    golden?(backend: 'wasm' | 'webgpu', course: Course): Promise<Answered>;
  }
}
test.setTimeout(300_000);

/** In the page: the same questions, layer by layer. */
const IN_PAGE = `
  import { fetchFrom } from '/src/data/fetch-url.ts';
  import { openDataStore } from '/src/data/store.ts';
  import { byLayers } from '/src/labs/pyramid-drop/testing/golden.ts';
  import { openEngine } from '/src/runtime/engine/engine.ts';
  window.golden = async (backend, course) => byLayers({ data: openDataStore(fetchFrom(new URL('/', location.href).href)), engine: await openEngine(backend) }, course);`;

for (const course of ['packed', 'pyramid'] as const) {
  test(`32 questions answered by the trainer's graph in Node and by this browser: ${course}`, async ({ page }, {
    project,
  }) => {
    const data = openDataStore(fetchFromDisk(fileURLToPath(new URL('../public/', import.meta.url))));
    const want = await byTrainer({ data, engine: await openEngine('wasm') }, course);
    await page.goto('/e2e/harness.html');
    await page.addScriptTag({ type: 'module', content: IN_PAGE });
    await page.waitForFunction(() => 'golden' in window);
    const got = await page.evaluate(({ backend, course }) => window.golden!(backend, course), {
      backend: project.name === 'webgpu' ? ('webgpu' as const) : ('wasm' as const),
      course,
    });
    const { logits, scores, wrongSets, clearSets } = differenceOf(want, got);
    console.log(
      `${project.name}, ${course}: logits within ${logits.toExponential(1)}, scores within ${scores.toExponential(1)}, ${clearSets} of ${course === 'packed' ? 0 : QUESTIONS * CUTS.length} sets compared`,
    );
    expect(logits).toBeLessThan(1e-3);
    expect(scores).toBeLessThan(1e-4);
    expect(wrongSets).toBe(0);
    if (course === 'pyramid') expect(clearSets).toBeGreaterThanOrEqual(0.8 * QUESTIONS * CUTS.length);
  });
}

const upload = (bytes: Uint8Array, name = 'decoder.onnx') => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

async function openSection(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => {
    if (m.type() === 'error') errors.push(m.text());
  });
  await page.goto('/#/lab/pyramid-drop');
  await page.getByText('Your own model', { exact: true }).click();
  await expect(page.getByLabel(/The decoder's \.onnx file/)).toBeVisible({ timeout: 60_000 });
  return errors;
}
const choose = (page: Page, ...files: ReturnType<typeof upload>[]) =>
  page.getByLabel(/The decoder's \.onnx file/).setInputFiles(files);
const filesOf = (spec: TinySpec) => {
  const { bytes, data } = tinyDecoder(spec);
  return [upload(bytes), ...(data ? [upload(data.data, data.path)] : [])];
};
async function compare(page: Page, imageTokens: number): Promise<string> {
  await page.getByLabel('Image tokens', { exact: true }).fill(String(imageTokens));
  await page.getByLabel('Image tokens', { exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByTestId('own-report')).toBeVisible({ timeout: 200_000 });
  return page.getByTestId('own-report').innerText();
}

test('a decoder file is described, compared, and exact at drop 0', async ({ page }, { project }) => {
  const errors = await openSection(page);
  await choose(page, ...filesOf({ ...TINY, dataFile: 'decoder.onnx_data' }));
  await expect(page.getByText('6 layers, 4 heads of 16, 2 for keys and values, width 64')).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/sha256/).first()).toBeVisible();
  if (project.name === 'webgpu') await page.getByLabel('Runs on').last().selectOption('webgpu');
  const report = await compare(page, 64);
  expect(report).toContain('gives exactly the logits of the file');
  expect(report).toContain('64 → 32 → 16 → 8; cuts after layers 2, 3, 5');
  expect(report).toContain(project.name === 'webgpu' ? 'on WebGPU' : 'on WASM');
  expect(report).toMatch(/PyramidDrop, measured\s+[\d.]+ m?s, \d+ %/);
  const { violations } = await new AxeBuilder({ page })
    .include('.own')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([]);
  expect(errors).toEqual([]);
});

test('half precision, 4-bit weights, token numbers', async ({ page }, { project }) => {
  test.skip(project.name === 'webgpu', 'the software adapter has no half precision');
  await openSection(page);
  await choose(page, ...filesOf({ ...TINY, half: true, int4: true, ids: true }));
  await expect(page.getByText(/most in 4 bit; computes in half precision/)).toBeVisible({ timeout: 60_000 });
  expect(await compare(page, 40)).toContain('gives exactly the logits of the file');
});

test('what is wrong with a file is said, and the next one works', async ({ page }) => {
  const errors = await openSection(page);
  const { bytes } = tinyDecoder();
  const alert = page.locator('.own').getByRole('alert');
  await choose(page, upload(bytes.subarray(0, Math.floor(bytes.length / 2))));
  await expect(alert).toContainText(/breaks? off/, { timeout: 60_000 });
  await choose(page, upload(eagerDecoder()));
  await expect(alert).toContainText(
    'attention: expected com.microsoft.GroupQueryAttention (the fused family); got none',
  );
  await expect(alert).toContainText(/MatMul\s*5/);
  await choose(page, upload(new TextEncoder().encode('<!doctype html>'), 'picture.html'));
  await expect(alert).toContainText('a web page');
  await choose(page, filesOf({ ...TINY, dataFile: 'decoder.onnx_data' })[0]);
  await expect(alert).toContainText('expected "decoder.onnx_data"');
  await choose(page, upload(bytes));
  await expect(page.getByText(/6 layers, 4 heads/)).toBeVisible();
  await expect(alert).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a ring in the graph, and a data file of another name: said when opened, the file offered and taken', async ({
  page,
}) => {
  const errors = await openSection(page);
  const alert = page.locator('.own').getByRole('alert');
  const ring = editedDecoder(TINY, (g) => {
    g.node.find((n) => n.output[0] === 'x1')!.input[0] = 'y2';
  });
  await choose(page, upload(ring));
  await expect(alert).toContainText('expected values that follow from the inputs; got a cycle', { timeout: 60_000 });
  await expect(page.getByLabel(/The decoder's \.onnx file/)).toBeEnabled();
  const { bytes, data } = tinyDecoder({ ...TINY, dataFile: 'donn\u00e9es.bin' });
  await choose(page, upload(bytes), upload(data!.data, 'weights (1).bin'));
  await alert.getByRole('button', { name: 'Use "weights (1).bin" as "donn\u00e9es.bin"' }).click();
  await expect(page.getByText(/6 layers, 4 heads/)).toBeVisible({ timeout: 60_000 });
  await expect(alert).toHaveCount(0);
  await choose(page, upload(bytes), upload(data!.data, 'donne\u0301es.bin'));
  await expect(page.getByText('donne\u0301es.bin')).toBeVisible({ timeout: 60_000 });
  expect(errors).toEqual([]);
});

test('Stop ends a worker that gives no sign, and the next file opens', async ({ page, context }) => {
  await context.route('**/own-model-worker.ts*', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'self.onmessage = () => { for (;;); };' }),
  );
  await openSection(page);
  const input = page.getByLabel(/The decoder's \.onnx file/);
  await choose(page, ...filesOf(TINY));
  await expect(input).toBeDisabled();
  await page.locator('.own-busy').getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('.own').getByRole('alert')).toContainText('did not stop within 5 seconds', {
    timeout: 15_000,
  });
  await expect(input).toBeEnabled();
  await context.unroute('**/own-model-worker.ts*');
  await choose(page, ...filesOf(TINY));
  await expect(page.getByText(/6 layers, 4 heads/)).toBeVisible({ timeout: 60_000 });
});

test('training live: two losses against steps and seconds, and the time of a step', async ({ page }, { project }) => {
  test.skip(project.name === 'webgpu', 'a step takes half a minute on the software adapter');
  await page.goto('/#/lab/pyramid-drop?v=1&mode=train&steps=20&batch=16&backend=wasm');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/Finished in/)).toBeVisible({ timeout: 200_000 });
  const race = page.getByTestId('training-race');
  await expect(race).toContainText(
    /A step takes \d+ ms with all tokens and \d+ ms with drops: (\d+ % less|no less) time/,
  );
  await expect(
    race.getByRole('img', {
      name: /^Loss against steps\. all tokens: [\d.]+ after 20 steps; with PyramidDrop: [\d.]+ after 20 steps/,
    }),
  ).toBeVisible();
  await expect(race.getByRole('img', { name: /^Loss against the seconds/ })).toBeVisible();
});

test('a vision-language model: consent, download, photo, question, both answers; kept for the next visit', async ({
  page,
  context,
}, { project }) => {
  test.skip(project.name === 'webgpu', 'once is enough');
  const files = fakeSmol();
  const asked: string[] = [];
  await context.route('https://huggingface.co/**', async (route) => {
    const url = route.request().url();
    const list = url.match(/\/tree\/[0-9a-f]{40}\/?(.*)$/);
    const data = files.get(url.split(`/resolve/${SMOL.revision}/`)[1]);
    const headers = { 'access-control-allow-origin': '*' };
    asked.push(url);
    if (list) await route.fulfill({ headers, json: listing(files, list[1]) });
    else await route.fulfill(data ? { headers, body: Buffer.from(data) } : { headers, status: 404 });
  });
  const errors = await openSection(page);
  const load = page.getByRole('button', { name: 'Load SmolVLM' });
  await expect(load).toBeDisabled();
  await page.getByLabel(/Download it from huggingface\.co/).check();
  expect(asked).toEqual([]);
  await load.click();
  await expect(page.getByText(/as the host states/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('Photo').setInputFiles('docs/screenshot.png');
  await page.locator('.own').getByLabel('Question', { exact: true }).fill('What is this?');
  await page.locator('.own').getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByTestId('own-answers')).toBeVisible({ timeout: 200_000 });
  await expect(page.getByTestId('own-report')).toContainText('gives exactly the logits of the file');
  await expect(page.getByTestId('own-report')).toContainText('64 → 32 → 16 → 8');
  await page.getByLabel(/After cut/).fill('2');
  await expect(page.getByRole('img', { name: 'The photo after 2 cuts: 16 of 64 image tokens stay' })).toBeVisible();
  const before = asked.filter((url) => url.includes('/resolve/')).length;
  await page.reload();
  await page.getByText('Your own model', { exact: true }).click();
  await page.getByLabel(/Download it from huggingface\.co/).check();
  await load.click();
  await expect(page.getByText(/as the host states/).first()).toBeVisible({ timeout: 60_000 });
  expect(asked.filter((url) => url.includes('/resolve/')).length).toBe(before);
  expect(errors).toEqual([]);
});

test('the scene is drawn as emoji, asked about anew, and stays shapes with a word where the emoji cannot be had', async ({
  page,
}, { project }) => {
  test.skip(project.name === 'webgpu', 'drawing does not depend on the backend');
  await page.route('**/data/emoji/fluent-32-*', (route) => route.abort());
  await page.goto('/#/lab/pyramid-drop');
  const picture = page.locator('.pd-right canvas').first();
  const pixels = () => picture.evaluate((c: HTMLCanvasElement) => c.toDataURL());
  const answers = page.locator('.pd-answers');
  await expect(answers).toBeVisible({ timeout: 60_000 });
  const shapes = await pixels();
  await page.getByLabel('Objects drawn as', { exact: true }).and(page.locator('select')).selectOption('twemoji');
  await expect.poll(pixels, { timeout: 60_000 }).not.toBe(shapes);
  await expect(page.locator('[data-stale]')).toHaveCount(0, { timeout: 60_000 });
  expect(page.url()).toContain('look=twemoji');
  await page.getByLabel('Objects drawn as', { exact: true }).and(page.locator('select')).selectOption('fluent');
  await expect(page.getByText(/The emoji could not be had; shapes are shown/)).toBeVisible({ timeout: 60_000 });
  expect(await pixels()).toBe(shapes);
});
