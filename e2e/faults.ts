// Faults that any page may meet, as one table: what is done to the page, and what must then hold. A new lab goes through all
// of it without a line here; what depends on the kind of lab alone is done for one lab of each kind.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import type { SiteServer } from './site-server.ts';
import { MARKS, translate } from './translator.ts';

/** A page of the site. */
export interface Place {
  name: string;
  hash: string;
  /** Labs of one kind behave alike under faults; null for pages without a lab. */
  kind: string | null;
}
export interface Fault {
  name: string;
  /** One lab of each kind does; otherwise every place goes through it. */
  perKind?: true;
  /** Labs only. */
  labs?: true;
  check(page: Page, place: Place, site: SiteServer): Promise<void>;
}

const folder = new URL('../src/labs/', import.meta.url);
const slugs = readdirSync(folder).filter((slug) => existsSync(new URL(`${slug}/meta.ts`, folder)));
/** What decides how a lab meets a fault: a picture of its own, and data to load. */
const kindOf = (slug: string): string =>
  [
    existsSync(new URL(`${slug}/View.tsx`, folder)) ? 'own picture' : 'fixed views',
    /\bdata: \[\]/.test(readFileSync(new URL(`${slug}/meta.ts`, folder), 'utf8')) ? 'no data' : 'data',
  ].join(', ');

export const PLACES: Place[] = [
  ...['', 'reproductions', 'data', 'about'].map((name) => ({ name: name || 'gallery', hash: `#/${name}`, kind: null })),
  ...slugs.map((slug) => ({ name: `lab ${slug}`, hash: `#/lab/${slug}`, kind: kindOf(slug) })),
];

/** The faults that a place goes through: the first lab of a kind stands for its kind. */
export const faultsOf = (place: Place): Fault[] =>
  FAULTS.filter(
    (fault) =>
      (!fault.labs || place.kind !== null) &&
      (!fault.perKind || place.kind === null || PLACES.find(({ kind }) => kind === place.kind) === place),
  );

export async function open(page: Page, url: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(url);
  await shows(page);
}
async function shows(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.waiting')).toHaveCount(0, { timeout: 20_000 });
  await expect(page.getByText(/could not be shown/)).toHaveCount(0);
}
const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export const FAULTS: Fault[] = [
  {
    name: 'a translator takes texts out: none has a sibling that React could miss it by',
    async check(page) {
      const loose = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.querySelector('#root')!, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          if (node.parentNode!.childNodes.length > 1) found.push(node.parentElement!.outerHTML.slice(0, 120));
        return found;
      });
      expect(loose).toEqual([]);
    },
  },
  {
    name: 'large letters: nothing scrolls sideways',
    async check(page) {
      const session = await page.context().newCDPSession(page);
      for (const standard of [24, 32]) {
        await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } });
        await expect.poll(() => sideways(page), { message: `${standard} px` }).toBeLessThanOrEqual(0);
      }
      await session.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } });
    },
  },
  {
    name: 'paper: light, and without what can be pressed',
    async check(page) {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
      for (const part of ['.run', '.head nav', '.foot', '.chart-tools', '[role=tablist]'])
        for (const one of await page.locator(part).all()) await expect(one).toBeHidden();
      await expect.poll(() => sideways(page)).toBeLessThanOrEqual(0);
      await page.emulateMedia({ media: null, colorScheme: null });
    },
  },
  {
    name: 'translated: the same is said after the same actions',
    perKind: true,
    labs: true,
    async check(page, place, site) {
      const plain = await act(page);
      await open(page, site.url + place.hash);
      await page.evaluate(translate);
      expect(await page.locator('main h1 font').count()).toBeGreaterThan(0);
      expect(difference(await act(page), plain)).toBe('');
    },
  },
  {
    name: 'a sandboxed frame: the recording, and a word on what running needs',
    perKind: true,
    labs: true,
    async check(page, place, site) {
      const address = `${site.url}${place.hash}?embed=1`;
      const around = await page.context().newPage();
      await around.setContent(`<iframe sandbox="allow-scripts" width="900" height="900" src="${address}"></iframe>`);
      const frame = around.frameLocator('iframe');
      await expect(frame.getByText(/allow-same-origin/)).toBeVisible({ timeout: 20_000 });
      await expect(frame.getByText(/recorded run/).first()).toBeVisible();
      await expect(frame.getByText(/could not be shown/)).toHaveCount(0);
      await around.close();
    },
  },
  {
    name: 'no network after the first visit',
    perKind: true,
    async check(page, place, site) {
      await open(page, site.url + place.hash);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.reload(); // now the service worker keeps what the page loads
      await shows(page);
      await page.waitForTimeout(500);
      await site.stop();
      try {
        await page.reload();
        await shows(page);
      } finally {
        await site.start();
      }
    },
  },
];

/** "asking both models …" */
const WAITING = /\b\w+ing\b[^.…]{0,40}…/;

/** Presses what changes texts on a page at rest, and reads what then stands there, part by part. */
async function act(page: Page): Promise<string[]> {
  const seen: string[] = [];
  const text = async () =>
    (await page.locator('main').innerText())
      .replace(MARKS, '')
      .replace(/\s+/g, ' ')
      .replace(/(under )?\d+(\.\d+)? ms/g, 'some ms');
  /** Once nothing has moved for a second and a half: a picture may train while one looks. */
  const read = async () => {
    let last = await text();
    await expect(async () => {
      for (let look = 0; look < 3; look++) {
        const before = last;
        await page.waitForTimeout(500);
        last = await text();
        expect(last === before && !WAITING.test(last)).toBe(true);
      }
    }).toPass({ timeout: 90_000 });
    seen.push(last);
  };
  const press = async (name: RegExp) => {
    const buttons = page.getByRole('button', { name });
    for (let i = 0, n = Math.min(4, await buttons.count()); i < n; i++) await buttons.nth(i).click({ timeout: 5000 });
    await read();
  };
  // the device is asked once, when the pointer comes near
  await page.locator('fieldset legend', { hasText: 'Runs on' }).hover();
  await expect(page.locator('fieldset').getByText(/WebGPU is (not )?available/)).toBeVisible({ timeout: 20_000 });
  await read();
  await press(/^«?(Table|Chart)»?$/);
  await press(/^What is .*\?$/);
  for (const slider of await page.locator('.settings input[type=range]').all()) await slider.press('End');
  for (const box of await page.locator('.settings input[type=checkbox]').all()) await box.press('Space');
  await read();
  await press(/All to defaults/);
  const tabs = page.getByRole('tab');
  for (let i = 0, n = await tabs.count(); i < n; i++) {
    await tabs.nth(i).click();
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
