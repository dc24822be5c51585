// "Your own model" on the PyramidDrop page: decoder files through the file input, right, broken and foreign.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { eagerDecoder, TINY, tinyDecoder, type TinySpec } from '../src/onnx/rewrite/made-decoder.ts';

test.setTimeout(240_000);
const upload = (bytes: Uint8Array, name = 'decoder.onnx') => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });

async function openSection(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  await page.goto('/#/lab/pyramid-drop');
  await page.getByText('Your own model', { exact: true }).click();
  await expect(page.getByLabel(/The decoder's \.onnx file/)).toBeVisible({ timeout: 60_000 });
  return errors;
}
const choose = (page: Page, ...files: ReturnType<typeof upload>[]) => page.getByLabel(/The decoder's \.onnx file/).setInputFiles(files);
const filesOf = (spec: TinySpec) => { const { bytes, data } = tinyDecoder(spec); return [upload(bytes), ...(data ? [upload(data.data, data.path)] : [])]; };
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
  await expect(page.getByText('6 layers, 4 heads of 16, 2 for keys and values, width 64')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/sha256/).first()).toBeVisible();
  if (project.name === 'webgpu') await page.getByLabel('Runs on').last().selectOption('webgpu');
  const report = await compare(page, 64);
  expect(report).toContain('gives exactly the logits of the file');
  expect(report).toContain('64 → 32 → 16 → 8; cuts after layers 2, 3, 5');
  expect(report).toContain(project.name === 'webgpu' ? 'on WebGPU' : 'on WASM');
  expect(report).toMatch(/PyramidDrop, measured\s+[\d.]+ m?s, \d+ %/);
  const { violations } = await new AxeBuilder({ page }).include('.own').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
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
  const errors = await openSection(page), { bytes } = tinyDecoder(), alert = page.locator('.own').getByRole('alert');
  await choose(page, upload(bytes.subarray(0, Math.floor(bytes.length / 2))));
  await expect(alert).toContainText(/breaks? off/, { timeout: 60_000 });
  await choose(page, upload(eagerDecoder()));
  await expect(alert).toContainText('attention: expected com.microsoft.GroupQueryAttention (the fused family); got none');
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
