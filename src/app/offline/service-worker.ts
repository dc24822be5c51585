// The page without a network: keeps the page from the first visit on, and engine, models and data from their first use.
// An answer is kept only if it is what its name promises; a kept one that is damaged is dropped and fetched anew.
// Built as sw.js; the build fills in the constants below (tools/vite/service-worker.ts).
import { isExpectedType, isOurPage, sumOf } from './expected.ts';
import { strategyFor } from './strategy.ts';

/** Changes with every build that changes a file. */
declare const __BUILD__: string;
/** Changes when the manifests of models or data change. */
declare const __FILES__: string;
/** What the gallery and a lab page need before any lab runs. */
declare const __PRECACHE__: string[];
/** Every hashed file of this build, and the manifests, with their sums (expected.ts). */
declare const __SUMS__: Record<string, string>;

declare const self: ServiceWorkerGlobalScope;

const PAGE = `page-${__BUILD__}`;
const ASSETS = 'assets';
const FILES = `files-${__FILES__}`;
/** Models that a visitor chose to download (src/own-model/smol-files.ts): theirs to keep. */
const VISITOR = 'visitor-models';
const scope = new URL('./', self.location.href).href;

const pathOf = (url: string): string => url.slice(scope.length).replace(/[?#].*$/, '');
const sumFor = (url: string): string | undefined => {
  const path = pathOf(url);
  return Object.hasOwn(__SUMS__, path) ? __SUMS__[path] : undefined;
};

async function install(): Promise<void> {
  await Promise.all(['./', './favicon.svg', './manifest.webmanifest', './offline.json'].map(keepPage));
  const assets = await caches.open(ASSETS);
  await Promise.all(
    __PRECACHE__.map(async (path) => {
      if (!(await assets.match(scope + path))) await keptFirst(new Request(scope + path), ASSETS, true);
    }),
  );
  await self.skipWaiting();
}

/** @throws when the server answers with anything else: the browser tries to install again at the next visit */
async function keepPage(url: string): Promise<void> {
  const request = new Request(url, { cache: 'reload' });
  const response = await fetch(request);
  if (!(await isPageFile(request.url, response))) throw new Error(`${url}: expected a file of this page; got another`);
  await (await caches.open(PAGE)).put(request.url, response);
}

/** Drops what no file of this build needs. */
async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (![PAGE, ASSETS, FILES, VISITOR].includes(name)) await caches.delete(name);
  const assets = await caches.open(ASSETS);
  for (const request of await assets.keys()) if (!sumFor(request.url)) await assets.delete(request);
  await self.clients.claim();
}

// ---------------------------------------------------------------- assets and files

const isExpected = (url: string, response: Response): boolean =>
  response.status === 200 && !response.redirected && isExpectedType(pathOf(url), response.headers.get('content-type'));

/** Kept answers whose sums were compared since this worker started. */
const compared = new Set<string>();

/** A kept answer is right: of the right type, and with the right sum where one is known. */
async function isSound(url: string, response: Response): Promise<boolean> {
  const sum = sumFor(url);
  if (!isExpected(url, response)) return false;
  if (!sum || compared.has(url)) return true;
  const isSame = (await sumOf(await response.clone().arrayBuffer())) === sum;
  if (isSame) compared.add(url);
  return isSame;
}

/** The kept answer; without one, or when the page asks for a fresh one, the server's, which is kept if it is right. */
async function keptFirst(request: Request, name: string, mustKeep = false): Promise<Response> {
  const cache = await caches.open(name);
  const kept = request.cache === 'reload' ? undefined : await cache.match(request, { ignoreVary: true });
  if (kept && (await isSound(request.url, kept))) return kept;
  compared.delete(request.url);
  await cache.delete(request, { ignoreVary: true });
  let response = await (kept ? fetchAnew(request.url) : fetch(request));
  // The browser's own cache may hold a wrong answer too: one try past it.
  if (response.status === 200 && !isExpected(request.url, response)) response = await fetchAnew(request.url);
  const keeping = keep(cache, request.url, response.clone());
  if (mustKeep && !(await keeping)) throw new Error(`${request.url}: expected the file of this build; got another`);
  return response;
}
const fetchAnew = (url: string): Promise<Response> => fetch(url, { cache: 'reload' });

/** Keeps a right answer. A full disk costs the copy, not the answer. */
async function keep(cache: Cache, url: string, response: Response): Promise<boolean> {
  const isRight = await isSound(url, response).catch(() => false); // cut off on its way
  if (isRight) await cache.put(url, response).catch(() => undefined);
  return isRight;
}

// ---------------------------------------------------------------- the page

const isPageFile = async (url: string, response: Response): Promise<boolean> =>
  /\.[a-z]+$/.test(pathOf(url)) && !url.endsWith('.html')
    ? isExpected(url, response)
    : response.status === 200 && isOurPage(await response.clone().text());

/** The server's answer; the kept page when there is none, or when the server is in trouble. */
async function networkFirst(request: Request): Promise<Response> {
  const cache = await caches.open(PAGE);
  const key = request.mode === 'navigate' ? scope : request.url;
  const response = await fetch(request).catch((error: Error) => error);
  if (response instanceof Response && response.status < 500) {
    if (response.type !== 'opaqueredirect' && (await isPageFile(key, response)))
      await cache.put(key, response.clone()).catch(() => undefined);
    return response;
  }
  const kept = await cache.match(key);
  if (kept) return kept;
  if (response instanceof Response) return response;
  throw response;
}

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
