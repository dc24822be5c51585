// Reads packaged files from disk, for tools and tests under Node. Never imported by the page.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FetchBytes } from './types.ts';

/** Paths are relative to `root`, the project's `public` folder. */
export const fetchFromDisk =
  (root: string): FetchBytes =>
  async (path) =>
    new Uint8Array(await readFile(resolve(root, path)));
