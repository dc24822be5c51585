// npx tsx tools/measure/first-step.ts [--labs a,b] [--speed-up] [--flags "..."]: seconds from Run to the first training step of every live lab
// on WebAssembly, at the first visit and with the engine in the browser's cache; with --speed-up also whole runs of one lab with one worker and
// with two, in Chromium and in Node. Serves dist/ itself: run `npm run build` before. Means something on a quiet machine only.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import { preview } from 'vite';
import { createNodeClient } from '../../src/runtime/node/node-client.ts';
import { labSlugs, loadLab } from '../../src/runtime/node/node-host.ts';
import { median } from '../../src/util/stats.ts';

const PATIENCE_MS = 180_000;
const ROUNDS = 3;
/** A lab of many trials, small enough to be run whole. */
const RACE = { slug: 'contrastive-behaviour', knobs: { budget: 'short' } };
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const { values: options } = parseArgs({
  options: { labs: { type: 'string' }, 'speed-up': { type: 'boolean' }, flags: { type: 'string', default: '' } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
if (!existsSync(`${root}dist/index.html`)) throw new Error('first-step: expected dist/; run `npm run build` first');
const server = await preview({ root, preview: { port: 0 }, logLevel: 'error' });
const address = server.resolvedUrls!.local[0];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || BROWSERS.find((path) => existsSync(path)),
  args: ['--no-sandbox', ...options.flags.split(' ').filter(Boolean)],
});

async function openLab(page: Page, slug: string, query = ''): Promise<void> {
  await page.goto(`${address}#/lab/${slug}?backend=wasm${query}`);
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  // nothing of the page's own start is part of the time
  await page.waitForLoadState('networkidle');
}

/** Seconds from the click to the first step that the progress line counts. */
async function firstStep(page: Page, slug: string): Promise<number> {
  await openLab(page, slug);
  return page.evaluate(async (patienceMs) => {
    const run = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === 'Run')!;
    const start = performance.now();
    run.click();
    for (;;) {
      const done = Number(
        (document.querySelector('.progress-numbers')?.textContent ?? '').replace(/ of .*/, '').replaceAll(',', ''),
      );
      const seconds = (performance.now() - start) / 1000;
      if (done >= 1) return seconds;
      if (seconds * 1000 > patienceMs) return NaN;
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }, PATIENCE_MS);
}

/** A new profile has fetched nothing; the second page finds the engine in its cache. */
async function visits(on: Browser, slug: string): Promise<{ first: number; cached: number }> {
  const context = await on.newContext();
  const page = await context.newPage();
  const first = await firstStep(page, slug);
  await page.close();
  const again = await context.newPage();
  const cached = await firstStep(again, slug);
  await context.close();
  return { first, cached };
}

/** Seconds of a whole run in the page with the given number of workers. */
async function wholeInPage(page: Page, workers: number): Promise<number> {
  await openLab(page, RACE.slug, `&budget=${RACE.knobs.budget}`);
  await page.getByLabel('Workers on WASM').selectOption(String(workers));
  const start = performance.now();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/Finished in/).waitFor({ timeout: 20 * 60_000 });
  return (performance.now() - start) / 1000;
}
async function wholeInNode(workers: number): Promise<number> {
  const client = createNodeClient({ backend: 'wasm' });
  const start = performance.now();
  await client.run({ ...RACE, seeds: [1], backend: 'auto', workers }, () => undefined);
  client.dispose();
  return (performance.now() - start) / 1000;
}

async function speedUp(where: string, whole: (workers: number) => Promise<number>): Promise<void> {
  const times = new Map([1, 2].map((workers) => [workers, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) for (const [workers, all] of times) all.push(await whole(workers));
  const [one, two] = [...times.values()].map(median);
  console.log(`| ${where} | ${one.toFixed(1)} | ${two.toFixed(1)} | ${(one / two).toFixed(2)} |`);
}

const slugs = options.labs?.split(',') ?? labSlugs();
console.log('| lab | first visit, s | engine cached, s |\n|---|---|---|');
for (const slug of slugs) {
  if (!(await loadLab(slug))) throw new Error(`first-step: unknown lab "${slug}"; known: ${labSlugs().join(', ')}`);
  const { first, cached } = await visits(browser, slug);
  console.log(`| ${slug} | ${first.toFixed(2)} | ${cached.toFixed(2)} |`);
}
if (options['speed-up']) {
  console.log('\n| where | 1 worker, s | 2 workers, s | times faster |\n|---|---|---|---|');
  const page = await browser.newPage();
  await speedUp('Chromium', (workers) => wholeInPage(page, workers));
  await speedUp('Node', wholeInNode);
}
await browser.close();
await server.close();
process.exit(0);
