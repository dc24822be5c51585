// The built page, under a sub-path, in a browser without WebGPU: what a visitor sees and does, and what goes wrong.
import { existsSync, readdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 5179) + 1;
const base = `http://localhost:${port}/sub/path/`;
const labs = new URL('../src/labs/', import.meta.url);
const slugs = readdirSync(labs).filter((slug) => existsSync(new URL(`${slug}/meta.ts`, labs)));
/** Seen in both themes; other labs once, in one theme each by turns, so that the tests stay quick with 70 labs. */
const flagships = ['pyramid-drop', 'contrastive-behaviour', 'kd-norm-direction'];
test.use({ baseURL: base });
test.describe.configure({ timeout: 240_000 });

/** Errors and warnings of the console, and requests that leave the site. */
function watch(page: Page): { messages: string[]; foreign: string[] } {
  const seen = { messages: [] as string[], foreign: [] as string[] };
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') seen.messages.push(m.text());
  });
  page.on('pageerror', (e) => seen.messages.push(e.message));
  page.on('request', (r) => {
    if (!/^(http:\/\/localhost:|data:|blob:)/.test(r.url())) seen.foreign.push(r.url());
  });
  return seen;
}
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([]);
}
const noSidewaysScroll = (page: Page) =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
    .toBeLessThanOrEqual(0);

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`${colorScheme} theme`, () => {
    test.use({ colorScheme });
    test('the gallery lists 70 papers, links live labs only, filters, and is accessible', async ({ page }) => {
      const seen = watch(page);
      await page.goto('./');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('a[href*="#/lab/"]').first()).toBeVisible();
      const linked = await page
        .locator('a[href*="#/lab/"]')
        .evaluateAll((all) => [
          ...new Set(all.map((a) => a.getAttribute('href')!.replace(/^.*#\/lab\/([a-z0-9-]+).*$/, '$1'))),
        ]);
      expect(linked.sort()).toEqual([...slugs].sort());
      await expect(page.getByText(/of 70/).first()).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel('Search').fill('lottery');
      await expect(page.getByText(/lottery/i).first()).toBeVisible();
      expect(seen).toEqual({ messages: [], foreign: [] });
    });
    const visited = slugs.filter((slug, i) => flagships.includes(slug) || (i % 2 === 0) === (colorScheme === 'light'));
    for (const slug of visited) {
      test(`lab ${slug} shows claim, recorded verdict and picture at once, and is accessible`, async ({ page }) => {
        const seen = watch(page);
        await page.goto(`./#/lab/${slug}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByText(/recorded: (reproduced|not reproduced|undecided)/i).first()).toBeVisible();
        await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
        await page.waitForTimeout(1500);
        await expectAccessible(page);
        expect(seen).toEqual({ messages: [], foreign: [] });
      });
    }
  });
}

for (const [width, height] of [
  [360, 740],
  [1920, 1080],
] as const) {
  test(`nothing scrolls sideways at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    for (const path of ['', '#/reproductions', '#/data', '#/about', ...slugs.map((s) => `#/lab/${s}`)]) {
      await page.goto(`./${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForTimeout(500);
      await noSidewaysScroll(page);
    }
  });
}

const quick = './#/lab/contrastive-behaviour?v=1&seed=5&budget=short&batch=64';
/** The table behind a chart's Table button, as text. */
async function tableOf(page: Page, title: string): Promise<string> {
  const panel = page.locator('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
  await panel.getByRole('button', { name: /Table/ }).first().click();
  return panel.getByRole('table').first().innerText();
}
async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/Finished in/)).toBeVisible({ timeout: 400_000 });
}

test('a visitor runs the first lab on WASM by keyboard, gets a verdict, and the same link gives the same numbers', async ({
  page,
}) => {
  test.setTimeout(900_000);
  const seen = watch(page);
  await page.goto(quick);
  await page.getByRole('button', { name: 'Run', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Finished in/)).toBeVisible({ timeout: 400_000 });
  await expect(
    page
      .locator('.check-list')
      .getByText(/measured/)
      .first(),
  ).toBeVisible();
  expect(page.url()).toContain('seed=5');
  const first = await tableOf(page, 'Probe accuracy while training');
  expect(first).toMatch(/\d/);
  await page.reload();
  await runToEnd(page);
  expect(await tableOf(page, 'Probe accuracy while training')).toBe(first);
  expect(seen.foreign).toEqual([]);
  expect(seen.messages).toEqual([]);
});

test('pause, step, resume and stop', async ({ page }) => {
  await page.goto(quick);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/left/).first()).toBeVisible({ timeout: 100_000 });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
  const before = await page.locator('.progress-numbers').innerText();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.progress-numbers')).not.toHaveText(before, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/Stopped/).first()).toBeVisible({ timeout: 60_000 });
});

test('asking for WebGPU where there is none says so and runs on WASM', async ({ page }) => {
  await page.goto(`${quick}&backend=webgpu`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/WebGPU was asked for/).first()).toBeVisible({ timeout: 100_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
});

test('hostile, broken and future links are mended with a notice', async ({ page }) => {
  const seen = watch(page);
  await page.goto(
    './#/lab/contrastive-behaviour?v=1&tau=1e999&alpha=<script>alert(1)</script>&batch=-7&z=99&__proto__=x&seed=NaN&%E0%A4%A=1',
  );
  await expect(page.getByRole('list', { name: 'Notices' })).toBeVisible();
  await expect(page.locator('script', { hasText: 'alert(1)' })).toHaveCount(0);
  await page.goto('./#/lab/contrastive-behaviour?v=999&tau=0.1');
  await expect(page.getByText(/newer version/i).first()).toBeVisible();
  await page.goto('./#/lab/no-such-lab');
  await expect(page.getByRole('link', { name: /See all labs/ })).toBeVisible();
  await page.goto('./#/nowhere');
  await expect(page.getByRole('link', { name: /See all labs/ })).toBeVisible();
  expect(seen.messages).toEqual([]);
});

test('a saved run comes back from a file and from a link, and a broken one is named', async ({ page, context }) => {
  const seen = watch(page);
  const told = page.getByRole('list', { name: 'Notices' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./#/lab/lottery-ticket');
  await page.getByRole('tab', { name: /Runs/ }).click();
  const file = page.getByLabel('Open a saved run');
  await file.setInputFiles({
    name: 'cut.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"version":1,"slug"'),
  });
  await expect(told.getByText(/“cut\.json” is not JSON/)).toBeVisible();
  await file.setInputFiles(new URL('../src/labs/aggregate-responses/recorded.json', import.meta.url).pathname);
  await expect(told.getByText(/is a run of the lab “aggregate-responses”/)).toBeVisible();
  await file.setInputFiles(new URL('../src/labs/lottery-ticket/recorded.json', import.meta.url).pathname);
  await expect(page.getByRole('button', { name: /^Remove .*from a file/ })).toBeVisible();
  await page.getByRole('button', { name: /^Copy a link that holds .*from a file/ }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('&x=');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(told.getByText(/This link brought a run/)).toBeVisible();
  expect(page.url()).not.toContain('x=');
  await page.getByRole('tab', { name: /Runs/ }).click();
  await expect(page.getByRole('button', { name: /^Remove .*from a link/ })).toBeVisible();
  await page.goto('about:blank');
  await page.goto(link.slice(0, -200));
  await expect(told.getByText(/The run in this link cannot be read/)).toBeVisible();
  expect(seen.messages).toEqual([]);
});

test.describe('without the service worker', () => {
  test.use({ serviceWorkers: 'block' });
  test('a missing data file is named, and the run works once it is back', async ({ page, context }) => {
    await context.route('**/data/fashion/**', (route) => route.abort());
    await page.goto(quick);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByRole('alert').filter({ hasText: /fashion/i })).toBeVisible({ timeout: 100_000 });
    await context.unroute('**/data/fashion/**');
    await page.getByRole('button', { name: 'Start again' }).click();
    await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeEnabled({ timeout: 100_000 });
    await expect(page.locator('.progress-numbers')).toContainText('left', { timeout: 100_000 });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
  });
});

test('works offline after the first visit', async ({ page, context }) => {
  await page.goto('./#/lab/contrastive-behaviour');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForTimeout(4000);
  await context.setOffline(true);
  await page.goto('./#/');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('./#/lab/contrastive-behaviour');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
});

test('the gallery needs less than 200 kB of compressed script, and onnxruntime only when a lab runs', async ({
  page,
}) => {
  const scripts: string[] = [];
  page.on('response', (r) => {
    if (/\.(js|mjs|wasm)$/.test(new URL(r.url()).pathname)) scripts.push(r.url());
  });
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const { gzipSync } = await import('node:zlib');
  const first = scripts.filter((url) => !url.endsWith('sw.js'));
  let bytes = 0;
  for (const url of first) bytes += gzipSync(Buffer.from(await (await page.request.get(url)).body())).length;
  expect(first.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(200_000);
  expect(first.filter((url) => /ort|wasm/.test(url))).toEqual([]);
});
