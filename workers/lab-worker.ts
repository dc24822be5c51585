// The worker that runs labs: finds them by their folders and serves the page.
import type { LabModule } from '../src/labs/_kit/contract/lab.ts';
import type { LabMeta } from '../src/labs/_kit/contract/meta.ts';
import { serve } from '../src/runtime/wire/serve.ts';

const metas = import.meta.glob<LabMeta>('../src/labs/*/meta.ts', { import: 'meta' });
const labs = import.meta.glob<LabModule>('../src/labs/*/lab.ts', { import: 'lab' });
const path = (slug: string, file: string) => `../src/labs/${slug}/${file}.ts`;

serve({
  slugs: () => Object.keys(labs).map((p) => p.split('/').at(-2)!),
  load: async (slug) => {
    if (!Object.hasOwn(labs, path(slug, 'lab'))) return null;
    const [meta, lab] = await Promise.all([metas[path(slug, 'meta')](), labs[path(slug, 'lab')]()]);
    return { meta, lab };
  },
});
