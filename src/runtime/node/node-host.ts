// Labs without a page: finds them by their folders, reads data from public/, runs on a backend of the caller's choice.
import { readdirSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LabModule } from '../../labs/_kit/contract/lab.ts';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { Backend } from '../../engine/engine.ts';
import { fetchFromDisk } from '../../data/fetch-disk.ts';
import { openDataStore } from '../../data/store.ts';
import type { DataStore } from '../../data/types.ts';
import { limitThreads } from '../engine/ort.ts';
import { LabHost, type LoadedLab } from '../wire/lab-host.ts';
import { useDawn, useNative } from './node.ts';

const labsFolder = fileURLToPath(new URL('../../labs/', import.meta.url));
const publicFolder = fileURLToPath(new URL('../../../public/', import.meta.url));

/** Folders that hold a lab. */
export const labSlugs = (): string[] =>
  readdirSync(labsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${labsFolder}${entry.name}/lab.ts`))
    .map((entry) => entry.name)
    .sort();

export const labFile = (slug: string, file: string): string => `${labsFolder}${slug}/${file}`;

/** Null for a slug that no folder has. */
export async function loadLab(slug: string): Promise<LoadedLab | null> {
  if (!labSlugs().includes(slug)) return null;
  const [{ meta }, { lab }] = await Promise.all([
    import(labFile(slug, 'meta.ts')) as Promise<{ meta: LabMeta }>,
    import(labFile(slug, 'lab.ts')) as Promise<{ lab: LabModule }>,
  ]);
  return { meta, lab };
}

/** The data sets under public/. */
export const packagedData = (): DataStore => openDataStore(fetchFromDisk(publicFolder));

/** @throws Error when the backend needs something that is not installed. */
export async function openNodeHost(backend: Backend, threads?: number): Promise<LabHost> {
  if (threads) limitThreads(threads);
  if (backend === 'cpu') useNative();
  if (backend === 'webgpu') await useDawn();
  return new LabHost({
    load: loadLab,
    slugs: labSlugs,
    backend,
    data: packagedData(),
    breathe: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
    checkpointMs: Infinity,
  });
}
