// What data/manifest.json says of one set, read through a store, once for each store.
import { DataError } from './data-error.ts';
import { RELOAD, remember } from './files.ts';
import type { DataManifest, Dataset, DataStore } from './types.ts';

/** The entry of a set. @throws DataError when it is not packaged or of another kind */
export async function readDataset<K extends Dataset['kind']>(
  store: DataStore,
  id: string,
  kind: K,
): Promise<Extract<Dataset, { kind: K }>> {
  const manifest = await readDataJson<DataManifest>(store, 'manifest.json');
  const set = manifest.datasets.find((d): d is Extract<Dataset, { kind: K }> => d.id === id && d.kind === kind);
  if (!set) throw new DataError(`Data set "${id}" is not packaged here`, RELOAD);
  return set;
}

/** Parsed files, once for each store. */
const parsed = new WeakMap<DataStore, Map<string, Promise<unknown>>>();

/** A JSON file under data/. */
export function readDataJson<T>(store: DataStore, file: string): Promise<T> {
  if (!parsed.has(store)) parsed.set(store, new Map());
  return remember(parsed.get(store)!, file, async () =>
    JSON.parse(new TextDecoder().decode(await store.file(`data/${file}`))),
  ) as Promise<T>;
}
