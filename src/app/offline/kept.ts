// Which labs run without a network, and fetching the rest: the service worker keeps whatever the page asks for.
import { useCallback, useEffect, useState } from 'react';
import type { OfflineNeeds } from './needs.ts';
import { serviceWorkers } from './register.ts';

/** The wish to have all labs offline outlives an update of the page, whose files have new names. */
const WISH = 'paper-playground/keep-all';
const AT_ONCE = 4;

export interface OfflineState {
  /** Slugs of labs of which every file is kept. */
  ready: string[];
  labs: number;
  /** Paths that are missing for having all labs, and their bytes. */
  missing: string[];
  missingBytes: number;
}

/** The engine comes in two forms for GPUs; a browser loads the one that it can suspend. */
const isForThisBrowser = (path: string): boolean =>
  !(path.includes('Suspending' in WebAssembly ? '.asyncify' : '.jspi') && path.endsWith('.wasm'));

/** What of `needs` is kept, given the paths in the caches. */
export function offlineState(
  needs: OfflineNeeds,
  kept: ReadonlySet<string>,
  isWanted = isForThisBrowser,
): OfflineState {
  const lacks = (path: string) => isWanted(path) && !kept.has(path);
  const common = needs.common.filter(lacks);
  const missing = [...new Set([...common, ...Object.values(needs.labs).flatMap((files) => files.filter(lacks))])];
  return {
    ready: common.length ? [] : Object.keys(needs.labs).filter((slug) => !needs.labs[slug].some(lacks)),
    labs: Object.keys(needs.labs).length,
    missing,
    missingBytes: missing.reduce((sum, path) => sum + (needs.bytes[path] ?? 0), 0),
  };
}

/** Paths of everything that the service worker keeps of this site. */
async function keptPaths(): Promise<Set<string>> {
  const scope = new URL('./', document.baseURI).href;
  const paths = new Set<string>();
  for (const name of await caches.keys())
    if (name === 'assets' || name.startsWith('files-'))
      for (const { url } of await (await caches.open(name)).keys()) paths.add(url.slice(scope.length));
  return paths;
}

async function look(): Promise<OfflineState | null> {
  if (!serviceWorkers()?.controller) return null;
  const response = await fetch(new URL('offline.json', document.baseURI));
  return response.ok ? offlineState((await response.json()) as OfflineNeeds, await keptPaths()) : null;
}

async function fetchAll(paths: string[], told: (done: number) => void): Promise<void> {
  const waiting = [...paths];
  const next = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const response = await fetch(new URL(path, document.baseURI));
      if (!response.ok) throw new Error(`${path} did not arrive (status ${response.status})`);
      await response.arrayBuffer();
      told(paths.length - waiting.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

const wish = (isWished?: boolean): boolean => {
  try {
    if (isWished) localStorage.setItem(WISH, '1');
    return localStorage.getItem(WISH) === '1';
  } catch {
    return false;
  }
};

export interface OfflineLabs {
  /** Null while it is not known, and where nothing can be kept. */
  state: OfflineState | null;
  /** Files done of those wanted, while fetching. */
  progress: { done: number; of: number } | null;
  problem: string;
  keepAll(): Promise<void>;
}

export function useOfflineLabs(): OfflineLabs {
  const [state, setState] = useState<OfflineState | null>(null);
  const [progress, setProgress] = useState<OfflineLabs['progress']>(null);
  const [problem, setProblem] = useState('');
  const fetchMissing = useCallback(async ({ missing }: OfflineState) => {
    setProblem('');
    setProgress({ done: 0, of: missing.length });
    try {
      await navigator.storage?.persist?.().catch(() => false);
      await fetchAll(missing, (done) => setProgress({ done, of: missing.length }));
    } catch (error) {
      setProblem(`Not everything arrived: ${(error as Error).message}. Check the connection and try again.`);
    }
    // the last answers are kept a moment after they were read
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = await look().catch(() => null);
    if (after?.missing.length) setProblem((known) => known || 'This device has no room for all labs.');
    setState(after);
    setProgress(null);
  }, []);
  useEffect(() => {
    const see = () =>
      void look().then(
        (found) => {
          setState(found);
          if (found?.missing.length && wish() && navigator.onLine) void fetchMissing(found);
        },
        () => undefined,
      );
    see();
    serviceWorkers()?.addEventListener('controllerchange', see);
    return () => serviceWorkers()?.removeEventListener('controllerchange', see);
  }, [fetchMissing]);
  const keepAll = async () => {
    wish(true);
    if (state) await fetchMissing(state);
  };
  return { state, progress, problem, keepAll };
}
