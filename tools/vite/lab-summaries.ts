// Vite plugin: writes the modules virtual:lab-cards and virtual:lab-verdicts from each lab's meta.ts and recorded.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport, type Plugin } from 'vite';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import { readResult } from '../../src/labs/_kit/contract/read-result.ts';
import type { RunResult } from '../../src/labs/_kit/contract/result.ts';
import type { ThumbnailOf } from '../../src/pictures/thumbnail.ts';
import { cardOf, verdictOf, type LabCard, type LabVerdict } from '../../src/app/gallery/summary.ts';
import { pictureThumbnail } from './thumbnails.ts';

const NAMES = ['virtual:lab-cards', 'virtual:lab-verdicts'];

/** All live metas, in the order of their papers' numbers. */
export async function readMetas(root: string): Promise<LabMeta[]> {
  const { module } = await runnerImport<{ metas: Record<string, LabMeta> }>(join(root, 'tools/vite/lab-metas.ts'), {
    root,
    configFile: false,
    logLevel: 'error',
  });
  return Object.values(module.metas).sort((a, b) => a.paper.number - b.paper.number);
}

function readRecording(root: string, slug: string): RunResult | null {
  const path = join(root, 'src/labs', slug, 'recorded.json');
  return existsSync(path) ? readResult(JSON.parse(readFileSync(path, 'utf8')) as RunResult) : null;
}

/** The lab's own way to make a thumbnail of its pictures, from its thumbnail.ts. */
async function ownThumbnail(root: string, slug: string): Promise<ThumbnailOf | undefined> {
  const path = join(root, 'src/labs', slug, 'thumbnail.ts');
  if (!existsSync(path)) return undefined;
  const options = { root, configFile: false, logLevel: 'error' } as const;
  return (await runnerImport<{ thumbnail: ThumbnailOf }>(path, options)).module.thumbnail;
}

const cards = (root: string, metas: LabMeta[]): Promise<LabCard[]> =>
  Promise.all(
    metas.map(async (meta) => {
      const recorded = readRecording(root, meta.slug);
      const picture = recorded && pictureThumbnail(meta, recorded, await ownThumbnail(root, meta.slug));
      return cardOf(meta, recorded, picture);
    }),
  );
const verdicts = (root: string, metas: LabMeta[]): LabVerdict[] =>
  metas.flatMap((meta) => {
    const recorded = readRecording(root, meta.slug);
    return recorded ? [verdictOf(meta, recorded)] : [];
  });

export function labSummaries(): Plugin {
  let root = '.';
  return {
    name: 'lab-summaries',
    configResolved(config) {
      root = config.root;
    },
    resolveId: (id) => (NAMES.includes(id) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith('\0virtual:lab-')) return undefined;
      for (const slug of readdirSync(join(root, 'src/labs'))) {
        for (const file of ['meta.ts', 'recorded.json', 'thumbnail.ts']) {
          const path = join(root, 'src/labs', slug, file);
          if (existsSync(path)) this.addWatchFile(path);
        }
      }
      const metas = await readMetas(root);
      return `export default ${JSON.stringify(id.endsWith('cards') ? await cards(root, metas) : verdicts(root, metas))}`;
    },
  };
}
