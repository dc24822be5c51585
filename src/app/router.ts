// Where the visitor is, read from the address behind "#", and how the page writes it. No path is trusted.
import { useSyncExternalStore } from 'react';
import { isEmbedded } from './link.ts';
import { repairHash } from './link-repair.ts';

export type Route =
  | { page: 'gallery' | 'reproductions' | 'data' | 'about'; query: string }
  | { page: 'lab'; slug: string; query: string }
  | { page: 'unknown'; path: string; query: string };

const PAGES = { '': 'gallery', reproductions: 'reproductions', data: 'data', about: 'about' } as const;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The route that a hash names; anything foreign gives `unknown`. */
export function parseRoute(hash: string): Route {
  const [, path = '', query = ''] = /^#?([^?]*)\??([^]*)$/.exec(hash) ?? [];
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decoded(part).toLowerCase());
  const [first = '', slug] = parts;
  if (parts.length <= 1 && Object.hasOwn(PAGES, first)) return { page: PAGES[first as keyof typeof PAGES], query };
  if (first === 'lab' && parts.length === 2) return { page: 'lab', slug, query };
  return { page: 'unknown', path: parts.join('/').slice(0, 80), query };
}

export const labHref = (slug: string, query = ''): string => `#/lab/${encodeURIComponent(slug)}${query && `?${query}`}`;

// The search part before "#" may carry embed=1 too, as frames like to write it.
const outerQuery = (): string => (isEmbedded(window.location.search) ? 'embed=1' : '');

const here = (): Route => {
  const route = parseRoute(repairHash(window.location.hash));
  const outer = outerQuery();
  return outer ? { ...route, query: [route.query, outer].filter(Boolean).join('&') } : route;
};

let current: Route | null = null;
const listeners = new Set<() => void>();

function refresh(): void {
  current = here();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (!listeners.size) for (const type of ['hashchange', 'popstate']) window.addEventListener(type, refresh);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (!listeners.size) for (const type of ['hashchange', 'popstate']) window.removeEventListener(type, refresh);
  };
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, () => (current ??= here()));

/** Writes the address without telling the page: it already shows what the address says. Browsers may refuse a flood of these. */
export function writeAddress(hash: string, how: 'push' | 'replace'): void {
  if (hash === window.location.hash) return;
  try {
    if (how === 'push') window.history.pushState(null, '', hash);
    else window.history.replaceState(null, '', hash);
    current = here();
  } catch {
    /* the next change writes it */
  }
}
