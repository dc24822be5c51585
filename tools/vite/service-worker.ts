// Vite plugin: emits src/app/offline/service-worker.ts as sw.js and fills in what the build knows: file lists and versions.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

type Bundle = Rollup.OutputBundle;
const digest = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
};

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

/** Text of the manifests that name every model and data file with its hash. */
const manifests = (publicDir: string): string[] =>
  ['data', 'models']
    .map((folder) => join(publicDir, folder, 'manifest.json'))
    .filter(existsSync)
    .map((path) => readFileSync(path, 'utf8'));

export function serviceWorker(): Plugin {
  let publicDir = 'public';
  let root = '.';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
      root = config.root;
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: join(root, 'src/app/offline/service-worker.ts'), fileName: 'sw.js' });
    },
    generateBundle(_, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk')
        this.error('service-worker: expected the chunk sw.js; it is missing from the bundle');
      if (worker.imports.length)
        this.error(`service-worker: sw.js must stand alone; it imports ${worker.imports.join(', ')}`);
      const assets = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .sort();
      const page = pageFiles(bundle);
      const values: Record<string, unknown> = {
        __BUILD__: digest(...assets, worker.code),
        __FILES__: digest(...manifests(publicDir)),
        __PRECACHE__: page,
        __ASSETS__: assets,
      };
      worker.code = worker.code.replace(/\b__(BUILD|FILES|PRECACHE|ASSETS)__\b/g, (name) =>
        JSON.stringify(values[name]),
      );
    },
  };
}
