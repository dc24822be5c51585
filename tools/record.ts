// npm run record -- <slug>: writes the lab's recorded.json and docs/reproductions.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { LabMeta } from '../src/labs/_kit/contract/meta.ts';
import { readResult } from '../src/labs/_kit/contract/read-result.ts';
import type { RunResult } from '../src/labs/_kit/contract/result.ts';
import { labFile, labSlugs, loadLab } from '../src/runtime/node/node-host.ts';
import { claimLines, command, finalsTable, readCommand, runCommand, runShard, toJson } from './headless.ts';
import { reproductionsPage } from './reproductions.ts';
import { UsageError } from './shards.ts';

const USAGE = `usage: npm run record -- <slug> [--seeds N or 11,12,13] [--ep cpu|wasm|webgpu] [--workers N] [--threads N]
       npm run record -- <slug> ... --shard 2/8 [--out FILE]
       npm run record -- <slug> --merge FILES`;
const SEEDS = 3;

async function recordings(): Promise<{ meta: LabMeta; result: RunResult }[]> {
  const all = await Promise.all(
    labSlugs()
      .filter((slug) => existsSync(labFile(slug, 'recorded.json')))
      .map(async (slug) => {
        const { meta } = (await loadLab(slug))!;
        return {
          meta,
          result: readResult(JSON.parse(readFileSync(labFile(slug, 'recorded.json'), 'utf8')) as RunResult),
        };
      }),
  );
  return all.sort((a, b) => a.meta.paper.number - b.meta.paper.number);
}

await command(async () => {
  const given = await readCommand(USAGE, () => SEEDS);
  if (given.shard) return console.log(await runShard(given, given.shard));
  const result = await runCommand(given);
  if (result.shortfall) throw new UsageError(`record: expected a run that decides its checks; got ${result.shortfall}`);
  const json = toJson(result);
  writeFileSync(labFile(given.slug, 'recorded.json'), json);
  writeFileSync(new URL('../docs/reproductions.md', import.meta.url), reproductionsPage(await recordings()));
  console.log(
    `${finalsTable(result, given.meta)}\n\n${claimLines(result)}\n\n${result.verdict}; recorded.json has ${(json.length / 1000).toFixed(0)} kB`,
  );
});
