// The list of packaged data, fetched once when a page first asks.
import { useEffect, useState } from 'react';
import type { Dataset } from '../data/types.ts';
import { pageData } from './data-browser/page-data.ts';

export type Listed =
  | { state: 'loading' }
  | { state: 'ready'; datasets: Dataset[] }
  | { state: 'failed'; reason: string };

export function useDatasets(): Listed {
  const [listed, setListed] = useState<Listed>({ state: 'loading' });
  useEffect(() => {
    let isGone = false;
    pageData.manifest().then(
      ({ datasets }) => {
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
