// The live labs and their recordings, for fuzzing what the page reads of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import { readResult } from '../../src/labs/_kit/contract/read-result.ts';
import type { RunResult } from '../../src/labs/_kit/contract/result.ts';

const folder = new URL('../../src/labs/', import.meta.url);

export interface FuzzLab {
  meta: LabMeta;
  recorded: RunResult | null;
}

export async function fuzzLabs(): Promise<FuzzLab[]> {
  const slugs = readdirSync(folder).filter((slug) => existsSync(new URL(`${slug}/meta.ts`, folder)));
  return Promise.all(
    slugs.map(async (slug) => {
      const { meta } = (await import(new URL(`${slug}/meta.ts`, folder).href)) as { meta: LabMeta };
      const file = new URL(`${slug}/recorded.json`, folder);
      return {
        meta,
        recorded: existsSync(file) ? readResult(JSON.parse(readFileSync(file, 'utf8')) as RunResult) : null,
      };
    }),
  );
}
