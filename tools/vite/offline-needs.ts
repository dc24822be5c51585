// What each lab needs to run offline, for offline.json: its chunks with all that they import, the data sets that its meta
// names, and the models that its code names.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFiles } from '../../src/data/files.ts';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import type { DataManifest, FileEntry, ModelManifest } from '../../src/data/types.ts';
import type { OfflineNeeds } from '../../src/app/offline/needs.ts';

/** A chunk of the page's or a worker's bundle. */
export interface Chunk {
  file: string;
  /** The module that it was made for; empty for a shared one. */
  module: string;
  imports: string[];
  dynamicImports: string[];
  styles: string[];
  code: string;
}
export interface NeedsInput {
  assets: { file: string; bytes: number }[];
  page: string[];
  chunks: Chunk[];
  publicDir: string;
  metas: Pick<LabMeta, 'slug' | 'data'>[];
}

const MANIFESTS = { data: 'data/manifest.json', models: 'models/manifest.json' };

function readManifest<T>(publicDir: string, path: string): T | null {
  const file = join(publicDir, path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}

/** `start` and all chunks that it imports. */
function closure(chunks: Map<string, Chunk>, start: string[]): Chunk[] {
  const found = new Map<string, Chunk>();
  const add = (file: string) => {
    const chunk = chunks.get(file);
    if (!chunk || found.has(file)) return;
    found.set(file, chunk);
    chunk.imports.forEach(add);
    // the page's entry names every page and lab: only what a lab's own code loads later is followed
    if (/\/src\/(labs\/[a-z0-9-]+|own-model)\//.test(chunk.module)) chunk.dynamicImports.forEach(add);
  };
  start.forEach(add);
  return [...found.values()];
}

export function offlineNeeds({ assets, page, chunks, publicDir, metas }: NeedsInput): OfflineNeeds {
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  const data = readManifest<DataManifest>(publicDir, MANIFESTS.data);
  const models = readManifest<ModelManifest>(publicDir, MANIFESTS.models)?.models ?? [];
  const slugOf = ({ module }: Chunk) =>
    /\/src\/labs\/([a-z0-9-]+)\/(?:meta\.ts|lab\.ts|View\.tsx|recorded\.json)/.exec(module)?.[1];
  const slugs = [...new Set(chunks.map(slugOf).filter((slug) => slug !== undefined))].sort();
  const filesOf = (list: Chunk[]) => list.flatMap((chunk) => [chunk.file, ...chunk.styles]);
  const engine = closure(
    byFile,
    chunks.filter(({ module }) => /\/(workers\/lab-worker\.ts|src\/runtime\/)/.test(module)).map(({ file }) => file),
  );
  const workerFiles = assets.filter(({ file }) => /\/lab-worker-|\.wasm$|\/ort[-.]/.test(file)).map(({ file }) => file);
  const common = [...page, ...filesOf(engine), ...workerFiles, MANIFESTS.data, MANIFESTS.models];
  const labs = Object.fromEntries(
    slugs.map((slug) => {
      const own = closure(
        byFile,
        chunks.filter((chunk) => slugOf(chunk) === slug).map(({ file }) => file),
      );
      const code = own.map((chunk) => chunk.code).join('\n');
      const used = models.filter(({ file }) => code.includes(`models/${file}`)).map(({ file }) => `models/${file}`);
      return [
        slug,
        unique(
          [...filesOf(own), ...used, ...dataOf(metas.find((meta) => meta.slug === slug)?.data ?? [], data)],
          common,
        ),
      ];
    }),
  );
  const listed: FileEntry[] = [
    ...models.map((entry) => ({ ...entry, file: `models/${entry.file}` })),
    ...(data ? dataFiles(data) : []).map((entry) => ({ ...entry, file: `data/${entry.file}` })),
  ];
  return {
    version: 1,
    bytes: Object.fromEntries([...assets, ...listed].map(({ file, bytes }) => [file, bytes])),
    common: unique(common),
    labs,
  };
}

/** Every file of the data sets that a lab's meta names. */
const dataOf = (ids: string[], manifest: DataManifest | null): string[] =>
  manifest
    ? dataFiles({ ...manifest, datasets: manifest.datasets.filter(({ id }) => ids.includes(id)) }).map(
        ({ file }) => `data/${file}`,
      )
    : [];

const unique = (files: string[], without: string[] = []): string[] =>
  [...new Set(files)].filter((file) => !without.includes(file)).sort();
