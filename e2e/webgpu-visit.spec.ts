// A visitor trains the temperature lab on WebGPU, on the built page: curves, a verdict, the adapter's name, the same numbers twice, and WASM's numbers.
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import type { RunResult } from '../src/labs/_kit/contract/result.ts';

test.use({ baseURL: `http://localhost:${Number(process.env.E2E_PORT ?? 5179) + 1}/sub/path/`, acceptDownloads: true });
const link = './#/lab/contrastive-behaviour?v=2&seed=5&budget=glimpse';

/** How far the backends may lie apart after 6 steps: they compute in float32 and sum in different orders. Measured: 0, 0.0007, 0.0001, 0.0002, 0.00004. */
const TOLERANCE = { probe: 0.02, uniformity: 0.005, tolerance: 0.002, collapse: 0.002, positive: 0.001 };

/** Opens the link afresh, chooses a backend, and runs to the end. */
async function visit(page: Page, backend: 'WebGPU' | 'WASM'): Promise<RunResult> {
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('radio', { name: backend, exact: true }).check();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/Finished in/)).toBeVisible({ timeout: 240_000 });
  return savedRun(page);
}
/** The run as the page saves it: every number to the last digit. */
async function savedRun(page: Page): Promise<RunResult> {
  await page.getByTitle('More', { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save this run (JSON)' }).click(),
  ]);
  return JSON.parse(readFileSync(await download.path(), 'utf8')) as RunResult;
}
/** All that the seed decides: no times. */
const numbersOf = ({ arms, claims, verdict }: RunResult) => ({ arms, claims, verdict });

/** Largest difference of a metric between two runs, over all arms. */
function distance(a: RunResult, b: RunResult, metric: string): number {
  return Math.max(
    ...a.arms.map((arm) => Math.abs(arm.final[metric][0] - b.arms.find(({ id }) => id === arm.id)!.final[metric][0])),
  );
}

test('a visitor sees a run on WebGPU to its end, gets the same numbers from the same link, and much the same from WASM', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const messages: string[] = [];
  page.on('pageerror', (error) => messages.push(error.message));
  const first = await visit(page, 'WebGPU');
  expect(first.backend).toBe('webgpu');
  await expect(page.getByText(/On WebGPU: chosen by you; .*/)).toBeVisible();
  const curve = page
    .locator('figure')
    .filter({ has: page.getByRole('heading', { name: 'Probe accuracy while training', exact: true }) });
  expect(await curve.locator('path.recharts-curve').count()).toBeGreaterThanOrEqual(first.arms.length);
  // a glimpse decides nothing, and says so
  await expect(page.locator('.verdict-line')).toHaveText(/^undecided/i);
  await expect(page.locator('.check-list li')).toHaveCount(first.claims.length);
  expect(first.arms).toHaveLength(8);

  expect(numbersOf(await visit(page, 'WebGPU'))).toEqual(numbersOf(first));

  const wasm = await visit(page, 'WASM');
  expect(wasm.backend).toBe('wasm');
  const apart = Object.fromEntries(Object.keys(TOLERANCE).map((metric) => [metric, distance(first, wasm, metric)]));
  console.log('largest difference between WebGPU and WASM', apart);
  for (const [metric, most] of Object.entries(TOLERANCE)) expect(apart[metric], metric).toBeLessThan(most);
  expect(messages).toEqual([]);
});
