// npm run tune -- <slug> [--seeds N] [--grid a,b,c] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--json FILE]: one value for each arm,
// chosen with equal effort on validation data; prints the README's table.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fetchFromDisk } from '../src/data/fetch-disk.ts';
import { openDataStore } from '../src/data/store.ts';
import { defaultKnobs } from '../src/labs/_kit/contract/knobs.ts';
import type { LabContext } from '../src/labs/_kit/contract/lab.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';
import { loadLab } from '../src/runtime/node/node-host.ts';
import { useDawn, useNative } from '../src/runtime/node/node.ts';
import { prng } from '../src/util/prng.ts';
import { command, readCommand, type Command } from './headless.ts';
import { UsageError } from './shards.ts';
import { tuneArms, tuningSeeds, tuningTable } from './tuning.ts';

const USAGE =
  'usage: npm run tune -- <slug> [--seeds N] [--grid a,b,c] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--json FILE]';
const SEEDS = 5;

await command(async () => {
  const given = await readCommand(USAGE, () => SEEDS, ['grid']);
  const { lab } = (await loadLab(given.slug))!;
  if (!lab.tune) throw new UsageError(`${given.slug}: its lab.ts says nothing of what may be tuned (\`tune\`)`);
  const report = await tuneArms(
    {
      tuning: lab.tune,
      command: `npm run tune -- ${process.argv.slice(2).join(' ')}`,
      grid: given.extra.grid === undefined ? lab.tune.grid : readGrid(given.extra.grid),
      ctx: await contextOf(given),
    },
    (line) => process.stderr.write(`${line}\n`),
  );
  console.log(tuningTable(report));
  if (given.json) writeFileSync(given.json, `${JSON.stringify(report, null, 1)}\n`);
});

function readGrid(text: string): number[] {
  const values = text.split(',').map(Number);
  if (!values.every((v) => Number.isFinite(v)) || new Set(values).size !== values.length)
    throw new UsageError(`--grid: expected different numbers joined by commas; got "${text}"`);
  return values;
}

async function contextOf({ meta, knobs, seeds, backend }: Command): Promise<LabContext> {
  if (backend === 'webgpu') await useDawn();
  else if (backend === 'cpu') useNative();
  const ignore = () => undefined;
  return {
    knobs: { ...defaultKnobs(meta), ...knobs },
    seeds: tuningSeeds(seeds.length),
    engine: await openEngine(backend),
    data: openDataStore(fetchFromDisk(fileURLToPath(new URL('../public/', import.meta.url)))),
    prng,
    signal: new AbortController().signal,
    status: ignore,
    notice: ignore,
    picture: ignore,
    part: ignore,
  };
}
