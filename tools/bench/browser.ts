// Builds the bench page, serves it, and drives headless Chromium: a fresh page per row, so that no row inherits another's heap.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build, preview, type PreviewServer } from 'vite';
import type { DeviceReport } from '../../src/runtime/wire/protocol.ts';
import type { RowRequest, Row } from './measure.ts';
import type { Opening, OpeningRequest } from './opening.ts';
import type { PageBench } from './page/page.ts';

const root = fileURLToPath(new URL('page', import.meta.url));
const outDir = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
];
/** Opens shared memory to the page, hence threads. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export interface BrowserOptions {
  threads: boolean;
  /** Further flags of Chromium, such as the ones that reach a real GPU. */ flags: string[];
  /** A row that takes longer is given up. */ timeoutMs: number;
}

export class BrowserBench {
  readonly device: DeviceReport;
  readonly version: string;
  private readonly server: PreviewServer;
  private readonly browser: Browser;
  private readonly timeoutMs: number;
  private constructor(server: PreviewServer, browser: Browser, device: DeviceReport, timeoutMs: number) {
    this.server = server;
    this.browser = browser;
    this.device = device;
    this.version = `Chromium ${browser.version()}`;
    this.timeoutMs = timeoutMs;
  }

  static async open({ threads, flags, timeoutMs }: BrowserOptions): Promise<BrowserBench> {
    const common = { root, configFile: false as const, base: './', logLevel: 'error' as const };
    // a thread of onnxruntime loads its chunk again: what that chunk needs of the bundler must not drag the page in
    const rolldownOptions = { output: { codeSplitting: { groups: [{ name: 'runtime', test: /rolldown.runtime/ }] } } };
    await build({
      ...common,
      build: {
        outDir,
        emptyOutDir: true,
        target: 'esnext',
        chunkSizeWarningLimit: 8000,
        modulePreload: { polyfill: false },
        rolldownOptions,
      },
    });
    const server = await preview({
      ...common,
      build: { outDir },
      preview: { port: 0, headers: threads ? ISOLATED : {} },
    });
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...FLAGS, ...flags] });
    const page = await openPage(browser, server);
    const device = await page.evaluate(() => (window as unknown as { bench: PageBench }).bench.device());
    await page.close();
    return new BrowserBench(server, browser, device, timeoutMs);
  }

  /** Measures one row in a page of its own. @throws Error when it takes too long or the page dies */
  row(request: RowRequest, log: (line: string) => void): Promise<Row> {
    return this.inPage(log, (page) =>
      page.evaluate(async (given) => {
        const { bench } = window as unknown as { bench: PageBench };
        await bench.device();
        return bench.row(given);
      }, request),
    );
  }

  opening(request: OpeningRequest): Promise<Opening> {
    return this.inPage(
      () => undefined,
      (page) => page.evaluate((given) => (window as unknown as { bench: PageBench }).bench.opening(given), request),
    );
  }

  private async inPage<T>(log: (line: string) => void, task: (page: Page) => Promise<T>): Promise<T> {
    const page = await openPage(this.browser, this.server, log);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`gave up after ${this.timeoutMs / 1000} s`)), this.timeoutMs);
    });
    const result = task(page);
    try {
      return await Promise.race([result, late]);
    } finally {
      clearTimeout(timer);
      result.catch(() => undefined);
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

async function openPage(browser: Browser, server: PreviewServer, log?: (line: string) => void): Promise<Page> {
  const page = await browser.newPage();
  const session = await browser.newBrowserCDPSession();
  await page.exposeFunction('cpuMs', async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return (
      1000 * processInfo.filter((p) => p.type === 'renderer' || p.type === 'GPU').reduce((sum, p) => sum + p.cpuTime, 0)
    );
  });
  page.on('close', () => {
    session.detach().catch(() => undefined);
  });
  page.on('console', (message) => {
    if (message.type() === 'info') log?.(message.text());
  });
  page.on('pageerror', (error) => log?.(`page: ${error.message}`));
  await page.goto(server.resolvedUrls!.local[0]);
  await page.waitForFunction(() => 'bench' in window);
  return page;
}

/** Playwright's own Chromium where it is installed, else the system's. */
function chromiumPath(): string | undefined {
  if (existsSync(chromium.executablePath())) return undefined;
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!found) throw new Error('bench: expected Chromium; got none. Run `npx playwright install chromium`');
  return found;
}
