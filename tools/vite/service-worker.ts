// Vite plugin: emits src/app/offline/service-worker.ts as sw.js, and offline.json beside it; once all files are written it
// fills in what only the finished build knows: file lists, sums and versions.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';
import { readMetas } from './lab-summaries.ts';
import { offlineNeeds, type Chunk } from './offline-needs.ts';

type Bundle = Rollup.OutputBundle;
const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const MANIFESTS = ['data/manifest.json', 'models/manifest.json'];

/** Chunks of src/app with all that they import, their styles, and the fonts of the Latin script. */
function pageFiles(bundle: Bundle): string[] {
  const files = new Set<string>();
  const add = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || files.has(name)) return;
    files.add(name);
    chunk.imports.forEach(add);
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css);
  };
  for (const chunk of Object.values(bundle)) {
    if (
      chunk.type === 'chunk' &&
      chunk.fileName !== 'sw.js' &&
      (chunk.isEntry || chunk.facadeModuleId?.includes('/src/app/'))
    )
      add(chunk.fileName);
  }
  for (const name of Object.keys(bundle))
    if (/-latin-[^/]*normal[^/]*\.woff2$/.test(name) && !/-ext-|-math-/.test(name)) files.add(name);
  return [...files].sort();
}

const chunksOf = (bundle: Bundle): Chunk[] =>
  Object.values(bundle).flatMap((file) =>
    file.type === 'chunk'
      ? [
          {
            file: file.fileName,
            module: file.facadeModuleId ?? '',
            imports: [...file.imports],
            dynamicImports: [...file.dynamicImports],
            styles: [...(file.viteMetadata?.importedCss ?? [])],
            code: file.code,
          },
        ]
      : [],
  );

/** The plugin of the page, and the one of its workers, whose chunks the page's build sees as plain files only. */
export function serviceWorker(): { page: Plugin; worker: () => Plugin } {
  let publicDir = 'public';
  let root = '.';
  const workerChunks = new Map<string, Chunk>();
  const worker = (): Plugin => ({
    name: 'service-worker:worker-chunks',
    generateBundle(_, bundle) {
      for (const chunk of chunksOf(bundle)) workerChunks.set(chunk.file, chunk);
    },
  });
  const page: Plugin = {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
      root = config.root;
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: join(root, 'src/app/offline/service-worker.ts'), fileName: 'sw.js' });
    },
    async writeBundle({ dir = 'dist' }, bundle) {
      const entry = bundle['sw.js'];
      if (entry?.type !== 'chunk')
        this.error('service-worker: expected the chunk sw.js; it is missing from the bundle');
      if (entry.imports.length)
        this.error(`service-worker: sw.js must stand alone; it imports ${entry.imports.join(', ')}`);
      const read = (name: string) => readFileSync(join(dir, name));
      const assets = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .sort();
      const manifests = MANIFESTS.filter((path) => existsSync(join(publicDir, path)));
      const page = pageFiles(bundle);
      const needs = offlineNeeds({
        assets: assets.map((file) => ({ file, bytes: read(file).length })),
        page,
        chunks: [...chunksOf(bundle), ...workerChunks.values()],
        publicDir,
        metas: await readMetas(root),
      });
      const values: Record<string, unknown> = {
        __BUILD__: sha256(...assets, entry.code, read('index.html')).slice(0, 12),
        __FILES__: sha256(...manifests.map((path) => readFileSync(join(publicDir, path)))).slice(0, 12),
        __PRECACHE__: page,
        __SUMS__: Object.fromEntries([...assets, ...manifests].map((path) => [path, sha256(read(path)).slice(0, 16)])),
      };
      writeFileSync(
        join(dir, 'sw.js'),
        entry.code.replace(/\b__(BUILD|FILES|PRECACHE|SUMS)__\b/g, (name) => JSON.stringify(values[name])),
      );
      writeFileSync(join(dir, 'offline.json'), JSON.stringify(needs));
    },
  };
  return { page, worker };
}
