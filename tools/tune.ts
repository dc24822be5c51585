// npm run tune -- <slug> [--seeds N] [--grid a,b,c] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--workers N] [--json FILE]: one value for
// each arm, chosen with equal effort on validation data; prints the README's table. Values are spread over all cores; numbers do not depend on how many.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { defaultKnobs } from '../src/labs/_kit/contract/knobs.ts';
import { loadLab } from '../src/runtime/node/node-host.ts';
import { command, readCommand, type Command } from './headless.ts';
import { UsageError } from './shards.ts';
import { openScorer, type ScorerSpec } from './tune-scorer.ts';
import { spread, tuneArms, tuningSeeds, tuningTable, type Scorer } from './tuning.ts';

const USAGE =
  'usage: npm run tune -- <slug> [--seeds N] [--grid a,b,c] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--workers N] [--json FILE]';
const SEEDS = 5;

await command(async () => {
  const given = await readCommand(USAGE, () => SEEDS, ['grid']);
  const { lab } = (await loadLab(given.slug))!;
  if (!lab.tune) throw new UsageError(`${given.slug}: its lab.ts says nothing of what may be tuned (\`tune\`)`);
  const grid = given.extra.grid === undefined ? lab.tune.grid : readGrid(given.extra.grid);
  const { score, close } = await openScorers(given, grid.length);
  const report = await tuneArms(
    {
      tuning: lab.tune,
      command: `npm run tune -- ${process.argv.slice(2).join(' ')}`,
      grid,
      knobs: { ...defaultKnobs(given.meta), ...given.knobs },
      seeds: tuningSeeds(given.seeds.length),
      score,
    },
    (line) => process.stderr.write(`${line}\n`),
  ).finally(close);
  console.log(tuningTable(report));
  if (given.json) writeFileSync(given.json, `${JSON.stringify(report, null, 1)}\n`);
});

function readGrid(text: string): number[] {
  const values = text.split(',').map(Number);
  if (!values.every((v) => Number.isFinite(v)) || new Set(values).size !== values.length)
    throw new UsageError(`--grid: expected different numbers joined by commas; got "${text}"`);
  return values;
}

/** Threads, no more than there are values; a GPU is one device and stays in this one. */
async function openScorers(
  { slug, backend, seeds, workers = availableParallelism(), threads = 1 }: Command,
  values: number,
): Promise<{ score: Scorer; close(): void }> {
  const spec: ScorerSpec = { slug, backend, seeds: seeds.length, threads };
  if (backend === 'webgpu') return { score: spread([await openScorer(spec)]), close: () => undefined };
  const open = Array.from({ length: Math.min(workers, values) }, () => openThread(spec));
  return {
    score: spread(open.map((thread) => thread.score)),
    close: () => open.forEach((thread) => thread.close()),
  };
}

/** A thread that dies fails the task that it has. */
function openThread(spec: ScorerSpec): { score: Scorer; close(): void } {
  const thread = new Worker(new URL('./tune-worker.mjs', import.meta.url), { workerData: spec });
  const remote = wrap<Scorer>(nodeEndpoint(thread));
  const death = new Promise<never>((_, reject) => {
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`tune: a thread ended with code ${code}`)));
  });
  death.catch(() => undefined);
  return { score: (task) => Promise.race([remote(task), death]), close: () => void thread.terminate() };
}
