// The page without a network: keeps the page from the first visit on, and engine, models and data from their first use.
// Built as sw.js; the build fills in the constants below (tools/vite/service-worker.ts).
import { strategyFor } from './strategy.ts';

/** Changes with every build that changes a file. */
declare const __BUILD__: string;
/** Changes when the manifests of models or data change. */
declare const __FILES__: string;
/** What the gallery and a lab page need before any lab runs. */
declare const __PRECACHE__: string[];
/** Every hashed file of this build. */
declare const __ASSETS__: string[];

declare const self: ServiceWorkerGlobalScope;

const PAGE = `page-${__BUILD__}`;
const ASSETS = 'assets';
const FILES = `files-${__FILES__}`;
/** Models that a visitor chose to download (src/own-model/smol-files.ts): theirs to keep. */
const VISITOR = 'visitor-models';
const scope = new URL('./', self.location.href).href;

async function install(): Promise<void> {
  const [page, assets] = await Promise.all([caches.open(PAGE), caches.open(ASSETS)]);
  await page.addAll(
    ['./', './favicon.svg', './manifest.webmanifest'].map((url) => new Request(url, { cache: 'reload' })),
  );
  const missing = await Promise.all(__PRECACHE__.map(async (url) => ((await assets.match(url)) ? null : url)));
  await assets.addAll(missing.filter((url) => url !== null));
  await self.skipWaiting();
}

/** Drops what no file of this build needs. */
async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (![PAGE, ASSETS, FILES, VISITOR].includes(name)) await caches.delete(name);
  const assets = await caches.open(ASSETS);
  const known = new Set(__ASSETS__.map((path) => scope + path));
  for (const request of await assets.keys()) if (!known.has(request.url)) await assets.delete(request);
  await self.clients.claim();
}

async function keptFirst(request: Request, name: string): Promise<Response> {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone()).catch(() => undefined); // a full disk costs the copy, not the answer
  return response;
}

async function networkFirst(request: Request): Promise<Response> {
  const cache = await caches.open(PAGE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(pageKey(request), response.clone()).catch(() => undefined);
    return response;
  } catch (error) {
    const kept = await cache.match(pageKey(request));
    if (kept) return kept;
    throw error;
  }
}
const pageKey = (request: Request): string => (request.mode === 'navigate' ? scope : request.url);

/** Keeps files that the page loaded before this worker served it. */
async function keepLoaded(urls: unknown): Promise<void> {
  if (!Array.isArray(urls)) return;
  for (const url of urls.slice(0, 300)) {
    if (typeof url !== 'string') continue;
    const strategy = strategyFor({ url, method: 'GET', mode: 'cors' }, scope);
    if (strategy === 'asset' || strategy === 'file')
      await keptFirst(new Request(url), strategy === 'asset' ? ASSETS : FILES).catch(() => undefined);
  }
}

self.addEventListener('message', (event) =>
  event.waitUntil(keepLoaded((event.data as { keep?: unknown } | null)?.keep)),
);
self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  switch (strategyFor(event.request, scope)) {
    case 'page':
      return event.respondWith(networkFirst(event.request));
    case 'asset':
      return event.respondWith(keptFirst(event.request, ASSETS));
    case 'file':
      return event.respondWith(keptFirst(event.request, FILES));
    case 'pass':
      return undefined;
  }
});
