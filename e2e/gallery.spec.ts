// The gallery with all 70 labs live: the list of labs is put in the place of the real one on the development server.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { seventyCards } from './seventy-cards.ts';

async function openGallery(page: Page): Promise<void> {
  await page.route(/virtual:lab-cards/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `export default ${JSON.stringify(seventyCards)}` }),
  );
  await page.goto('/#/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}
const links = (page: Page) => page.locator('.family-part a[href*="#/lab/"], .cards a[href*="#/lab/"]');

test('70 live labs stand by family, fold, and stay folded in the link', async ({ page }) => {
  await openGallery(page);
  await expect(page.getByText('70 labs of 70')).toBeVisible();
  await expect(links(page)).toHaveCount(70);
  const contrastive = page.getByRole('button', { name: /Contrastive learning/ });
  await expect(contrastive).toHaveAttribute('aria-expanded', 'true');
  await contrastive.focus();
  await page.keyboard.press('Enter');
  await expect(contrastive).toHaveAttribute('aria-expanded', 'false');
  expect(page.url()).toContain('fold=contrastive');
  await page.reload();
  await expect(contrastive).toHaveAttribute('aria-expanded', 'false');
  await page.getByRole('button', { name: 'Fold all families' }).click();
  await expect(links(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Unfold all families' }).click();
  await expect(links(page)).toHaveCount(70);
});

test('70 live labs are filtered by verdict, cost and words', async ({ page }) => {
  await openGallery(page);
  const count = (wanted: (card: (typeof seventyCards)[number]) => boolean) => seventyCards.filter(wanted).length;
  await page.getByLabel('Recorded verdict').selectOption('undecided');
  await expect(links(page)).toHaveCount(count(({ recorded }) => recorded?.verdict === 'undecided'));
  await page.getByLabel('Recorded verdict').selectOption('');
  await page.getByLabel('Default run').selectOption('here');
  await expect(page.getByText(/at most 2 min/)).toBeVisible();
  await expect(links(page)).toHaveCount(count(({ cost }) => cost.cpuSeconds <= 120));
  await page.getByLabel('Search').fill('no such paper at all');
  await page.getByRole('button', { name: 'Show all papers' }).click();
  await expect(links(page)).toHaveCount(70);
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`${colorScheme} theme on a phone`, () => {
    test.use({ colorScheme, viewport: { width: 390, height: 844 } });
    test('70 live labs are accessible and fit', async ({ page }) => {
      await openGallery(page);
      await expect(links(page)).toHaveCount(70);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target).join(', ')}`)).toEqual([]);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).toBeLessThanOrEqual(0);
    });
  });
