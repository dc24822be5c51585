// npm run fuzz -- links|runs|csv|onnx|questions [--cases N] [--seed S]: random and damaged inputs at length; prints what came of them, the
// slowest case, and the smallest input of each failure. Exit status 1 when something failed.
import { parseArgs } from 'node:util';
import { fuzz } from './target.ts';
import { TARGETS } from './targets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const [name] = positionals;
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!name || !Object.hasOwn(TARGETS, name) || !Number.isInteger(cases) || cases < 1 || !Number.isInteger(seed)) {
  console.error(`usage: npm run fuzz -- ${Object.keys(TARGETS).join('|')} [--cases N] [--seed S]`);
  process.exit(2);
}

const { outcomes, slowest, failures } = await fuzz(await TARGETS[name](), cases, seed);
for (const [outcome, count] of Object.entries(outcomes)) console.log(`${String(count).padStart(8)}  ${outcome}`);
console.log(`slowest: ${slowest.ms.toFixed(1)} ms, case ${slowest.index}: ${slowest.input.slice(0, 200)}`);
for (const { index, reason, input } of failures)
  console.log(`FAILED case ${index} of seed ${seed}: ${reason}\n  ${input}`);
process.exit(failures.length ? 1 : 0);
