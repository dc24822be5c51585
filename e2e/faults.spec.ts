// Every page under every fault of the table, in one visit each; and faults that are no matter of one page.
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { faultsOf, open, PLACES } from './faults.ts';
import { SiteServer } from './site-server.ts';
import { translate } from './translator.ts';

const site = new SiteServer();
test.describe.configure({ timeout: 420_000 });
test.beforeAll(() => site.start());
test.afterAll(() => site.stop());

for (const place of PLACES) {
  test(`${place.name} stands under faults`, async ({ page }) => {
    const messages: string[] = [];
    const foreign: string[] = [];
    page.on('console', (m) => {
      if (m.type() === 'error' || m.type() === 'warning') messages.push(m.text());
    });
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => {
      if (!/^(http:\/\/localhost:|data:|blob:|about:)/.test(request.url())) foreign.push(request.url());
    });
    await open(page, site.url + place.hash);
    expect(messages, 'nothing is broken by the content policy').toEqual([]);
    for (const fault of faultsOf(place)) await test.step(fault.name, () => fault.check(page, place, site));
    expect(foreign).toEqual([]);
  });
}

test('a translated lab runs, pauses, stops and is reset', async ({ page }) => {
  await open(page, `${site.url}#/lab/contrastive-behaviour?v=1&budget=short&batch=64`);
  await page.evaluate(translate);
  const button = (name: string) => page.locator('.run').getByRole('button', { name: new RegExp(`^«?${name}»?$`) });
  await button('Run').click();
  await expect(page.locator('.progress-numbers')).toContainText('left', { timeout: 100_000 });
  await button('Pause').click();
  await expect(button('Resume')).toBeEnabled({ timeout: 60_000 });
  await expect(button('Run')).toHaveCount(0);
  await button('Resume').click();
  await button('Stop').click();
  await expect(button('Run')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.progress-text')).toContainText('Stopped');
  await button('Reset').click();
  await expect(page.locator('.progress-text')).toContainText('Ready');
  await expect(page.getByText(/could not be shown/)).toHaveCount(0);
});

test('the translated gallery filters, and leads to the other pages', async ({ page }) => {
  await open(page, site.url);
  await page.evaluate(translate);
  for (const text of ['lottery', '', 'nothing like it']) {
    await page.getByRole('searchbox').fill(text);
    await page.waitForTimeout(300);
  }
  await page.getByRole('button', { name: /Show all papers/ }).click();
  await expect(page.locator('.lab-card').first()).toBeVisible();
  for (const { hash } of PLACES.filter(({ kind }) => kind === null)) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText(/could not be shown/)).toHaveCount(0);
  }
});

test('opened from disk: one sentence says that a server is needed, and which command', async ({ page }) => {
  await page.goto(pathToFileURL(new URL('../dist/index.html', import.meta.url).pathname).href);
  await expect(page.getByText(/needs a server.*npm start/)).toBeVisible();
});

test('what is typed into a box is taken as meant, with a sentence where it is doubtful', async ({ page }) => {
  await open(page, `${site.url}#/lab/contrastive-behaviour`);
  const seed = page.getByLabel('First seed');
  await seed.fill('1,234');
  await seed.press('Enter');
  await expect(page.getByText(/“1,234” was read as 1234/)).toBeVisible();
  expect(page.url()).toContain('seed=1234');
  await seed.fill('many');
  await seed.press('Enter');
  await expect(page.getByText(/“many” is not a number; 1234 stays/)).toBeVisible();
});

test('a finished run is there again after About and Back, and after a reload', async ({ page }) => {
  await open(page, `${site.url}#/lab/aggregate-responses`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/Finished in/)).toBeVisible({ timeout: 150_000 });
  await page.getByRole('link', { name: 'About' }).first().click();
  await page.goBack();
  await expect(page.getByText(/Finished in/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/Finished in/)).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.reload();
  await expect(page.getByText(/Ready\. The curves show the recorded run/)).toBeVisible();
});
