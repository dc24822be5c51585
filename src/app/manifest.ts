// The list of packaged data, fetched once when a page first asks.
import { useEffect, useState } from 'react';
import type { DataManifest, Dataset } from '../data/types.ts';

export type Listed =
  | { state: 'loading' }
  | { state: 'ready'; datasets: Dataset[] }
  | { state: 'failed'; reason: string };

async function load(): Promise<Dataset[]> {
  const response = await fetch(new URL('data/manifest.json', document.baseURI)).catch(() => null);
  if (!response?.ok)
    throw new Error(`data/manifest.json did not arrive (${response ? `status ${response.status}` : 'no connection'}).`);
  const manifest = (await response.json().catch(() => null)) as DataManifest | null;
  if (manifest?.version !== 1 || !Array.isArray(manifest.datasets))
    throw new Error('data/manifest.json is not a list of data sets in a form that this page knows.');
  return manifest.datasets;
}

let pending: Promise<Dataset[]> | null = null;

export function useDatasets(): Listed {
  const [listed, setListed] = useState<Listed>({ state: 'loading' });
  useEffect(() => {
    let isGone = false;
    pending ??= load().catch((error) => {
      pending = null;
      throw error;
    });
    pending.then(
      (datasets) => {
        if (!isGone) setListed({ state: 'ready', datasets });
      },
      (error: Error) => {
        if (!isGone) setListed({ state: 'failed', reason: error.message });
      },
    );
    return () => {
      isGone = true;
    };
  }, []);
  return listed;
}

/** Bytes of all files of a data set, as they are served. */
export function totalBytes(set: Dataset): number {
  const files =
    set.kind === 'emoji'
      ? [set.concepts, ...Object.values(set.languages), ...set.shards]
      : Object.values(set.splits).flatMap((split) => split.shards);
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
