// A translated page: every lab says the same after the same actions, and runs, stops and resets.
import { existsSync, readdirSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { MARKS, translate } from './translator.ts';
import { SiteServer } from './site-server.ts';

const labs = new URL('../src/labs/', import.meta.url);
const slugs = readdirSync(labs).filter((slug) => existsSync(new URL(`${slug}/meta.ts`, labs)));
const site = new SiteServer();
test.beforeAll(() => site.start());
test.afterAll(() => site.stop());

/** Presses what changes texts on a page at rest, and reads what then stands there, part by part. */
async function act(page: Page): Promise<string[]> {
  const seen: string[] = [];
  const text = async () => (await page.locator('main').innerText()).replace(MARKS, '').replace(/\s+/g, ' ');
  /** Once nothing moves any more. */
  const read = async () => {
    let last = await text();
    await expect(async () => {
      const before = last;
      await page.waitForTimeout(400);
      last = await text();
      expect(last === before).toBe(true);
    }).toPass({ timeout: 20_000 });
    seen.push(last);
  };
  await read();
  for (const name of [/^(Table|Chart)$/, /^What is .*\?$/]) {
    const buttons = page.getByRole('button', { name });
    for (let i = 0, n = Math.min(6, await buttons.count()); i < n; i++) await buttons.nth(i).click({ timeout: 5000 });
    await read();
  }
  for (const slider of await page.locator('.settings input[type=range]').all()) await slider.press('End');
  for (const box of await page.locator('.settings input[type=checkbox]').all()) await box.press('Space');
  await read();
  const defaults = page.getByRole('button', { name: /All to defaults/ });
  if (await defaults.isEnabled()) await defaults.click();
  await read();
  const tabs = page.getByRole('tab');
  for (let i = 0, n = await tabs.count(); i < n; i++) {
    await tabs.nth(i).click();
    await page.waitForTimeout(200);
    await read();
  }
  return seen;
}
/** Around the first letter that differs, or nothing. */
function difference(seen: string[], wanted: string[]): string {
  const part = seen.findIndex((text, i) => text !== wanted[i]);
  if (part < 0) return '';
  const at = [...seen[part]].findIndex((letter, i) => letter !== wanted[part][i]);
  const near = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `after action ${part}: "${near(seen[part])}" instead of "${near(wanted[part])}"`;
}
async function open(page: Page, hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(site.url + hash);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForTimeout(1500);
}

for (const slug of slugs) {
  test(`${slug} says the same when it is translated`, async ({ page }) => {
    await open(page, `#/lab/${slug}`);
    const plain = await act(page);
    await open(page, `#/lab/${slug}`);
    await page.evaluate(translate);
    expect(await page.locator('main h1 font').count()).toBeGreaterThan(0);
    expect(difference(await act(page), plain)).toBe('');
  });
}

test('a translated lab runs, pauses, stops and is reset', async ({ page }) => {
  test.setTimeout(200_000);
  await open(page, '#/lab/contrastive-behaviour?v=1&budget=short&batch=64');
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

test('the other pages filter and open what they have when they are translated', async ({ page }) => {
  await open(page, '');
  await page.evaluate(translate);
  for (const text of ['lottery', 'no such paper', '']) {
    await page.getByRole('searchbox').fill(text);
    await page.waitForTimeout(300);
  }
  await page.getByRole('searchbox').fill('nothing like it');
  await page.getByRole('button', { name: /Show all papers/ }).click();
  await expect(page.locator('.lab-card').first()).toBeVisible();
  for (const path of ['#/data', '#/reproductions', '#/about', '#/lab/nowhere', '#/']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForTimeout(500);
    await expect(page.getByText(/could not be shown/)).toHaveCount(0);
  }
});
