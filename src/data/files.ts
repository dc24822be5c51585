// Reads packaged files and checks each against the manifest that lists it.
import { DataError } from './data-error.ts';
import type { DataManifest, FetchBytes, FileEntry, ModelManifest } from './types.ts';

/** What to do about files that are missing or wrong; wrong ones were fetched a second time, past every cache. */
export const RELOAD =
  'Check the connection (a network that wants a login answers in place of this site), then try again; if it stays, the copy of this site is incomplete and its public/ folder should be uploaded again';

/** Reads files and checks them against the manifests; a failed read is not remembered, so that it can be tried again. */
export class Files {
  private readonly manifests = new Map<string, Promise<unknown>>();
  private readonly fetchBytes: FetchBytes;
  private readonly notice?: (text: string) => void;
  private toldUnchecked = false;
  constructor(fetchBytes: FetchBytes, notice?: (text: string) => void) {
    this.fetchBytes = fetchBytes;
    this.notice = notice;
  }

  dataManifest(): Promise<DataManifest> {
    return this.manifest<DataManifest>('data/manifest.json');
  }

  async listed(path: string): Promise<Uint8Array> {
    const folder = path.startsWith('models/') ? 'models/' : path.startsWith('data/') ? 'data/' : null;
    if (folder === null) throw new DataError(`"${path}" is not a packaged file`, 'Paths start with models/ or data/');
    if (path === `${folder}manifest.json`) return this.read(path);
    const entries =
      folder === 'data/'
        ? dataFiles(await this.dataManifest())
        : (await this.manifest<ModelManifest>('models/manifest.json')).models;
    const entry = entries.find((e) => folder + e.file === path);
    if (!entry)
      throw new DataError(
        `"${path}" is not listed in ${folder}manifest.json`,
        `Listed are: ${entries.map((e) => folder + e.file).join(', ') || 'none'}`,
      );
    return this.checked(folder, entry);
  }

  async checked(folder: string, entry: FileEntry): Promise<Uint8Array> {
    return this.readRight(folder + entry.file, (bytes) => this.check(folder + entry.file, entry, bytes));
  }

  private async check(path: string, entry: FileEntry, bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.length !== entry.bytes)
      throw new DataError(`${path} has ${bytes.length} bytes instead of ${entry.bytes}`, RELOAD);
    const digest = await this.sha256(bytes);
    if (digest !== null && digest !== entry.sha256) {
      throw new DataError(
        `${path} is not the file that its manifest describes (sha256 ${digest.slice(0, 12)}... instead of ${entry.sha256.slice(0, 12)}...)`,
        RELOAD,
      );
    }
    return bytes;
  }

  private manifest<T extends { version: number }>(path: string): Promise<T> {
    return remember(this.manifests, path, () =>
      this.readRight(path, async (bytes) => parseManifest<T>(path, bytes)),
    ) as Promise<T>;
  }

  /** What `check` makes of a file; when that fails, of the same file past every cache, once. */
  private async readRight<T>(path: string, check: (bytes: Uint8Array) => Promise<T>): Promise<T> {
    const bytes = await this.read(path);
    try {
      return await check(bytes);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
    return check(await this.read(path, true));
  }

  private async read(path: string, isFresh = false): Promise<Uint8Array> {
    try {
      return await this.fetchBytes(path, isFresh);
    } catch (error) {
      throw new DataError(
        `${path} could not be read (${error instanceof Error ? error.message : String(error)})`,
        RELOAD,
        error,
      );
    }
  }

  /** Hex digest, or null (told once) where the platform has no digest: pages on plain http. */
  private async sha256(bytes: Uint8Array): Promise<string | null> {
    const subtle = globalThis.crypto?.subtle;
    if (subtle) return hex(new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)));
    if (!this.toldUnchecked)
      this.notice?.(
        'Data files could not be verified: this page is not served over https. Only their sizes were checked.',
      );
    this.toldUnchecked = true;
    return null;
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** The promise that `make` gave for `key`; forgotten when it fails. */
export function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = cache.get(key);
  if (!value) {
    value = make();
    cache.set(key, value);
    value.catch(() => cache.delete(key));
  }
  return value;
}

function parseManifest<T extends { version: number }>(path: string, bytes: Uint8Array): T {
  let manifest: T | null;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes)) as T | null;
  } catch (error) {
    throw new DataError(`${path} is not JSON`, RELOAD, error);
  }
  if (manifest?.version !== 1)
    throw new DataError(`${path} has version ${manifest?.version}; this page reads version 1`, RELOAD);
  if (!Object.values(manifest).some(Array.isArray)) throw new DataError(`${path} lists no files`, RELOAD);
  return manifest;
}

/** Every file that the data manifest lists. */
export const dataFiles = (manifest: DataManifest): FileEntry[] =>
  manifest.datasets.flatMap((set) =>
    set.kind === 'emoji'
      ? [set.concepts, ...Object.values(set.languages), ...set.shards]
      : Object.values(set.splits).flatMap((split) => split.shards),
  );
