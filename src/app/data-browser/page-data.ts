// The packaged data as this page reads it, and a hook that loads part of it.
import { useEffect, useState } from 'react';
import { fetchFrom } from '../../data/fetch-url.ts';
import { openDataStore } from '../../data/store.ts';

export const pageData = openDataStore(fetchFrom(document.baseURI));

/** "2,500 images", "1 image". */
export const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'failed'; reason: string; retry(): void }
  | { state: 'ready'; value: T };

/** What `load` gives; asked again when `key` changes. A load of the past never overwrites a later one. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ key: string; result: Loaded<T> }>({ key: '', result: { state: 'loading' } });
  const [attempt, setAttempt] = useState(0);
  const wanted = `${key} ${attempt}`;
  useEffect(() => {
    let isGone = false;
    const put = (result: Loaded<T>) => {
      if (!isGone) setLoaded({ key: wanted, result });
    };
    load().then(
      (value) => put({ state: 'ready', value }),
      (error: Error) => put({ state: 'failed', reason: error.message, retry: () => setAttempt((n) => n + 1) }),
    );
    return () => {
      isGone = true;
    };
  }, [wanted]); // oxlint-disable-line react-hooks/exhaustive-deps -- `key` names what `load` loads
  return loaded.key === wanted ? loaded.result : { state: 'loading' };
}
