// npm run lab -- <slug> [--seeds N or 11,12,13] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--json FILE]: a lab's run without a page.
import { writeFileSync } from 'node:fs';
import { claimLines, command, finalsTable, readCommand, runCommand, toJson } from './headless.ts';

const USAGE =
  'usage: npm run lab -- <slug> [--seeds N or 11,12,13] [--set knob=value ...] [--ep cpu|wasm|webgpu] [--json FILE]';

await command(async () => {
  const given = await readCommand(USAGE, (meta) => meta.seeds);
  const result = await runCommand(given);
  console.log(`${finalsTable(result, given.meta)}\n\n${claimLines(result)}\n`);
  console.log(
    `${result.verdict} (${given.seeds.length} seeds on ${result.backend}, ${(result.wallMs / 1000).toFixed(1)} s, ${result.stepMs.toFixed(2)} ms a step)`,
  );
  if (given.json) writeFileSync(given.json, toJson(result));
});
