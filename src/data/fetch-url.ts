// Reads packaged files over HTTP, for the page and its workers.
import type { FetchBytes } from './types.ts';

/** Paths are relative to `base`, an absolute URL. A worker must be given the page's `document.baseURI`: its own address is elsewhere. */
export function fetchFrom(base: string): FetchBytes {
  return async (path, isFresh = false) => {
    const response = await fetch(new URL(path, base), { cache: isFresh ? 'reload' : 'default' });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}
