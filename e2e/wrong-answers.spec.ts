// A wrong answer of the server, or a damaged kept copy, is never kept for good. On a server that misbehaves when told to.
import { expect, test, type Page } from '@playwright/test';
import { SiteServer } from './site-server.ts';

const LAB = '#/lab/contrastive-behaviour?v=1&budget=short&batch=64';
const site = new SiteServer();
test.describe.configure({ timeout: 180_000 });
test.beforeAll(() => site.start());
test.afterAll(() => site.stop());
test.beforeEach(() => site.mend());

/** Opens the page twice, so that the service worker serves it and keeps what it needs. */
async function visit(page: Page, hash = ''): Promise<void> {
  await page.goto(site.url + hash);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}
const run = (page: Page) => page.getByRole('button', { name: /^(Run|Start again)$/ }).first();
const expectTraining = (page: Page) =>
  expect(page.locator('.progress-numbers')).toContainText('left', { timeout: 100_000 });
async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/Stopped/).first()).toBeVisible({ timeout: 60_000 });
}
/** Flips one byte of the first kept file whose path matches. */
const damage = (page: Page, pattern: string) =>
  page.evaluate(async (source) => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const request = (await cache.keys()).find(({ url }) => new RegExp(source).test(url));
      if (!request) continue;
      const response = (await cache.match(request))!;
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(request, new Response(bytes, { headers: response.headers }));
      return new URL(request.url).pathname;
    }
    throw new Error(`nothing kept matches ${source}`);
  }, pattern);

for (const [what, path] of [
  ['the list of data', /^data\/manifest\.json$/],
  ['the worker script', /^assets\/lab-worker-.*\.js$/],
  ['the engine', /\.wasm$/],
] as const) {
  test(`a login page in place of ${what}: asked again once, at once`, async ({ page }) => {
    await visit(page, LAB);
    site.fail(path, 'login page', 1);
    await run(page).click();
    await expectTraining(page);
    await stop(page);
  });
  test(`a login page in place of ${what} as long as the network wants it: named, and gone when it is gone`, async ({
    page,
  }) => {
    await visit(page, LAB);
    site.fail(path, 'login page');
    await run(page).click();
    await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 100_000 });
    site.mend();
    await page.reload();
    await run(page).click();
    await expectTraining(page);
    await stop(page);
  });
}

test('a damaged kept file is dropped and fetched anew: data, engine and page', async ({ page }) => {
  await visit(page, LAB);
  await run(page).click();
  await expectTraining(page);
  await stop(page);
  const data = await damage(page, '/data/fashion/train-');
  const engine = await damage(page, '\\.wasm$');
  const script = await damage(page, '/assets/lab-page-.*\\.js$');
  // a service worker that was at rest compares sums again; this one is made to forget by a new start
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  site.asked.length = 0;
  await page.reload();
  await run(page).click();
  await expectTraining(page);
  await stop(page);
  for (const path of [data, engine, script])
    expect(site.asked.filter((asked) => path.endsWith(asked) && asked !== '')).toHaveLength(1);
});

test('a login page in place of the page is shown, but not kept; in trouble the kept page is shown', async ({
  page,
}) => {
  await visit(page);
  site.fail(/^$/, 'login page');
  await page.goto(site.url);
  await expect(page.getByRole('heading', { name: /hotel network/ })).toBeVisible();
  site.mend();
  site.fail(/^$/, 'unavailable');
  await page.goto(`${site.url}?again`);
  await expect(page.getByRole('heading', { name: /Machine-learning papers/ })).toBeVisible();
  await site.stop();
  await page.goto(`${site.url}?offline`);
  await expect(page.getByRole('heading', { name: /Machine-learning papers/ })).toBeVisible();
  await site.start();
});

test('"keep all labs offline" says its size, and then every lab opens and trains without a network', async ({
  page,
}) => {
  await visit(page);
  const keep = page.getByRole('button', { name: /Keep all labs offline \(\d.* MB\)/ });
  await expect(keep).toBeVisible();
  await keep.click();
  await expect(page.getByText(/All \d+ live labs are ready offline/)).toBeVisible({ timeout: 100_000 });
  await site.stop();
  try {
    await page.goto(`${site.url}#/lab/lottery-ticket`);
    await page.reload();
    await run(page).click();
    await expectTraining(page);
    await stop(page);
  } finally {
    await site.start();
  }
});
