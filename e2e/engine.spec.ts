// The engine on WebGPU: every op against the evaluator, and every lab's training graph against WebAssembly, without CPU fallback.
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Harness } from './harness.ts';

declare const harness: Harness;
const labs = new URL('../src/labs/', import.meta.url);
const slugs = readdirSync(labs).filter((slug) => existsSync(new URL(`${slug}/meta.ts`, labs)));

test.describe.configure({ timeout: 300_000 });
test.beforeEach(async ({ page }) => {
  await page.goto('/e2e/harness.html');
  await page.waitForFunction(() => 'harness' in globalThis);
});

test('every op equals the evaluator', async ({ page }) => {
  const rows = await page.evaluate(async () => harness.opParity(await harness.openEngine('webgpu')));
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((r) => !(r.error <= Math.max(r.tolerance, 1e-4)))).toEqual([]);
});

test('graphs at the edges of kernels equal the evaluator', async ({ page }) => {
  const rows = await page.evaluate(() => harness.graphParity());
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((r) => !(r.error <= 1e-4))).toEqual([]);
});

for (const slug of slugs) {
  test(`${slug}: the training graphs take the same step on WebGPU and WebAssembly`, async ({ page }) => {
    const warnings: string[] = [];
    page.on('console', (m) => {
      if (m.type() === 'warning' || m.type() === 'error') warnings.push(m.text());
    });
    const rows = await page.evaluate((name) => harness.sampleParity(name), slug);
    for (const row of rows) expect(row.error, `${row.sample}: ${row.state}`).toBeLessThan(1e-3);
    expect(warnings).toEqual([]);
  });
}

test('a stacked step on WebGPU equals the single ones', async ({ page }) => {
  const { worst, stackedNodes, singleNodes } = await page.evaluate(() => harness.stackParity());
  expect(worst).toBeLessThan(1e-4);
  expect(stackedNodes).toBeLessThan(2 * singleNodes);
});
