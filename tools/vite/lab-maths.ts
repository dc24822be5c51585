// Vite plugin: adds `export const maths` to every lab's meta.ts, its TeX set as MathML, so that no visitor loads a library.
import { runnerImport, type Plugin } from 'vite';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import { setMaths } from './set-maths.ts';

const META = /\/src\/labs\/[a-z0-9-]+\/meta\.ts$/;

export function labMaths(): Plugin {
  let root = '.';
  return {
    name: 'lab-maths',
    // before TypeScript is taken away, so that the addition may stand at the end of the file
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    async transform(code, id) {
      const [path] = id.split('?');
      if (!META.test(path)) return undefined;
      const { module } = await runnerImport<{ meta: LabMeta }>(path, { root, configFile: false, logLevel: 'error' });
      return { code: `${code}\nexport const maths = ${JSON.stringify(setMaths(module.meta))};\n`, map: null };
    },
  };
}
