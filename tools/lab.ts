// npm run lab: a lab's run without a page, on all cores, or one shard of it; see USAGE.
import { writeFileSync } from 'node:fs';
import { claimLines, command, finalsTable, readCommand, runCommand, runShard, toJson } from './headless.ts';

const USAGE = `usage: npm run lab -- <slug> [--seeds N or 11,12,13] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--json FILE]
                   [--workers N] [--threads N]
       npm run lab -- <slug> ... --shard 2/8 [--out FILE]     one of eight independent jobs
       npm run lab -- <slug> --merge FILES [--json FILE]      what these jobs are together`;

await command(async () => {
  const given = await readCommand(USAGE, (meta) => meta.seeds);
  if (given.shard) return console.log(await runShard(given, given.shard));
  const result = await runCommand(given);
  console.log(`${finalsTable(result, given.meta)}\n\n${claimLines(result)}\n`);
  console.log(
    `${result.verdict} (${given.seeds.length} seeds on ${result.backend}, ${(result.wallMs / 1000).toFixed(1)} s, ${result.stepMs.toFixed(2)} ms a step)`,
  );
  if (given.json) writeFileSync(given.json, toJson(result));
});
